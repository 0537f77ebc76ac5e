#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {

/// What turns minute rows and publications into rows of factors: factors::FactorModel.
template <class M>
concept FactorSource =
    requires(M model, const Metrics& metrics, const Funding& funding, const MinuteRow& row) {
      model.on(metrics);
      model.on(funding);
      { model.update(row) } -> std::same_as<const factors::FactorRow&>;
    };

/// A source whose model changes on the way (R43): after `update`, what the row is the first of.
struct ModelChange {
  StrategyParams params;         // from this row on
  std::optional<Regime> regime;  // the new model's, of the row before
  bool enters = true;            // as in Setup
};
template <class M>
concept ChangingSource = FactorSource<M> && requires(M model) {
  { model.change() } -> std::same_as<const ModelChange*>;  // null: nothing changes
};

/// Called once for each row in [from, to), in order.
using DecisionSink = std::function<void(const DecisionRow&)>;

/// The strategy over a factor model, for an engine (trading::Strategy). Ticks reach the state
/// machine without a virtual call; docs/strategy.md.
template <FactorSource Model>
class BasicToxVol {
 public:
  BasicToxVol(Model model, Setup setup, DecisionSink sink)
      : model_{std::move(model)}, trader_{std::move(setup)}, sink_{std::move(sink)} {}

  /// With a model made from the same parameters and inputs. Throws `Error` where they do not fit.
  BasicToxVol(const Setup& setup, DecisionSink sink)
    requires std::constructible_from<Model, const factors::FactorParams&, Inputs>
      : BasicToxVol{Model{setup.params.factors, setup.inputs}, setup, std::move(sink)} {}

  void on(const trading::RowSeen& seen, std::vector<trading::Command>& out) {
    const factors::FactorRow& row = model_.update(seen.row);
    if constexpr (ChangingSource<Model>) {
      if (const ModelChange* change = model_.change()) {
        trader_.adopt(change->params, change->regime, change->enters);
      }
    }
    const auto verdict = trader_.on(seen, row, out);
    if (!verdict) return;
    sink_({.factors = row,
           .decides = row.decides,
           .alpha = verdict->signal.alpha,
           .direction = verdict->signal.direction,
           .position = verdict->position,
           .reason = verdict->reason});
  }
  void on(const trading::QuoteSeen& seen, std::vector<trading::Command>& out) {
    trader_.on(seen, out);
  }
  void on(const trading::TradeSeen& seen, std::vector<trading::Command>& out) {
    trader_.on(seen, out);
  }
  void on(const trading::MetricsSeen& seen, std::vector<trading::Command>& /*out*/) {
    model_.on(seen.metrics);
  }
  void on(const trading::FundingSeen& seen, std::vector<trading::Command>& /*out*/) {
    model_.on(seen.funding);
    trader_.on(seen);
  }
  void on(const trading::AlarmSeen& /*seen*/, std::vector<trading::Command>& /*out*/) {}
  void on(const trading::OrderSeen& seen) { trader_.on(seen); }
  void on(const trading::FillSeen& seen) { trader_.on(seen); }

  /// X22, for an engine that has bars only: see Trader::exit_on_bar.
  [[nodiscard]] trading::Submit exit_on_bar(trading::Role role, Price trigger, Timestamp ts) {
    return trader_.exit_on_bar(role, trigger, ts);
  }

  /// See Trader::tell.
  void tell(Judgement* judgement) { trader_.tell(judgement); }

  [[nodiscard]] const trading::Wake& wake() const { return trader_.wake(); }
  [[nodiscard]] std::optional<Price> stop() const { return trader_.stop(); }
  [[nodiscard]] std::optional<Price> take_profit() const { return trader_.take_profit(); }

 private:
  Model model_;
  Trader trader_;
  DecisionSink sink_;
};

/// The strategy as it runs in every engine.
using ToxVol = BasicToxVol<factors::FactorModel>;

}  // namespace toxvol::strategy
