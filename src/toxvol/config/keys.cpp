#include "toxvol/config/keys.hpp"

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/config/fitted_keys.hpp"
#include "toxvol/config/key_types.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/vpin.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/costs.hpp"

namespace toxvol::config {

namespace {

using namespace key_types;  // NOLINT(google-build-using-namespace): a hundred keys
using namespace factors;    // NOLINT(google-build-using-namespace)
using namespace strategy;   // NOLINT(google-build-using-namespace)
using engine::ExchangeParams;
using trading::CostParams;

constexpr Duration kZero{};
constexpr Duration kNs{1};
constexpr Duration kSecond = std::chrono::seconds{1};
// Of ten years, as of durations (`kLongest`): also of hourly settlements.
constexpr std::int64_t kMostDays = 3'650;
constexpr std::int64_t kMostSettlements = 24 * kMostDays;

// The ways to the structs of parameters.
constexpr In kRun{[](auto& c) -> auto& { return c; }};
constexpr In kExchange{[](auto& c) -> auto& { return c.exchange; }};
constexpr In kStrategy{[](auto& c) -> auto& { return c.strategy; }};
constexpr In kAlphaA{[](auto& c) -> auto& { return c.strategy.alpha_a; }};
constexpr In kAlphaB{[](auto& c) -> auto& { return c.strategy.alpha_b; }};
constexpr In kCosts{[](auto& c) -> auto& { return c.strategy.costs; }};
constexpr In kEntry{[](auto& c) -> auto& { return c.strategy.entry; }};
constexpr In kExit{[](auto& c) -> auto& { return c.strategy.exit; }};
constexpr In kFactors{[](auto& c) -> auto& { return c.strategy.factors; }};
constexpr In kCrowding{[](auto& c) -> auto& { return c.strategy.factors.crowding; }};
constexpr In kData{[](auto& c) -> auto& { return c.strategy.factors.data; }};
constexpr In kLimits{[](auto& c) -> auto& { return c.strategy.factors.limits; }};
constexpr In kPressure{[](auto& c) -> auto& { return c.strategy.factors.pressure; }};
constexpr In kQuantiles{[](auto& c) -> auto& { return c.strategy.factors.quantiles; }};
constexpr In kToxicity{[](auto& c) -> auto& { return c.strategy.factors.toxicity; }};
constexpr In kVolatility{[](auto& c) -> auto& { return c.strategy.factors.volatility; }};
constexpr In kGuards{[](auto& c) -> auto& { return c.strategy.guards; }};
constexpr In kSignal{[](auto& c) -> auto& { return c.strategy.signal; }};
constexpr In kSize{[](auto& c) -> auto& { return c.strategy.size; }};

std::vector<Key> run_keys() {
  return {
      key({"run.symbol", "", "docs/data.md", "The contract; one a run."}, symbol(),
          kRun(&Config::symbol)),
      key({"run.cadence", "", "G1; proposal: parameter sets",
           "A decision falls on each bar end that is a multiple of this."},
          duration(kMinute, kMinute), kFactors(&FactorParams::cadence)),
      key({"run.equity_usdt", "USDT", "proposal: sizing", "The deposit."}, amount<MoneyTag>(),
          kStrategy(&StrategyParams::equity_usdt)),
      key({"run.seed", "", "X3", "Seed of the random latencies."}, whole<std::int64_t>(0),
          kRun(&Config::seed)),
      key({"run.warmup", "", "G3",
           "How long before `from` the windows begin to fill; auto: 31 days."},
          auto_or(duration(kZero, kDay), R"("auto" or a duration of whole days)"),
          kRun(&Config::warmup)),
      key({"run.inputs", "", "G4, E22, M28",
           "The kinds in use; auto: those with files for 95 % of the window's days."},
          inputs(), kRun(&Config::inputs)),
  };
}

std::vector<Key> data_keys() {
  return {
      key({"data.metrics_delay", "", "E14, C2", "From a metrics stamp until it is published."},
          duration(kZero, kNs), kData(&DelayParams::metrics_delay)),
      key({"data.funding_delay", "", "M21, C2", "From calc_time until the rate is known."},
          duration(kZero, kNs), kData(&DelayParams::funding_delay)),
      key({"data.bar_delay", "", "E13, C2", "From a minute's end until its bar is published."},
          duration(kZero, kNs), kData(&DelayParams::bar_delay)),
      key({"data.agg_delay", "", "E24",
           "From transact_time until an aggTrade is complete; 100ms if the stamp is the first "
           "fill's."},
          duration(kZero, kNs), kRun(&Config::agg_delay)),
      key({"data.quote_limit", "", "N2", "A quote older than this is overdue."},
          duration(kZero, kNs), kLimits(&LimitParams::quote)),
      key({"data.trade_limit", "", "N2",
           "A trade older than this is overdue, unless the kline has no volume."},
          duration(kZero, kNs), kLimits(&LimitParams::trade)),
      key({"data.metrics_limit", "", "N2", "Metrics older than this are overdue."},
          duration(kZero, kNs), kLimits(&LimitParams::metrics)),
      key({"data.funding_limit", "", "N2",
           "Funding older than this is overdue; auto: its interval + 1 h."},
          auto_or(duration(kZero, kNs), R"("auto" or a duration)"), kLimits(&LimitParams::funding)),
  };
}

std::vector<Key> volatility_keys() {
  return {
      key({"volatility.estimator", "",
           "M11, M13, M30; Garman & Klass 1980, Rogers & Satchell 1991, Parkinson 1980, Yang & "
           "Zhang 2000",
           "The per-bar variance behind gk_short, gk_long, vc and sigma."},
          choice<VolatilityEstimator>({{"gk", VolatilityEstimator::Gk},
                                       {"gk_gap", VolatilityEstimator::GkGap},
                                       {"rs", VolatilityEstimator::Rs},
                                       {"parkinson", VolatilityEstimator::Parkinson},
                                       {"yz", VolatilityEstimator::Yz},
                                       {"rv", VolatilityEstimator::Rv}}),
          kVolatility(&VolatilityParams::estimator)),
      key({"volatility.half_life_short", "", "M9, V2", "Half-life of the fast EWMA."},
          duration(kMinute, kMinute), kVolatility(&VolatilityParams::half_life_short)),
      key({"volatility.half_life_long", "", "M9, V2", "Half-life of the slow EWMA."},
          duration(kMinute, kMinute), kVolatility(&VolatilityParams::half_life_long)),
      key({"volatility.z_window", "", "E16, M10, V7",
           "Window of f1's z-score and of its compression quantile."},
          duration(kMinute, kMinute), kVolatility(&VolatilityParams::z_window)),
      key({"volatility.z_min_count", "observations", "Z4", "Prior observations that a z needs."},
          whole<std::int64_t>(2), kVolatility(&VolatilityParams::z_min_count)),
      key({"volatility.diurnal", "", "M32, V11; Hansen, Kim & Kimbrough 2021",
           "Divide the time of day out of the variances."},
          flag(), kVolatility(&VolatilityParams::diurnal)),
      key({"volatility.har_horizons", "days", "E9, V8; Corsi 2009",
           "Horizons of HAR; [1, 5, 22] are Corsi's trading days."},
          har_horizons(), kVolatility(&VolatilityParams::har_horizons)),
      key({"volatility.har_weights", "", "E10, V8",
           "Weights of the HAR composite; divided by their sum."},
          weights<3>(), kVolatility(&VolatilityParams::har_weights)),
      key({"volatility.har_form", "", "E9, V8; Corsi 2009",
           "The scale on which HAR averages: variance, its root or its logarithm."},
          choice<HarForm>(
              {{"level", HarForm::Level}, {"sqrt", HarForm::Sqrt}, {"log", HarForm::Log}}),
          kVolatility(&VolatilityParams::har_form)),
      key({"volatility.har_rv", "", "E11, A7",
           "Sums that end at the row, or the last complete UTC days."},
          choice<HarRv>({{"rolling", HarRv::Rolling}, {"daily", HarRv::Daily}}),
          kVolatility(&VolatilityParams::har_rv)),
      key({"volatility.har_min_days", "days", "E10, V9", "Completed days that har_log needs."},
          whole<int>(5, kMostDays), kVolatility(&VolatilityParams::har_min_days)),
      key({"volatility.har_fit_days", "days", "E10, V9", "Days that har_log is fitted on."},
          whole<int>(5, kMostDays), kVolatility(&VolatilityParams::har_fit_days)),
      key({"volatility.yz_n", "bars", "M13, V5; Yang & Zhang 2000",
           "Bars of the Yang–Zhang window."},
          whole<int>(2), kVolatility(&VolatilityParams::yz_n)),
      key({"volatility.sigma_weights", "", "M12, V10",
           "Weights of the range estimator and of HAR in sigma²."},
          weights<2>(), kVolatility(&VolatilityParams::sigma_weights)),
  };
}

std::vector<Key> pressure_keys() {
  return {
      key({"pressure.obi_window", "", "M4, P5",
           "Time-weighted over the last 10 s or 60 s, or the last quote's."},
          choice<ObiWindow>(
              {{"10s", ObiWindow::S10}, {"60s", ObiWindow::S60}, {"last", ObiWindow::Last}}),
          kPressure(&PressureParams::obi_window)),
      key({"pressure.svi_window", "", "M5, P2", "Window of the signed volume."},
          duration(kMinute, kMinute), kPressure(&PressureParams::svi_window)),
      ofi_window({"pressure.ofi_window", "", "M2, P3",
                  "Window of OFI, depth and spread; events:N is the proposal's sum over events."}),
      key({"pressure.ofi_ask_side", "", "E1; Cont, Kukanov & Stoikov 2014",
           "The ask side of an increment: the paper's, or the proposal's with the wrong sign."},
          choice<OfiAskSide>({{"cks", OfiAskSide::Cks}, {"document", OfiAskSide::Document}}),
          kPressure(&PressureParams::ofi_ask_side)),
      key({"pressure.ofi_scale", "", "M3, P3", "Divide OFI by the mean depth, or not."},
          choice<OfiScale>({{"depth", OfiScale::Depth}, {"none", OfiScale::None}}),
          kPressure(&PressureParams::ofi_scale)),
      key({"pressure.weights", "", "M1, Z6", "Weights of z_obi, z_svi, z_ofi in p."}, weights<3>(),
          kPressure(&PressureParams::weights)),
      key({"pressure.z_window", "", "E16", "Window of the z-scores and of |p|'s quantile."},
          duration(kMinute, kMinute), kPressure(&PressureParams::z_window)),
      key({"pressure.z_min_count", "observations", "Z4", "Prior observations that a z needs."},
          whole<std::int64_t>(2), kPressure(&PressureParams::z_min_count)),
  };
}

std::vector<Key> toxicity_keys() {
  return {
      key({"toxicity.vpin_bucket", "", "E7, T1; Easley, López de Prado & O'Hara 2012",
           "Volume of a bucket: a median of the 7 days before, or a fixed amount."},
          vpin_bucket(), kToxicity(&ToxicityParams::vpin_bucket)),
      key({"toxicity.vpin_buckets", "buckets", "M6, T4", "Completed buckets that VPIN averages."},
          whole<int>(1, kMostBuckets), kToxicity(&ToxicityParams::vpin_buckets)),
      key({"toxicity.classifier", "", "E6, T5; Andersen & Bondarenko 2014",
           "Signs of trades, or bulk volume classification on bars."},
          choice<Classifier>({{"aggressor", Classifier::Aggressor}, {"bvc", Classifier::Bvc}}),
          kToxicity(&ToxicityParams::classifier)),
      key({"toxicity.vpin_of", "", "E5, T11",
           "z_vpin of VPIN, or of what volume, volatility and abs(SVI) do not explain of it."},
          choice<VpinOf>({{"level", VpinOf::Level}, {"residual", VpinOf::Residual}}),
          kToxicity(&ToxicityParams::vpin_of)),
      key({"toxicity.spread", "", "E18, T6",
           "Spread in ticks, or relative to mid (the proposal's)."},
          choice<SpreadUnit>({{"ticks", SpreadUnit::Ticks}, {"relative", SpreadUnit::Relative}}),
          kToxicity(&ToxicityParams::spread)),
      key({"toxicity.weights", "", "M1, Z6", "Weights of z_vpin and z_spread in t."}, weights<2>(),
          kToxicity(&ToxicityParams::weights)),
      key({"toxicity.gate", "", "E5, T8, T9",
           "Forbid when toxic, or scale the size by 1 − rank of t."},
          choice<ToxicityGate>({{"hard", ToxicityGate::Hard}, {"scale", ToxicityGate::Scale}}),
          kToxicity(&ToxicityParams::gate)),
      key({"toxicity.tau", "quantile", "M7, T8", "Toxic from this trailing quantile of t on."},
          real(0.01, 1), kToxicity(&ToxicityParams::tau)),
      key({"toxicity.tau_window", "", "M7, A1", "Window of that quantile."},
          duration(kMinute, kMinute), kToxicity(&ToxicityParams::tau_window)),
      key({"toxicity.z_window", "", "E16", "Window of z_vpin and z_spread."},
          duration(kMinute, kMinute), kToxicity(&ToxicityParams::z_window)),
      key({"toxicity.z_min_count", "observations", "Z4", "Prior observations that a z needs."},
          whole<std::int64_t>(2), kToxicity(&ToxicityParams::z_min_count)),
      key({"toxicity.kyle_window", "", "T10; Kyle 1985, Hasbrouck 2009",
           "Window of the regression of the minutes' returns on their signed volume."},
          duration(20 * kMinute, kMinute), kToxicity(&ToxicityParams::kyle_window)),
  };
}

std::vector<Key> crowding_keys() {
  return {
      key({"crowding.weights", "", "M1, Z6", "Weights of funding, ΔOI, ln LS and ln TLS in c."},
          weights<4>(), kCrowding(&CrowdingParams::weights)),
      key({"crowding.d_oi_window", "", "E4, C5", "Span of ΔOI, between metrics stamps."},
          duration(std::chrono::minutes{5}, std::chrono::minutes{5}),
          kCrowding(&CrowdingParams::d_oi_window)),
      key({"crowding.d_oi_grid", "", "E4, C11",
           "ΔOI between metrics stamps, or from minute to minute as the proposal has it."},
          choice<DOiGrid>({{"stamps", DOiGrid::Stamps}, {"minutes", DOiGrid::Minutes}}),
          kCrowding(&CrowdingParams::d_oi_grid)),
      key({"crowding.d_oi_sign", "", "E3, C7, C12",
           "What gives unsigned ΔOI its direction; document: nothing; multiplier: none is needed, "
           "z_d_oi strengthens or weakens the other parts."},
          choice<DOiSign>({{"funding", DOiSign::Funding},
                           {"ls", DOiSign::Ls},
                           {"return", DOiSign::Return},
                           {"document", DOiSign::Document},
                           {"multiplier", DOiSign::Multiplier}}),
          kCrowding(&CrowdingParams::d_oi_sign)),
      key({"crowding.ls", "", "M20", "Which long/short ratio of the metrics file."},
          choice<LsRatio>({{"count_long_short_ratio", LsRatio::CountLongShort},
                           {"count_toptrader_long_short_ratio", LsRatio::ToptraderCount},
                           {"sum_toptrader_long_short_ratio", LsRatio::ToptraderSum}}),
          kCrowding(&CrowdingParams::ls)),
      key({"crowding.theta", "z", "M1, C10", "|c| above which the market is crowded."}, positive(),
          kCrowding(&CrowdingParams::theta)),
      key({"crowding.theta_exit", "z", "E19, C10",
           "|c| below which it is neutral again; at most theta."},
          real(0, kAny), kCrowding(&CrowdingParams::theta_exit)),
      key({"crowding.leave", "", "E19, C14",
           "Neutral again by c, or when fund_z crosses 0 (the proposal's); then theta_exit is idle."},
          choice<CrowdingLeave>({{"c", CrowdingLeave::C}, {"funding", CrowdingLeave::Funding}}),
          kCrowding(&CrowdingParams::leave)),
      key({"crowding.min_dwell", "", "E19, C10", "Least time between two moves of the regime."},
          duration(kZero, kMinute), kCrowding(&CrowdingParams::min_dwell)),
      key({"crowding.funding_centre", "", "E17, C1, C13",
           "Funding against 1 bp in 8 hours, against the mean of its settlements, or of its minutes "
           "(the proposal's z)."},
          choice<FundingCentre>({{"baseline", FundingCentre::Baseline},
                                 {"mean", FundingCentre::Mean},
                                 {"minutes", FundingCentre::Minutes}}),
          kCrowding(&CrowdingParams::funding_centre)),
      key({"crowding.funding_z_events", "settlements", "E16, C1", "Settlements behind fund_z."},
          whole<std::int64_t>(2, kMostSettlements), kCrowding(&CrowdingParams::funding_z_events)),
      key({"crowding.funding_min_count", "settlements", "Z4",
           "Prior settlements that fund_z needs."},
          whole<std::int64_t>(2, kMostSettlements), kCrowding(&CrowdingParams::funding_min_count)),
      key({"crowding.oi_z_window", "", "E16, C6", "Window of z_d_oi."}, duration(kMinute, kMinute),
          kCrowding(&CrowdingParams::oi_z_window)),
      key({"crowding.ls_z_window", "", "E16, C6", "Window of z_ls and z_tls."},
          duration(kMinute, kMinute), kCrowding(&CrowdingParams::ls_z_window)),
      key({"crowding.z_min_count", "stamps", "Z4", "Prior metrics stamps that a z needs."},
          whole<std::int64_t>(2), kCrowding(&CrowdingParams::z_min_count)),
  };
}

std::vector<Key> alpha_keys() {
  return {
      key({"alpha_a.enabled", "", "A2", "Volatility-expansion momentum in the neutral regime."},
          flag(), kAlphaA(&AlphaAParams::enabled)),
      key({"alpha_a.compression", "quantile", "M8, A2",
           "f1 at or above this trailing quantile is compressed."},
          real(0.01, 1), kQuantiles(&QuantileParams::compression)),
      key({"alpha_a.pressure", "quantile", "M8, A2",
           "|p| at or above this trailing quantile is pressure."},
          real(0.01, 1), kQuantiles(&QuantileParams::pressure)),
      key({"alpha_b.enabled", "", "A3", "Trading against the crowd in a crowded regime."}, flag(),
          kAlphaB(&AlphaBParams::enabled)),
      key({"alpha_b.direction", "", "E2, A3",
           "Against the crowd, or the proposal's −F3, which follows it."},
          choice<BDirection>({{"fade", BDirection::Fade}, {"document", BDirection::Document}}),
          kAlphaB(&AlphaBParams::direction)),
      key({"alpha_b.trigger", "", "M24, A3",
           "What confirms: f2's sign, also its size, or p with toxicity not asked."},
          choice<BTrigger>({{"f2", BTrigger::F2},
                            {"f2_strong", BTrigger::F2Strong},
                            {"pressure", BTrigger::Pressure}}),
          kAlphaB(&AlphaBParams::trigger)),
      key({"alpha_b.pressure", "quantile", "M24, A3",
           "The quantile of |p| that f2_strong and pressure ask."},
          real(0.01, 1), kQuantiles(&QuantileParams::pressure_b)),
      key({"signal.max_age", "", "R57",
           "A row of a signal of your own is too old after this; cadence: one cadence."},
          word_or("cadence", duration(kNs, kNs), R"("cadence" or a duration above 0)"),
          kSignal(&SignalParams::max_age)),
      key({"signal.mode", "", "R57",
           "A signal of your own only enters, or the position follows it."},
          choice<SignalMode>({{"entry", SignalMode::Entry}, {"target", SignalMode::Target}}),
          kSignal(&SignalParams::mode)),
  };
}

std::vector<Key> trade_keys() {
  return {
      key({"entry.order", "", "E20; proposal: entries",
           "MARKET, or LIMIT at the touch: post-only, or one that takes what has come to it."},
          choice<EntryOrder>({{"market", EntryOrder::Market},
                              {"post_only", EntryOrder::PostOnly},
                              {"limit", EntryOrder::Limit}}),
          kEntry(&EntryParams::order)),
      key({"entry.fill", "", "E13, X24",
           "After the decision, or at the close that made it: an optimistic bound."},
          choice<EntryFill>({{"next", EntryFill::Next}, {"same_close", EntryFill::SameClose}}),
          kEntry(&EntryParams::fill)),
      key({"entry.min_spread_ticks", "ticks", "E20", "Least spread for a LIMIT entry."},
          whole<std::int64_t>(1), kEntry(&EntryParams::min_spread_ticks)),
      key({"entry.reprice_after", "", "X19",
           "A LIMIT entry that is off the touch is replaced after this."},
          duration(kSecond, kNs), kEntry(&EntryParams::reprice_after)),
      key({"entry.give_up_after", "", "X19", "An unfilled entry is canceled after this."},
          duration(kSecond, kNs), kEntry(&EntryParams::give_up_after)),
      key({"size.rule", "", "M16; proposal: sizing",
           "Size from the loss at the stop and the costs, or the proposal's b·E/σ_H."},
          choice<SizeRule>({{"stop", SizeRule::Stop}, {"sigma", SizeRule::Sigma}}),
          kSize(&SizeParams::rule)),
      key({"size.risk_bp", "bp of equity", "M16; proposal: sizing", "What one trade may lose."},
          real(0.01, 10'000), kSize(&SizeParams::risk_bp)),
      key({"size.max_leverage", "× equity", "M16", "Cap of the notional."}, real(0.01, 125),
          kSize(&SizeParams::max_leverage)),
      key({"size.max_notional_usdt", "USDT", "proposal: sizing", "Cap of the notional."},
          amount<MoneyTag>(), kSize(&SizeParams::max_notional_usdt)),
      key({"size.max_qty", "base units", "proposal: sizing, N7", "Cap of the quantity."},
          none_or(amount<QtyTag>()), kSize(&SizeParams::max_qty)),
      key({"size.toxic_scale", "", "proposal: sizing",
           "Factor of the size when toxic and not forbidden."},
          real(0, 1), kSize(&SizeParams::toxic_scale)),
      key({"size.wide_spread_ticks", "ticks", "proposal: sizing", "A spread from here on is wide."},
          whole<std::int64_t>(2), kSize(&SizeParams::wide_spread_ticks)),
      key({"size.wide_spread_scale", "", "proposal: sizing",
           "Factor of the size when the spread is wide."},
          real(0, 1), kSize(&SizeParams::wide_spread_scale)),
      key({"exit.horizon", "", "M17", "H of the sigma rule."}, duration(kMinute, kMinute),
          kExit(&ExitParams::horizon)),
      key({"exit.stop_horizon", "", "M17", "H of the stop distance."}, duration(kMinute, kMinute),
          kExit(&ExitParams::stop_horizon)),
      key({"exit.k_stop", "σ√H", "M17; proposal: exits", "Stop distance."}, real(0.01, 100),
          kExit(&ExitParams::k_stop)),
      key({"exit.k_tp", "stop distances", "M17; proposal: exits", "Take-profit distance."},
          real(0.01, 100), kExit(&ExitParams::k_tp)),
      key({"exit.max_hold", "", "M17; proposal: exits", "Time stop."}, duration(kMinute, kNs),
          kExit(&ExitParams::max_hold)),
      key({"exit.tp_order", "", "X20",
           "MARKET when the target is seen, or a resting reduce-only LIMIT."},
          choice<TakeProfitOrder>(
              {{"market", TakeProfitOrder::Market}, {"limit", TakeProfitOrder::Limit}}),
          kExit(&ExitParams::tp_order)),
      key({"exit.opposite_pressure", "", "M27",
           "Leave when the pressure turns against the position."},
          flag(), kExit(&ExitParams::opposite_pressure)),
      key({"guards.stale_quote", "", "M18, N4; proposal: risk rules",
           "No entry when the touch is older."},
          duration(kZero, kNs), kGuards(&GuardParams::stale_quote)),
      key({"guards.gap_cooldown", "", "M19; proposal: risk rules",
           "No entry for this long after a missing minute."},
          duration(kZero, kMinute), kGuards(&GuardParams::gap_cooldown)),
      key({"guards.daily_loss_bp", "bp of the day's first equity", "N7",
           "A loss of this size in a UTC day flattens and ends the day."},
          none_or(real(0.01, 10'000)), kGuards(&GuardParams::daily_loss_bp)),
      key({"guards.on_flip", "", "E19; proposal: risk rules",
           "What a change of regime does to an open position; it never reverses."},
          on_flip(), kGuards(&GuardParams::on_flip_keep)),
  };
}

std::vector<Key> market_keys() {
  using engine::QueueModel;
  return {
      key({"exchange.profile", "", "docs/engine.md, docs/parity.md",
           "Our rules, or the matching of a NautilusTrader release."},
          profile(), kExchange(&ExchangeParams::profile)),
      key({"exchange.order_latency", "", "X2, X3", "From a command to its arrival."},
          latency(false), kExchange(&ExchangeParams::order_latency)),
      key({"exchange.data_latency", "", "X3",
           "From ts_init to the strategy; recorded: a quote's own E − T."},
          latency(true), kExchange(&ExchangeParams::data_latency)),
      key({"exchange.queue", "", "E20, X18", "How a queue ahead of a resting order shrinks."},
          choice<QueueModel>({{"risk_averse", QueueModel::RiskAverse},
                              {"proportional", QueueModel::Proportional},
                              {"optimistic", QueueModel::Optimistic}}),
          kExchange(&ExchangeParams::queue)),
      key({"exchange.impact_ticks_per_level", "ticks", "X6",
           "How much worse each further slice of a taker fills."},
          whole<std::int64_t>(0), kExchange(&ExchangeParams::impact_ticks_per_level)),
      key({"exchange.leverage", "×", "M16", "Initial leverage of the isolated margin."},
          whole<int>(1), kExchange(&ExchangeParams::leverage)),
      key({"exchange.max_touch_age", "", "N4", "Nothing is taken at a price older than this."},
          duration(kZero, kMillisecond), kExchange(&ExchangeParams::max_touch_age)),
      key({"exchange.bar_entry", "", "N6, X22",
           "On bars, what fills a MARKET of a bar's first second: that bar's open, or the next's."},
          choice<engine::BarEntry>(
              {{"open", engine::BarEntry::Open}, {"arrival", engine::BarEntry::Arrival}}),
          kExchange(&ExchangeParams::bar_entry)),
      key({"exchange.trade_execution", "", "docs/parity.md",
           "Parity profiles only: NautilusTrader's venue option of this name (its own default is "
           "off in 1.221, on in 1.231)."},
          flag(), kExchange(&ExchangeParams::trade_execution)),
      key({"costs.tier", "", "M23", "Row of the fee table; the rate is looked up by date."}, tier(),
          kCosts(&CostParams::tier)),
      key({"costs.bnb_discount", "", "M23", "Fees × 0.9."}, flag(),
          kCosts(&CostParams::bnb_discount)),
      key({"costs.funding", "", "M22", "Pay and receive funding."}, flag(),
          kCosts(&CostParams::funding)),
  };
}

std::vector<Key> all_keys() {
  std::vector<Key> result;
  for (auto* table : {run_keys, data_keys, volatility_keys, pressure_keys, toxicity_keys,
                      crowding_keys, z_keys, alpha_keys, trade_keys, market_keys, threshold_keys}) {
    for (Key& key : table()) result.push_back(std::move(key));
  }
  return result;
}

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> all = all_keys();
  return all;
}

}  // namespace toxvol::config
