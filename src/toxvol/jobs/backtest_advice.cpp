#include "toxvol/jobs/backtest_advice.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/backtest.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/what_can_run.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/run/terminal_summary.hpp"
#include "toxvol/study/trial_family.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::jobs {

namespace {

/// Days of the kind in [from, to).
std::int64_t days_in(const catalog::Coverage& coverage, Kind kind, Timestamp from, Timestamp to) {
  if (!coverage.has(kind)) return 0;
  const auto& days = coverage.days.at(kind);
  return std::count_if(days.begin(), days.end(), [&](Day day) {
    return Timestamp{day} + kDay > from && Timestamp{day} < to;
  });
}

using trading::Reason;

/// Data before the first decision; a user's own signal asks for sigma alone (V2).
Duration needed(const BacktestRequest& request) {
  return request.signal ? request.config.strategy.factors.volatility.half_life_short
                        : config::first_decision(request.config).all();
}

/// What to do where there is less data than `need` before the first decision.
std::string with_more_data(Duration need) {
  const config::Config exercise = config::preset(config::kExercisePreset);
  const bool needs_less = config::first_decision(exercise).all() < need;
  return fmt::format("start earlier, with data for it{}",
                     needs_less ? fmt::format(", or take --preset {} to exercise the program",
                                              config::kExercisePreset)
                                : "");
}

/// The most frequent of some reasons; nothing where there was none of them.
std::optional<Reason> main_reason(const run::Summary& summary, const std::vector<Reason>& among) {
  std::optional<Reason> most;
  std::int64_t count = 0;
  for (const Reason reason : among) {
    const std::int64_t own = summary.reasons[reason];
    if (own > count) most = reason;
    count = std::max(count, own);
  }
  return most;
}

/// Why no minute had a signal.
std::string no_signal(const run::Summary& summary) {
  const auto reason =
      main_reason(summary, {Reason::Disabled, Reason::NotCompressed, Reason::WeakPressure,
                            Reason::Toxic, Reason::Unconfirmed, Reason::NoSignal});
  if (reason == Reason::NoSignal)
    return "your signal had none that was known and young enough; its rows count from their "
           "ts_init on for signal.max_age, and run.json says how many did";
  if (reason == Reason::Disabled)
    return "the alpha of its regime is not enabled; see --set alpha_a.enabled";
  if (reason == Reason::NotCompressed)
    return "volatility was not compressed; take a longer window, or a lower --set "
           "alpha_a.compression";
  if (reason == Reason::WeakPressure)
    return "pressure was below its threshold; take a longer window, or a lower --set "
           "alpha_a.pressure";
  if (reason == Reason::Toxic)
    return "the flow was toxic; take a longer window, or a higher --set toxicity.tau";
  return "pressure did not confirm the regime; take a longer window";
}

/// The count beside the ratios that it takes from (R26); all of hours.
std::string trial_line(const BacktestResult& result) {
  const auto probability = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.4f}", *value) : std::string{"-"};
  };
  return fmt::format("trial      {}  DSR {} against luck, {} against the trials  PSR {}",
                     study::words_of(result.trials), probability(result.trials.dsr_null),
                     probability(result.trials.dsr), probability(result.inference.net.psr));
}

}  // namespace

