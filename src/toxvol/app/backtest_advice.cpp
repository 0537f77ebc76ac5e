#include "toxvol/app/backtest_advice.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/app/arguments.hpp"
#include "toxvol/app/backtest_job.hpp"
#include "toxvol/catalog/coverage.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/run/text.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::app {

namespace {

/// Days of the kind in [from, to).
std::int64_t days_in(const catalog::Coverage& coverage, Kind kind, Timestamp from, Timestamp to) {
  if (!coverage.has(kind)) return 0;
  const auto& days = coverage.days.at(kind);
  return std::count_if(days.begin(), days.end(), [&](Day day) {
    return Timestamp{day} + kDay > from && Timestamp{day} < to;
  });
}

/// The most frequent of the reasons for which a signal is not traded.
std::string main_guard(const run::Summary& summary) {
  using trading::Reason;
  std::pair<std::int64_t, std::string_view> most{0, "none"};
  for (const Reason reason : {Reason::Gap, Reason::StaleQuote, Reason::DailyLoss, Reason::Spread,
                              Reason::Cap, Reason::MinNotional}) {
    const std::int64_t count = summary.reasons.at(static_cast<std::size_t>(reason));
    if (count > most.first) most = {count, trading::name(reason)};
  }
  return fmt::format("{} ({} minutes)", most.second, most.first);
}

struct Advice {
  std::string_view step;  // of the funnel: the first that nothing passed
  std::string cause;
  std::string_view remedy;
};

}  // namespace

std::optional<std::string> too_short(const BacktestRequest& request) {
  const MarketOptions& market = request.market;
  if (!request.orders.empty()) return std::nullopt;
  const std::vector<std::filesystem::path> raw{market.raw.begin(), market.raw.end()};
  const catalog::Coverage coverage = raw.empty()
                                         ? catalog::coverage(market.catalog, request.config.symbol)
                                         : catalog::raw_coverage(raw, request.config.symbol);
  if (!coverage.has(Kind::Klines)) return std::nullopt;
  const auto& klines = coverage.days.at(Kind::Klines);
  Timestamp from{klines.front()};
  Timestamp to = Timestamp{klines.back()} + kDay;
  if (!market.from.empty()) from = std::max(from, parse_time(market.from, "--from"));
  if (!market.to.empty()) to = std::min(to, parse_time(market.to, "--to"));
  if (from >= to) return std::nullopt;
  // What there is, warm-up included: klines, and trades where the window has any.
  const Timestamp begin = from - config::warmup(request.config);
  std::int64_t days = days_in(coverage, Kind::Klines, begin, to);
  if (days_in(coverage, Kind::AggTrades, from, to) > 0) {
    days = std::min(days, days_in(coverage, Kind::AggTrades, begin, to));
  }
  const Duration have = std::min<Duration>(days * kDay, to - begin);
  const Duration need = config::first_decision(request.config).all();
  if (have > need) return std::nullopt;
  return fmt::format(
      "too short to decide: up to {} there are {} of {} and {} are needed before the first "
      "decision; start earlier, with data for it, or take --preset short to exercise the program",
      to_string(to), config::in_days(have), request.config.symbol, config::in_days(need));
}

std::optional<std::string> why_no_position(const BacktestRequest& request,
                                           const BacktestResult& result) {
  const run::Summary& summary = result.run.summary;
  if (summary.positions > 0) return std::nullopt;
  if (!request.orders.empty()) {
    return "no position: no order of the script was filled; orders.parquet says what became of "
           "each";
  }
  const std::string need = config::in_days(config::first_decision(request.config).all());
  const std::vector<Advice> list{
      {"minutes", "there was no minute", "give a window in which there are klines"},
      {"warm", fmt::format("all of it was warm-up, {} of data are needed first", need),
       "start earlier, with data for it, or take --preset short to exercise the program"},
      {"regime_known", "crowding was unknown in every minute",
       "add metrics and funding of the days before, or leave them out with --set run.inputs"},
      {"compressed", "volatility was never compressed while the regime was neutral",
       "take a longer window, or a lower --set alpha_a.compression"},
      {"pressure", "pressure never passed its threshold in a minute that could act",
       "take a longer window, or a lower --set alpha_a.pressure"},
      {"not_toxic", "the flow was toxic, or did not confirm, at every signal",
       "take a longer window, or a higher --set toxicity.tau"},
      {"sized", fmt::format("guards stopped every signal, first {}", main_guard(summary)),
       "docs/strategy.md has the setting of each guard"},
      {"submitted", "no decision led to an order", "see the reasons in decisions.parquet"},
      {"filled", "no order was filled", "take --set entry.order=market, or a longer window"},
  };
  for (std::size_t step = 0; step < run::kFunnelSteps.size(); ++step) {
    if (summary.funnel.at(step) > 0) continue;
    for (const Advice& advice : list) {
      if (advice.step != run::kFunnelSteps.at(step)) continue;
      return fmt::format("no position: {}; {}", advice.cause, advice.remedy);
    }
  }
  return "no position: see the reasons above";
}

std::vector<std::string> result_lines(const BacktestRequest& request,
                                      const BacktestResult& result) {
  std::vector<std::string> lines = run::summary_lines(result.info, result.run.summary);
  if (request.orders.empty() && config::is_exercise(request.config)) {
    lines.push_back("note       preset " + config::preset_line("short"));
  }
  return lines;
}

}  // namespace toxvol::app
