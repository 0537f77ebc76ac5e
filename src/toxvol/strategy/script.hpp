#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/signal.hpp"
#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {

/// A command and the time it is given at.
struct ScriptCommand {
  Timestamp ts{};
  trading::Command command;
};

/// Reads an order script (docs/order_scripts.md): CSV with a header, sorted by ts. `name`
/// is the file's, for messages. Throws `Error`, one line with file:line:column (both from 1), the
/// offending value and what would be right.
[[nodiscard]] std::vector<ScriptCommand> parse_script(std::string_view text, std::string_view name);

/// Gives the commands of a script at their times and nothing else (trading::Strategy): for testing
/// fills and for replaying anyone's orders. All commands of one ts are given in file order.
class Script {
 public:
  /// `commands` ascend in ts, as parse_script returns them.
  explicit Script(std::vector<ScriptCommand> commands);

  void on(const trading::AlarmSeen& seen, std::vector<trading::Command>& out);
  void on(const trading::RowSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::QuoteSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::TradeSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::MetricsSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::FundingSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::OrderSeen& /*seen*/) {}
  void on(const trading::FillSeen& seen) {
    position_ += seen.side == Side::Buy ? seen.qty : -seen.qty;
  }

  /// A script has no levels, so an engine never asks for this.
  [[nodiscard]] trading::Submit exit_on_bar(trading::Role /*role*/, Price /*trigger*/,
                                            Timestamp /*ts*/) {
    TOXVOL_ASSERT(false);
    return {};
  }

  [[nodiscard]] const trading::Wake& wake() const { return wake_; }
  [[nodiscard]] std::optional<Price> stop() const { return std::nullopt; }
  [[nodiscard]] std::optional<Price> take_profit() const { return std::nullopt; }
  [[nodiscard]] Qty position() const { return position_; }

 private:
  std::vector<ScriptCommand> commands_;
  std::size_t next_ = 0;
  Qty position_{};
  trading::Wake wake_;
};

/// A script beside a factor model: the orders are the script's, the decision rows say what the
/// signal was (its reason before guards) and the position that the script's fills made.
template <FactorSource Model>
class Scripted {
 public:
  Scripted(Model model, Script script, StrategyParams params, Timestamp from, DecisionSink sink)
      : model_{std::move(model)},
        script_{std::move(script)},
        params_{std::move(params)},
        from_{from},
        sink_{std::move(sink)} {}

  void on(const trading::RowSeen& seen, std::vector<trading::Command>& /*out*/) {
    const factors::FactorRow& row = model_.update(seen.row);
    if (row.ts - kMinute < from_) return;
    const Signal said = signal(row, params_);
    sink_({.factors = row,
           .decides = row.decides,
           .alpha = said.alpha,
           .direction = said.direction,
           .position = script_.position(),
           .reason = said.reason});
  }
  void on(const trading::QuoteSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::TradeSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::MetricsSeen& seen, std::vector<trading::Command>& /*out*/) {
    model_.on(seen.metrics);
  }
  void on(const trading::FundingSeen& seen, std::vector<trading::Command>& /*out*/) {
    model_.on(seen.funding);
  }
  void on(const trading::AlarmSeen& seen, std::vector<trading::Command>& out) {
    script_.on(seen, out);
  }
  void on(const trading::OrderSeen& seen) { script_.on(seen); }
  void on(const trading::FillSeen& seen) { script_.on(seen); }

  [[nodiscard]] trading::Submit exit_on_bar(trading::Role role, Price trigger, Timestamp ts) {
    return script_.exit_on_bar(role, trigger, ts);
  }

  [[nodiscard]] const trading::Wake& wake() const { return script_.wake(); }
  [[nodiscard]] std::optional<Price> stop() const { return script_.stop(); }
  [[nodiscard]] std::optional<Price> take_profit() const { return script_.take_profit(); }

 private:
  Model model_;
  Script script_;
  StrategyParams params_;
  Timestamp from_;
  DecisionSink sink_;
};

}  // namespace toxvol::strategy