std::optional<std::string> too_short(const BacktestRequest& request) {
  const MarketOptions& market = request.market;
  // Without data named, the job says so.
  if (!request.orders.empty() || market.catalog.empty() == market.raw.empty()) return std::nullopt;
  const std::vector<std::filesystem::path> raw{market.raw.begin(), market.raw.end()};
  const catalog::Coverage coverage = raw.empty()
                                         ? catalog::coverage(market.catalog, request.config.symbol)
                                         : catalog::raw_coverage(raw, request.config.symbol);
  if (!coverage.has(Kind::Klines)) return std::nullopt;
  const auto& klines = coverage.days.at(Kind::Klines);
  Timestamp from{klines.front()};
  Timestamp to = Timestamp{klines.back()} + kDay;
  if (market.from.empty() && market.to.empty()) {
    const catalog::DayWindow taken = window_for(request.config, coverage).window;
    from = taken.from();
    to = taken.to();
  }
  if (!market.from.empty()) from = std::max(from, parse_time(market.from, "--from"));
  if (!market.to.empty()) to = std::min(to, parse_time(market.to, "--to"));
  // Nor where there is none in the window.
  if (from >= to || days_in(coverage, Kind::Klines, from, to) == 0) return std::nullopt;
  // What there is, warm-up included: klines, and trades where they are an input.
  const Timestamp begin = from - config::warmup(request.config);
  std::int64_t days = days_in(coverage, Kind::Klines, begin, to);
  const bool uses_trades = request.config.inputs ? request.config.inputs->trades
                                                 : catalog::share(coverage, Kind::AggTrades, from,
                                                                  to) >= catalog::kInputShare;
  if (uses_trades) {
    days = std::min(days, days_in(coverage, Kind::AggTrades, begin, to));
  }
  const Duration have = std::min<Duration>(days * kDay, to - begin);
  const Duration need = needed(request);
  if (have > need) return std::nullopt;
  return fmt::format(
      "too short to decide: up to {} there are {} of {} and {} are needed before the first "
      "decision; {}",
      to_string(to), config::in_days(have), request.config.symbol, config::in_days(need),
      with_more_data(need));
}

std::optional<std::string> why_no_position(const BacktestRequest& request,
                                           const BacktestResult& result) {
  const run::Summary& summary = result.run.summary;
  if (summary.positions > 0) return std::nullopt;
  if (!request.orders.empty()) {
    return "no position: no order of the script was filled; orders.parquet says what became of "
           "each";
  }
  const auto passed = [&](std::string_view step) {
    const auto place = std::find(run::kFunnelSteps.begin(), run::kFunnelSteps.end(), step);
    return summary.funnel.at(static_cast<std::size_t>(place - run::kFunnelSteps.begin())) > 0;
  };
  const auto overdue = main_reason(
      summary, {Reason::NoQuotes, Reason::NoMetrics, Reason::NoFunding, Reason::Warmup});
  if (overdue && overdue != Reason::Warmup && !passed("regime_known")) {
    return fmt::format(
        "no position: {} in most minutes: a kind that run.inputs lists is missing or too old; add "
        "its files, or leave the kind out with --set run.inputs",
        trading::name(*overdue));
  }
  const auto without_trades = summary.degraded_minutes.overdue.find("klines");
  if (!passed("warm") && without_trades != summary.degraded_minutes.overdue.end() &&
      without_trades->second == summary.funnel.front()) {
    return "no position: run.inputs lists aggTrades and there are none; add their files, or leave "
           "the kind out with --set run.inputs";
  }
  if (!passed("warm")) {
    const Duration need = needed(request);
    return fmt::format("no position: all of it was warm-up, {} of data are needed first; {}",
                       config::in_days(need), with_more_data(need));
  }
  if (!passed("regime_known") && !request.signal) {
    return "no position: crowding was unknown in every minute; add metrics and funding of the days "
           "before, or leave them out with --set run.inputs";
  }
  if (!passed("not_toxic")) {
    return fmt::format("no position: no minute had a signal, most often because {}",
                       no_signal(summary));
  }
  if (!passed("sized")) {
    const auto guard = main_reason(summary, {Reason::Gap, Reason::StaleQuote, Reason::DailyLoss,
                                             Reason::Spread, Reason::Cap, Reason::MinNotional});
    return fmt::format(
        "no position: a guard stopped every signal, most often {}; docs/strategy.md has the "
        "setting of each",
        guard ? trading::name(*guard) : "none");
  }
  return "no position: no entry was filled; take --set entry.order=market, or a longer window";
}

std::vector<std::string> result_lines(const BacktestRequest& request,
                                      const BacktestResult& result) {
  std::vector<std::string> lines = run::summary_lines(result.info, result.run.summary);
  lines.push_back(trial_line(result));
  if (request.orders.empty() && config::is_exercise(request.config.preset)) {
    lines.push_back("note       preset " + config::preset_line(request.config.preset));
  }
  return lines;
}

}  // namespace toxvol::jobs
