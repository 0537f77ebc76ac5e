#pragma once

#include <memory>
#include <string>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/parity/hosted_run.hpp"
#include "toxvol/jobs/market/market_source.hpp"

namespace toxvol::jobs {

/// The strategy, or an order script, for a run inside NautilusTrader.
struct NautilusRequest {
  std::string release;   // of NautilusTrader, as `1.231.0`
  MarketOptions market;  // no data named: the run folder says nothing of its inputs
  config::Config config;
  std::string trials{};  // as of BacktestRequest
  std::string orders;
  std::string out;  // empty: no run folder
  bool force = false;
  Inputs inputs;       // where no data are named and the configuration says `auto`
  Timestamp starts{};  // likewise: the first datum
  std::vector<std::string> argv;
};

/// A run inside NautilusTrader and what belongs to it: its data, the run folder that it leaves, the
/// same as after `run_backtest`.
class NautilusSession {
 public:
  NautilusSession() = default;
  NautilusSession(const NautilusSession&) = delete;
  NautilusSession& operator=(const NautilusSession&) = delete;
  virtual ~NautilusSession() = default;

  /// What NautilusTrader's strategy talks to.
  [[nodiscard]] virtual engine::HostedRun& run() = 0;
  /// When a script gives commands, ascending.
  [[nodiscard]] virtual const std::vector<Timestamp>& alarms() const = 0;
  [[nodiscard]] virtual const Market& market() const = 0;
  [[nodiscard]] virtual const config::Config& config() const = 0;

  /// The run is over at `now`, or at its `to` if that was given; the run folder, if one is wanted.
  /// Throws `Error` where NautilusTrader gave fewer rows than the data hold.
  virtual std::string finish(Timestamp now) = 0;
  /// After it: why the run could not be counted among the trials; empty: it was, or was not to be.
  [[nodiscard]] virtual const std::string& warning() const = 0;
};

/// Reads the data that are named once, for run.json and to know what has to arrive. Throws `Error`
/// and `Interrupted`.
[[nodiscard]] std::unique_ptr<NautilusSession> open_nautilus_session(const NautilusRequest& request,
                                                                     Progress& progress);

}  // namespace toxvol::jobs
