#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/app/market_source.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/ledger/nautilus_ledger.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::app {

/// The strategy, or an order script, for a run inside NautilusTrader.
struct NautilusRequest {
  MarketOptions market;  // no data named: the run folder says nothing of its inputs
  config::Config config;
  std::string orders;
  std::string out;  // empty: no run folder
  bool force = false;
  Inputs inputs;       // where no data are named and the configuration says `auto`
  Timestamp starts{};  // likewise: the first datum
  std::vector<std::string> argv;
};

/// One run inside NautilusTrader: its data, orders and money come in, commands go out, and at the
/// end the same run folder is there as after `run_backtest`. Times are of NautilusTrader's clock.
class NautilusSession {
 public:
  NautilusSession() = default;
  NautilusSession(const NautilusSession&) = delete;
  NautilusSession& operator=(const NautilusSession&) = delete;
  virtual ~NautilusSession() = default;

  // ---- data, in NautilusTrader's order; ticks and bars after its venue has seen them ----
  virtual void on(const Quote& quote) = 0;
  virtual void on(const Trade& trade) = 0;
  /// `book`: bid + ask of the venue's book, twice its mid; empty: as far as the data tell.
  virtual void on(const Bar& bar, std::optional<std::int64_t> book) = 0;
  /// The flow of the bar that comes next: only a time at which the venue does what is due.
  virtual void flow(Timestamp now) = 0;
  virtual void on(const Metrics& metrics) = 0;
  virtual void on(const Funding& funding) = 0;
  virtual void alarm(Timestamp now) = 0;

  // ---- its orders and its account ----
  virtual void accepted(trading::OrderId id, Timestamp now) = 0;
  virtual void rejected(trading::OrderId id, trading::RejectReason reason, Timestamp now) = 0;
  virtual void canceled(trading::OrderId id, Timestamp now) = 0;
  virtual void resized(trading::OrderId id, Qty quantity) = 0;
  virtual void filled(trading::OrderId id, Price price, Qty qty, bool is_maker,
                      const engine::ReportedFill& said, std::optional<std::int64_t> book,
                      Timestamp now) = 0;
  virtual void funded(Money paid, Money wallet, Timestamp now) = 0;

  /// What is to be sent now.
  [[nodiscard]] virtual bool has_commands() const = 0;
  [[nodiscard]] virtual std::vector<trading::Command> take() = 0;
  /// When a script gives commands, ascending.
  [[nodiscard]] virtual const std::vector<Timestamp>& alarms() const = 0;

  [[nodiscard]] virtual const Market& market() const = 0;
  [[nodiscard]] virtual const config::Config& config() const = 0;

  /// The run is over at `now`, or at its `to` if that was given; the run folder, if one is wanted.
  /// Throws `Error` where NautilusTrader gave fewer rows than the data hold.
  virtual std::string finish(Timestamp now) = 0;
};

/// Reads the data that are named once, for run.json and to know what has to arrive. Throws `Error`
/// and `Interrupted`.
[[nodiscard]] std::unique_ptr<NautilusSession> open_nautilus_session(const NautilusRequest& request,
                                                                     Progress& progress);

}  // namespace toxvol::app
