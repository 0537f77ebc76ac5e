#include "toxvol/config/keys.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/config/key_types.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/strategy/params.hpp"

namespace toxvol::config {

namespace {

using namespace factors;   // NOLINT(google-build-using-namespace): the enumerators of 70 keys
using namespace strategy;  // NOLINT(google-build-using-namespace)
namespace kt = key_types;

constexpr double kAny = std::numeric_limits<double>::infinity();
constexpr Duration kZero{};
constexpr Duration kNs{1};
constexpr Duration kMs = kMillisecond;
constexpr Duration kSecond = std::chrono::seconds{1};

std::vector<Key> run_keys() {
  return {
      kt::symbol({"run.symbol", "", "design §9", "The contract; one a run."}),
      kt::duration({"run.cadence", "", "G1; proposal table B",
                    "A decision falls on each bar end that is a multiple of this."},
                   kMinute, kMinute, [](Config& c) -> auto& { return c.strategy.factors.cadence; }),
      kt::amount<MoneyTag>({"run.equity_usdt", "USDT", "proposal C2", "The deposit."},
                           [](Config& c) -> auto& { return c.strategy.equity_usdt; }),
      kt::whole<std::int64_t>({"run.seed", "", "X3", "Of the latency draws."}, 0,
                              [](Config& c) -> auto& { return c.seed; }),
      kt::warmup({"run.warmup", "", "G3",
                  "How long before `from` the windows begin to fill; auto: 31 days."}),
      kt::inputs({"run.inputs", "", "G4, E22, M28",
                  "The kinds in use; auto: those with files for 95 % of the window's days."}),
  };
}

std::vector<Key> data_keys() {
  return {
      kt::duration(
          {"data.metrics_delay", "", "E14, C2", "From a metrics stamp until it is published."},
          kZero, kNs, [](Config& c) -> auto& { return c.strategy.factors.data.metrics_delay; }),
      kt::duration({"data.funding_delay", "", "M21, C2", "From calc_time until the rate is known."},
                   kZero, kNs,
                   [](Config& c) -> auto& { return c.strategy.factors.data.funding_delay; }),
      kt::duration(
          {"data.bar_delay", "", "E13, C2", "From a minute's end until its bar is published."},
          kZero, kNs, [](Config& c) -> auto& { return c.strategy.factors.data.bar_delay; }),
      kt::duration({"data.agg_delay", "", "E24",
                    "From transact_time until an aggTrade is complete; 100ms if the stamp is the "
                    "first fill's."},
                   kZero, kNs,
                   [](Config& c) -> auto& { return c.strategy.factors.data.agg_delay; }),
      kt::duration({"data.quote_limit", "", "N2", "A quote older than this is overdue."}, kZero,
                   kNs, [](Config& c) -> auto& { return c.strategy.factors.limits.quote; }),
      kt::duration({"data.trade_limit", "", "N2",
                    "A trade older than this is overdue, unless the kline has no volume."},
                   kZero, kNs, [](Config& c) -> auto& { return c.strategy.factors.limits.trade; }),
      kt::duration({"data.metrics_limit", "", "N2", "Metrics older than this are overdue."}, kZero,
                   kNs, [](Config& c) -> auto& { return c.strategy.factors.limits.metrics; }),
      kt::auto_duration({"data.funding_limit", "", "N2",
                         "Funding older than this is overdue; auto: its interval + 1 h."},
                        [](Config& c) -> auto& { return c.strategy.factors.limits.funding; }),
  };
}

std::vector<Key> volatility_keys() {
  return {
      kt::choice<VolatilityEstimator>(
          {"volatility.estimator", "",
           "M11, M13, M30; Garman & Klass 1980, Rogers & Satchell 1991, Parkinson 1980, Yang & "
           "Zhang "
           "2000",
           "The per-bar variance behind gk_short, gk_long, vc and sigma."},
          {{"gk", VolatilityEstimator::Gk},
           {"gk_gap", VolatilityEstimator::GkGap},
           {"rs", VolatilityEstimator::Rs},
           {"parkinson", VolatilityEstimator::Parkinson},
           {"yz", VolatilityEstimator::Yz},
           {"rv", VolatilityEstimator::Rv}},
          [](Config& c) -> auto& { return c.strategy.factors.volatility.estimator; }),
      kt::duration(
          {"volatility.half_life_short", "", "M9, V2", "Half-life of the fast EWMA."}, kMinute,
          kMinute,
          [](Config& c) -> auto& { return c.strategy.factors.volatility.half_life_short; }),
      kt::duration({"volatility.half_life_long", "", "M9, V2", "Half-life of the slow EWMA."},
                   kMinute, kMinute,
                   [](Config& c) -> auto& { return c.strategy.factors.volatility.half_life_long; }),
      kt::duration({"volatility.z_window", "", "E16, M10, V7",
                    "Window of f1's z-score and of its compression quantile."},
                   kMinute, kMinute,
                   [](Config& c) -> auto& { return c.strategy.factors.volatility.z_window; }),
      kt::whole<std::int64_t>(
          {"volatility.z_min_count", "observations", "Z4", "Prior observations that a z needs."}, 2,
          [](Config& c) -> auto& { return c.strategy.factors.volatility.z_min_count; }),
      kt::flag({"volatility.diurnal", "", "M32, V11; Hansen, Kim & Kimbrough 2021",
                "Divide the time of day out of the variances."},
               [](Config& c) -> auto& { return c.strategy.factors.volatility.diurnal; }),
      kt::har_horizons({"volatility.har_horizons", "days", "E9, V8; Corsi 2009",
                        "Horizons of HAR; [1, 5, 22] are Corsi's trading days."}),
      kt::weights<3>({"volatility.har_weights", "", "E10, V8",
                      "Weights of the HAR composite; divided by their sum."},
                     [](Config& c) -> auto& { return c.strategy.factors.volatility.har_weights; }),
      kt::choice<HarForm>(
          {"volatility.har_form", "", "E9, V8; Corsi 2009",
           "The scale on which HAR averages: variance, its root or its logarithm."},
          {{"level", HarForm::Level}, {"sqrt", HarForm::Sqrt}, {"log", HarForm::Log}},
          [](Config& c) -> auto& { return c.strategy.factors.volatility.har_form; }),
      kt::choice<HarRv>({"volatility.har_rv", "", "E11, A7",
                         "Sums that end at the row, or the last complete UTC days."},
                        {{"rolling", HarRv::Rolling}, {"daily", HarRv::Daily}},
                        [](Config& c) -> auto& { return c.strategy.factors.volatility.har_rv; }),
      kt::whole<int>(
          {"volatility.har_min_days", "days", "E10, V9", "Completed days that har_log needs."}, 5,
          [](Config& c) -> auto& { return c.strategy.factors.volatility.har_min_days; }),
      kt::whole<int>(
          {"volatility.har_fit_days", "days", "E10, V9", "Days that har_log is fitted on."}, 5,
          [](Config& c) -> auto& { return c.strategy.factors.volatility.har_fit_days; }),
      kt::whole<int>({"volatility.yz_n", "bars", "M13, V5; Yang & Zhang 2000",
                      "Bars of the Yang–Zhang window."},
                     2, [](Config& c) -> auto& { return c.strategy.factors.volatility.yz_n; }),
      kt::weights<2>(
          {"volatility.sigma_weights", "", "M12, V10",
           "Weights of the range estimator and of HAR in sigma²."},
          [](Config& c) -> auto& { return c.strategy.factors.volatility.sigma_weights; }),
  };
}

std::vector<Key> pressure_keys() {
  return {
      kt::choice<ObiWindow>(
          {"pressure.obi_window", "", "M4, P5",
           "Time-weighted over the last 10 s or 60 s, or the last quote's."},
          {{"10s", ObiWindow::S10}, {"60s", ObiWindow::S60}, {"last", ObiWindow::Last}},
          [](Config& c) -> auto& { return c.strategy.factors.pressure.obi_window; }),
      kt::duration({"pressure.svi_window", "", "M5, P2", "Window of the signed volume."}, kMinute,
                   kMinute,
                   [](Config& c) -> auto& { return c.strategy.factors.pressure.svi_window; }),
      kt::ofi_window(
          {"pressure.ofi_window", "", "M2, P3",
           "Window of OFI, depth and spread; events:N is the proposal's sum over events."}),
      kt::choice<OfiAskSide>(
          {"pressure.ofi_ask_side", "", "E1; Cont, Kukanov & Stoikov 2014",
           "The ask side of an increment: the paper's, or the proposal's with the wrong sign."},
          {{"cks", OfiAskSide::Cks}, {"document", OfiAskSide::Document}},
          [](Config& c) -> auto& { return c.strategy.factors.pressure.ofi_ask_side; }),
      kt::choice<OfiScale>(
          {"pressure.ofi_scale", "", "M3, P3", "Divide OFI by the mean depth, or not."},
          {{"depth", OfiScale::Depth}, {"none", OfiScale::None}},
          [](Config& c) -> auto& { return c.strategy.factors.pressure.ofi_scale; }),
      kt::weights<3>({"pressure.weights", "", "M1, Z6", "Weights of z_obi, z_svi, z_ofi in p."},
                     [](Config& c) -> auto& { return c.strategy.factors.pressure.weights; }),
      kt::duration(
          {"pressure.z_window", "", "E16", "Window of the z-scores and of |p|'s quantile."},
          kMinute, kMinute,
          [](Config& c) -> auto& { return c.strategy.factors.pressure.z_window; }),
      kt::whole<std::int64_t>(
          {"pressure.z_min_count", "observations", "Z4", "Prior observations that a z needs."}, 2,
          [](Config& c) -> auto& { return c.strategy.factors.pressure.z_min_count; }),
  };
}

std::vector<Key> toxicity_keys() {
  return {
      kt::vpin_bucket({"toxicity.vpin_bucket", "", "E7, T1; Easley, López de Prado & O'Hara 2012",
                       "Volume of a bucket: a median of the 7 days before, or a fixed amount."},
                      [](Config& c) -> auto& { return c.strategy.factors.toxicity.vpin_bucket; }),
      kt::whole<int>(
          {"toxicity.vpin_buckets", "buckets", "M6, T4", "Completed buckets that VPIN averages."},
          1, [](Config& c) -> auto& { return c.strategy.factors.toxicity.vpin_buckets; }),
      kt::choice<Classifier>(
          {"toxicity.classifier", "", "E6, T5; Andersen & Bondarenko 2014",
           "Signs of trades, or bulk volume classification on bars."},
          {{"aggressor", Classifier::Aggressor}, {"bvc", Classifier::Bvc}},
          [](Config& c) -> auto& { return c.strategy.factors.toxicity.classifier; }),
      kt::choice<SpreadUnit>({"toxicity.spread", "", "E18, T6",
                              "Spread in ticks, or relative to mid (the proposal's)."},
                             {{"ticks", SpreadUnit::Ticks}, {"relative", SpreadUnit::Relative}},
                             [](Config& c) -> auto& { return c.strategy.factors.toxicity.spread; }),
      kt::weights<2>({"toxicity.weights", "", "M1, Z6", "Weights of z_vpin and z_spread in t."},
                     [](Config& c) -> auto& { return c.strategy.factors.toxicity.weights; }),
      kt::choice<ToxicityGate>({"toxicity.gate", "", "E5, T8, T9",
                                "Forbid when toxic, or scale the size by 1 − rank of t."},
                               {{"hard", ToxicityGate::Hard}, {"scale", ToxicityGate::Scale}},
                               [](Config& c) -> auto& { return c.strategy.factors.toxicity.gate; }),
      kt::real({"toxicity.tau", "quantile", "M7, T8", "Toxic from this trailing quantile of t on."},
               0.01, 1, [](Config& c) -> auto& { return c.strategy.factors.toxicity.tau; }),
      kt::duration({"toxicity.tau_window", "", "M7, A1", "Window of that quantile."}, kMinute,
                   kMinute,
                   [](Config& c) -> auto& { return c.strategy.factors.toxicity.tau_window; }),
      kt::duration({"toxicity.z_window", "", "E16", "Window of z_vpin and z_spread."}, kMinute,
                   kMinute,
                   [](Config& c) -> auto& { return c.strategy.factors.toxicity.z_window; }),
      kt::whole<std::int64_t>(
          {"toxicity.z_min_count", "observations", "Z4", "Prior observations that a z needs."}, 2,
          [](Config& c) -> auto& { return c.strategy.factors.toxicity.z_min_count; }),
  };
}

std::vector<Key> crowding_keys() {
  return {
      kt::weights<4>(
          {"crowding.weights", "", "M1, Z6", "Weights of funding, ΔOI, ln LS and ln TLS in c."},
          [](Config& c) -> auto& { return c.strategy.factors.crowding.weights; }),
      kt::duration({"crowding.d_oi_window", "", "E4, C5", "Span of ΔOI, between metrics stamps."},
                   std::chrono::minutes{5}, std::chrono::minutes{5},
                   [](Config& c) -> auto& { return c.strategy.factors.crowding.d_oi_window; }),
      kt::choice<DOiSign>({"crowding.d_oi_sign", "", "E3, C7",
                           "What gives unsigned ΔOI its direction; document: nothing."},
                          {{"funding", DOiSign::Funding},
                           {"ls", DOiSign::Ls},
                           {"return", DOiSign::Return},
                           {"document", DOiSign::Document}},
                          [](Config& c) -> auto& { return c.strategy.factors.crowding.d_oi_sign; }),
      kt::choice<LsRatio>({"crowding.ls", "", "M20", "Which long/short ratio of the metrics file."},
                          {{"count_long_short_ratio", LsRatio::CountLongShort},
                           {"count_toptrader_long_short_ratio", LsRatio::ToptraderCount},
                           {"sum_toptrader_long_short_ratio", LsRatio::ToptraderSum}},
                          [](Config& c) -> auto& { return c.strategy.factors.crowding.ls; }),
      kt::real({"crowding.theta", "z", "M1, C10", "|c| above which the market is crowded."}, 0,
               kAny, [](Config& c) -> auto& { return c.strategy.factors.crowding.theta; }),
      kt::real({"crowding.theta_exit", "z", "E19, C10",
                "|c| below which it is neutral again; at most theta."},
               0, kAny, [](Config& c) -> auto& { return c.strategy.factors.crowding.theta_exit; }),
      kt::duration(
          {"crowding.min_dwell", "", "E19, C10", "Least time between two moves of the regime."},
          kZero, kMinute, [](Config& c) -> auto& { return c.strategy.factors.crowding.min_dwell; }),
      kt::choice<FundingCentre>(
          {"crowding.funding_centre", "", "E17, C1",
           "Funding against 1 bp in 8 hours, or against its own mean (the proposal's z)."},
          {{"baseline", FundingCentre::Baseline}, {"mean", FundingCentre::Mean}},
          [](Config& c) -> auto& { return c.strategy.factors.crowding.funding_centre; }),
      kt::whole<std::int64_t>(
          {"crowding.funding_z_events", "settlements", "E16, C1", "Settlements behind fund_z."}, 2,
          [](Config& c) -> auto& { return c.strategy.factors.crowding.funding_z_events; }),
      kt::whole<std::int64_t>(
          {"crowding.funding_min_count", "settlements", "Z4",
           "Prior settlements that fund_z needs."},
          2, [](Config& c) -> auto& { return c.strategy.factors.crowding.funding_min_count; }),
      kt::duration({"crowding.oi_z_window", "", "E16, C6", "Window of z_d_oi."}, kMinute, kMinute,
                   [](Config& c) -> auto& { return c.strategy.factors.crowding.oi_z_window; }),
      kt::duration({"crowding.ls_z_window", "", "E16, C6", "Window of z_ls and z_tls."}, kMinute,
                   kMinute,
                   [](Config& c) -> auto& { return c.strategy.factors.crowding.ls_z_window; }),
      kt::whole<std::int64_t>(
          {"crowding.z_min_count", "stamps", "Z4", "Prior metrics stamps that a z needs."}, 2,
          [](Config& c) -> auto& { return c.strategy.factors.crowding.z_min_count; }),
  };
}

std::vector<Key> alpha_keys() {
  return {
      kt::real({"z.clip", "z", "E16, Z3", "Bound of every z-score."}, 0.5, kAny,
               [](Config& c) -> auto& { return c.strategy.factors.z.clip; }),
      kt::choice<ZScale>({"z.scale", "", "M1, Z6",
                          "Sums of z-scores divided by √Σw², or by their own trailing sd."},
                         {{"unit", ZScale::Unit}, {"trailing", ZScale::Trailing}},
                         [](Config& c) -> auto& { return c.strategy.factors.z.scale; }),
      kt::flag(
          {"alpha_a.enabled", "", "A2", "Volatility-expansion momentum in the neutral regime."},
          [](Config& c) -> auto& { return c.strategy.alpha_a.enabled; }),
      kt::real({"alpha_a.compression", "quantile", "M8, A2",
                "f1 at or above this trailing quantile is compressed."},
               0.01, 1, [](Config& c) -> auto& { return c.strategy.alpha_a.compression; }),
      kt::real({"alpha_a.pressure", "quantile", "M8, A2",
                "|p| at or above this trailing quantile is pressure."},
               0.01, 1, [](Config& c) -> auto& { return c.strategy.alpha_a.pressure; }),
      kt::flag({"alpha_b.enabled", "", "A3", "Trading against the crowd in a crowded regime."},
               [](Config& c) -> auto& { return c.strategy.alpha_b.enabled; }),
      kt::choice<BDirection>({"alpha_b.direction", "", "E2, A3",
                              "Against the crowd, or the proposal's −F3, which follows it."},
                             {{"fade", BDirection::Fade}, {"document", BDirection::Document}},
                             [](Config& c) -> auto& { return c.strategy.alpha_b.direction; }),
      kt::choice<BTrigger>(
          {"alpha_b.trigger", "", "M24, A3",
           "What confirms: f2's sign, also its size, or p with toxicity not asked."},
          {{"f2", BTrigger::F2},
           {"f2_strong", BTrigger::F2Strong},
           {"pressure", BTrigger::Pressure}},
          [](Config& c) -> auto& { return c.strategy.alpha_b.trigger; }),
      kt::real({"alpha_b.pressure", "quantile", "M24, A3",
                "The quantile of |p| that f2_strong and pressure ask."},
               0.01, 1, [](Config& c) -> auto& { return c.strategy.alpha_b.pressure; }),
  };
}

std::vector<Key> trade_keys() {
  return {
      kt::choice<EntryOrder>(
          {"entry.order", "", "E20; proposal C1", "MARKET, or LIMIT post-only at the touch."},
          {{"market", EntryOrder::Market}, {"post_only", EntryOrder::PostOnly}},
          [](Config& c) -> auto& { return c.strategy.entry.order; }),
      kt::choice<EntryFill>(
          {"entry.fill", "", "E13, X24",
           "After the decision, or at the close that made it: an optimistic bound."},
          {{"next", EntryFill::Next}, {"same_close", EntryFill::SameClose}},
          [](Config& c) -> auto& { return c.strategy.entry.fill; }),
      kt::whole<std::int64_t>(
          {"entry.min_spread_ticks", "ticks", "E20", "Least spread for a post-only entry."}, 1,
          [](Config& c) -> auto& { return c.strategy.entry.min_spread_ticks; }),
      kt::duration({"entry.reprice_after", "", "X19",
                    "A post-only entry that is off the touch is replaced after this."},
                   kSecond, kNs, [](Config& c) -> auto& { return c.strategy.entry.reprice_after; }),
      kt::duration({"entry.give_up_after", "", "X19", "An unfilled entry is canceled after this."},
                   kSecond, kNs, [](Config& c) -> auto& { return c.strategy.entry.give_up_after; }),
      kt::choice<SizeRule>(
          {"size.rule", "", "M16; proposal C2",
           "Size from the loss at the stop and the costs, or the proposal's b·E/σ_H."},
          {{"stop", SizeRule::Stop}, {"sigma", SizeRule::Sigma}},
          [](Config& c) -> auto& { return c.strategy.size.rule; }),
      kt::real({"size.risk_bp", "bp of equity", "M16; proposal C2", "What one trade may lose."},
               0.01, 10'000, [](Config& c) -> auto& { return c.strategy.size.risk_bp; }),
      kt::real({"size.max_leverage", "× equity", "M16", "Cap of the notional."}, 0.01, 125,
               [](Config& c) -> auto& { return c.strategy.size.max_leverage; }),
      kt::amount<MoneyTag>(
          {"size.max_notional_usdt", "USDT", "proposal C2", "Cap of the notional."},
          [](Config& c) -> auto& { return c.strategy.size.max_notional_usdt; }),
      kt::none_or<Qty>(
          kt::amount<QtyTag>(
              {"size.max_qty", "base units", "proposal C2, N7", "Cap of the quantity."},
              [](Config& c) -> auto& { return *c.strategy.size.max_qty; }),
          [](Config& c) -> auto& { return c.strategy.size.max_qty; }),
      kt::real({"size.toxic_scale", "", "proposal C2",
                "Factor of the size when toxic and not forbidden."},
               0, 1, [](Config& c) -> auto& { return c.strategy.size.toxic_scale; }),
      kt::whole<std::int64_t>(
          {"size.wide_spread_ticks", "ticks", "proposal C2", "A spread from here on is wide."}, 2,
          [](Config& c) -> auto& { return c.strategy.size.wide_spread_ticks; }),
      kt::real({"size.wide_spread_scale", "", "proposal C2",
                "Factor of the size when the spread is wide."},
               0, 1, [](Config& c) -> auto& { return c.strategy.size.wide_spread_scale; }),
      kt::duration({"exit.horizon", "", "M17", "H of the sigma rule."}, kMinute, kMinute,
                   [](Config& c) -> auto& { return c.strategy.exit.horizon; }),
      kt::duration({"exit.stop_horizon", "", "M17", "H of the stop distance."}, kMinute, kMinute,
                   [](Config& c) -> auto& { return c.strategy.exit.stop_horizon; }),
      kt::real({"exit.k_stop", "σ√H", "M17; proposal C3", "Stop distance."}, 0.01, 100,
               [](Config& c) -> auto& { return c.strategy.exit.k_stop; }),
      kt::real({"exit.k_tp", "stop distances", "M17; proposal C3", "Take-profit distance."}, 0.01,
               100, [](Config& c) -> auto& { return c.strategy.exit.k_tp; }),
      kt::duration({"exit.max_hold", "", "M17; proposal C3", "Time stop."}, kMinute, kNs,
                   [](Config& c) -> auto& { return c.strategy.exit.max_hold; }),
      kt::choice<TakeProfitOrder>(
          {"exit.tp_order", "", "X20",
           "MARKET when the target is seen, or a resting reduce-only LIMIT."},
          {{"market", TakeProfitOrder::Market}, {"limit", TakeProfitOrder::Limit}},
          [](Config& c) -> auto& { return c.strategy.exit.tp_order; }),
      kt::flag({"exit.opposite_pressure", "", "M27",
                "Leave when the pressure turns against the position."},
               [](Config& c) -> auto& { return c.strategy.exit.opposite_pressure; }),
      kt::duration(
          {"guards.stale_quote", "", "M18, N4; proposal C4", "No entry when the touch is older."},
          kZero, kNs, [](Config& c) -> auto& { return c.strategy.guards.stale_quote; }),
      kt::duration({"guards.gap_cooldown", "", "M19; proposal C4",
                    "No entry for this long after a missing minute."},
                   kZero, kMinute,
                   [](Config& c) -> auto& { return c.strategy.guards.gap_cooldown; }),
      kt::none_or<double>(
          kt::real({"guards.daily_loss_bp", "bp of the day's first equity", "N7",
                    "A loss of this size in a UTC day flattens and ends the day."},
                   0.01, 10'000,
                   [](Config& c) -> auto& { return *c.strategy.guards.daily_loss_bp; }),
          [](Config& c) -> auto& { return c.strategy.guards.daily_loss_bp; }),
      kt::on_flip({"guards.on_flip", "", "E19; proposal C4",
                   "What a change of regime does to an open position; it never reverses."}),
  };
}

std::vector<Key> market_keys() {
  using engine::Profile;
  using engine::QueueModel;
  return {
      kt::choice<Profile>(
          {"exchange.profile", "", "design §7", "Our rules, or NautilusTrader 1.221's matching."},
          {{"realistic", Profile::Realistic}, {"nautilus_1_221", Profile::Nautilus1221}},
          [](Config& c) -> auto& { return c.exchange.profile; }),
      kt::latency({"exchange.order_latency", "", "X2, X3", "From a command to its arrival."}, false,
                  [](Config& c) -> auto& { return c.exchange.order_latency; }),
      kt::latency({"exchange.data_latency", "", "X3",
                   "From ts_init to the strategy; recorded: a quote's own E − T."},
                  true, [](Config& c) -> auto& { return c.exchange.data_latency; }),
      kt::choice<QueueModel>(
          {"exchange.queue", "", "E20, X18", "How a queue ahead of a resting order shrinks."},
          {{"risk_averse", QueueModel::RiskAverse},
           {"proportional", QueueModel::Proportional},
           {"optimistic", QueueModel::Optimistic}},
          [](Config& c) -> auto& { return c.exchange.queue; }),
      kt::whole<std::int64_t>({"exchange.impact_ticks_per_level", "ticks", "X6",
                               "How much worse each further slice of a taker fills."},
                              0,
                              [](Config& c) -> auto& { return c.exchange.impact_ticks_per_level; }),
      kt::whole<int>({"exchange.leverage", "×", "M16", "Initial leverage of the isolated margin."},
                     1, [](Config& c) -> auto& { return c.exchange.leverage; }),
      kt::duration(
          {"exchange.max_touch_age", "", "N4", "Nothing is taken at a price older than this."},
          kZero, kMs, [](Config& c) -> auto& { return c.exchange.max_touch_age; }),
      kt::choice<engine::BarEntry>(
          {"exchange.bar_entry", "", "N6, X22",
           "On bars, what fills a MARKET of a bar's first second: that bar's open, or the next's."},
          {{"open", engine::BarEntry::Open}, {"arrival", engine::BarEntry::Arrival}},
          [](Config& c) -> auto& { return c.exchange.bar_entry; }),
      kt::flag({"exchange.trade_execution", "", "design §7",
                "Profile nautilus_1_221 only: NautilusTrader's venue option of this name."},
               [](Config& c) -> auto& { return c.exchange.trade_execution; }),
      kt::tier({"costs.tier", "", "M23", "Row of the fee table; the rate is looked up by date."}),
      kt::flag({"costs.bnb_discount", "", "M23", "Fees × 0.9."},
               [](Config& c) -> auto& { return c.costs.bnb_discount; }),
      kt::flag({"costs.funding", "", "M22", "Pay and receive funding."},
               [](Config& c) -> auto& { return c.costs.funding; }),
      kt::auto_count(
          {"thresholds.quantile_min_count", "decision rows", "Z4",
           "Prior rows that a quantile needs; auto: max(30, ⌈window/cadence/7⌉)."},
          [](Config& c) -> auto& { return c.strategy.factors.thresholds.quantile_min_count; }),
      kt::choice<ThresholdFit>(
          {"thresholds.fit", "", "E15",
           "How thresholds are found. Only trailing can be run today; the others are refused."},
          {{"trailing", ThresholdFit::Trailing},
           {"walkforward", ThresholdFit::Walkforward},
           {"sample", ThresholdFit::Sample}},
          [](Config& c) -> auto& { return c.strategy.factors.thresholds.fit; }),
  };
}

std::vector<Key> all_keys() {
  std::vector<Key> result;
  for (auto* table : {run_keys, data_keys, volatility_keys, pressure_keys, toxicity_keys,
                      crowding_keys, alpha_keys, trade_keys, market_keys}) {
    for (Key& key : table()) result.push_back(std::move(key));
  }
  return result;
}

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> kKeys = all_keys();
  return kKeys;
}

const std::vector<FixedRow>& fixed_rows() {
  static const std::vector<FixedRow> kRows = {
      {"E8", "buckets are always split exactly: the other way is not VPIN"},
      {"E12", "state is always on 1-minute bars and sigma per √minute"},
      {"E21", "claims about citations; corrected in docs/factors"},
      {"E23", "units are detected per file"},
      {"M14", "names, settled in the code"},
      {"M15",
       "the stop is measured from the average fill, in bars first the stop: docs/engine.md X20, "
       "X22"},
      {"M25", "reported for each position as funding_tailwind"},
      {"M26", "a question for the study, not a parameter"},
      {"M29", "the order inside a millisecond was measured; no fill depends on it"},
      {"M31", "both semivariances are columns"},
  };
  return kRows;
}

}  // namespace toxvol::config
