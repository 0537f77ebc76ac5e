#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/levels.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/report/answers.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/json_value.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/window.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

using std::chrono::seconds;

constexpr std::size_t kMaxFills = 200;
constexpr std::size_t kFewestFills = 20;  // fills of an interval
constexpr Duration kOldest = seconds{60};
/// Seconds after a fill; 0 is the mid at the fill.
constexpr std::array kAfter = {0, 1, 5, 10, 30, 60, 300, 900};

struct Mid {
  Timestamp at{};  // when it is asked for
  std::optional<double> value;
};

/// The run's fills, evenly over their order where they are many.
std::vector<trading::FillRecord> fills_of(const RunFolder& folder, std::size_t& all) {
  std::vector<trading::FillRecord> fills = run::read_records<trading::FillRecord>(folder.path);
  all = fills.size();
  if (all <= kMaxFills) return fills;
  std::vector<trading::FillRecord> kept;
  kept.reserve(kMaxFills);
  for (std::size_t i = 0; i < kMaxFills; ++i) kept.push_back(fills[i * all / kMaxFills]);
  return kept;
}

/// The mid at each moment, of the last quote at or before it that is not older than a minute. Only
/// the minutes before the moments are read, in one go.
void read_mids(const MarketReader& market, std::vector<Mid>& mids) {
  Inputs kinds;
  kinds.quotes = true;
  std::vector<TimeRange> parts;
  for (const Mid& mid : mids) {
    const TimeRange part{.from = mid.at - kOldest, .to = mid.at + Duration{1}};
    if (!parts.empty() && part.from <= parts.back().to) {
      parts.back().to = part.to;
    } else {
      parts.push_back(part);
    }
  }
  if (parts.empty()) return;
  std::size_t next = 0;
  std::optional<Quote> last;
  const auto settle = [&](Timestamp until) {
    for (; next < mids.size() && mids[next].at < until; ++next) {
      if (!last || mids[next].at - last->ts_event > kOldest) continue;
      mids[next].value = (last->bid.to_double() + last->ask.to_double()) / 2.0;
    }
  };
  market(parts, kinds, [&](MarketData& data) {
    for_each(data.quotes, [&](const Quote& quote) {
      settle(quote.ts_event);
      last = quote;
    });
  });
  settle(Timestamp::max());
}

/// Favour in bp of the fills of one kind, after so many seconds.
struct Favour {
  std::size_t n = 0;
  double sum = 0.0;
  double squares = 0.0;
  void add(double bp) {
    ++n;
    sum += bp;
    squares += bp * bp;
  }
  [[nodiscard]] std::optional<double> mean() const {
    return n > 0 ? std::optional{sum / static_cast<double>(n)} : std::nullopt;
  }
  /// Half an interval of 95 %.
  [[nodiscard]] std::optional<double> margin() const {
    if (n < kFewestFills) return std::nullopt;
    const auto rows = static_cast<double>(n);
    const double middle = sum / rows;
    const double variance = std::max(0.0, squares / rows - middle * middle) * rows / (rows - 1.0);
    return kTwoSided95 * std::sqrt(variance / rows);
  }
};
using Course = std::array<Favour, kAfter.size()>;

Figure empty_figure() {
  return Figure{
      "markouts",
      "lines",
      "What the price did after our fills",
      "How far the mid stood in our favour after a fill, from the price of the fill, in bp. If the "
      "price stays, a maker begins above 0 by half the spread and a taker below by as much; a maker "
      "who begins below 0 was filled because the price ran through the order. A line that falls says "
      "that the price ran on against us. The upright lines are intervals of 95 %, as if fills were "
      "independent, which those close to each other are not. Fees are not in it.",
      {{"after", false}, {"makers, bp"}, {"fills"}, {"takers, bp"}, {"fills"}}};
}

}  // namespace

Json markout_figure(const RunFolder& folder, const MarketReader& market) {
  if (!is_input(folder, "bookTicker")) {
    return empty_figure().finish(
        "The run has no quotes, so it is not known where the mid stood after its fills.");
  }
  if (!market) {
    return empty_figure().finish(
        "The quotes that the run was made from were not at hand when this page was made, so it is "
        "not told what the price did after its fills.");
  }
  std::size_t all = 0;
  const std::vector<trading::FillRecord> fills = fills_of(folder, all);
  const Window window = window_of(folder);
  const Timestamp end =
      window.from + std::chrono::floor<Duration>(std::chrono::duration<double>(window.seconds));
  std::vector<Mid> mids;
  for (const trading::FillRecord& fill : fills) {
    for (const int after : kAfter) {
      if (after > 0 && fill.ts + seconds{after} < end) {
        mids.push_back({.at = fill.ts + seconds{after}, .value = {}});
      }
    }
  }
  std::sort(mids.begin(), mids.end(), [](const Mid& a, const Mid& b) { return a.at < b.at; });
  try {
    read_mids(market, mids);
  } catch (const Error&) {
    return empty_figure().finish(
        "The quotes that the run was made from could not be read when this page was made.");
  }
  const auto mid_after = [&](const trading::FillRecord& fill, int after) {
    if (after == 0) return fill.mid_fill;
    const Timestamp at = fill.ts + seconds{after};
    const auto found = std::lower_bound(mids.begin(), mids.end(), at,
                                        [](const Mid& mid, Timestamp ts) { return mid.at < ts; });
    return found != mids.end() && found->at == at ? found->value : std::nullopt;
  };
  std::array<Course, 2> courses{};  // makers, takers
  for (const trading::FillRecord& fill : fills) {
    Course& course = courses.at(fill.liquidity == trading::Liquidity::Maker ? 0 : 1);
    const double price = fill.price.to_double();
    const double side = fill.side == Side::Buy ? 1.0 : -1.0;
    for (std::size_t i = 0; i < kAfter.size(); ++i) {
      if (const auto mid = mid_after(fill, kAfter.at(i))) {
        course.at(i).add(kBasisPoints * side * (*mid - price) / price);
      }
    }
  }
  Figure figure = empty_figure();
  std::vector<std::string> names;
  names.reserve(kAfter.size());
  for (const int after : kAfter) names.push_back(after == 0 ? "at once" : horizon_text(after));
  std::array<std::array<Values, 3>, 2> values;
  for (std::size_t i = 0; i < kAfter.size(); ++i) {
    Json row = {names[i]};
    for (std::size_t kind = 0; kind < courses.size(); ++kind) {
      const Favour& favour = courses.at(kind).at(i);
      const auto mean = favour.mean();
      const auto margin = favour.margin();
      auto& [middle, low, high] = values.at(kind);
      middle.push_back(mean);
      low.push_back(mean && margin ? std::optional{*mean - *margin} : std::nullopt);
      high.push_back(mean && margin ? std::optional{*mean + *margin} : std::nullopt);
      row.push_back(number(mean, 2));
      row.push_back(count(static_cast<std::int64_t>(favour.n)));
    }
    figure.row(std::move(row));
  }
  figure.x_names("after", names);
  figure.y("bp in our favour");
  figure.series("makers", "main", values[0][0], values[0][1], values[0][2]);
  figure.series("takers", "amber", values[1][0], values[1][1], values[1][2]);
  std::string words;
  for (const auto& [kind, label] : {std::pair{0, "makers"}, std::pair{1, "takers"}}) {
    const auto& first = values.at(static_cast<std::size_t>(kind))[0].front();
    const auto& last = values.at(static_cast<std::size_t>(kind))[0].back();
    if (!first || !last) continue;
    words += fmt::format("{}Fills as {} stood at {} bp at once and {} bp after 15 minutes.",
                         words.empty() ? "" : " ", label, number(first, 2), number(last, 2));
  }
  if (words.empty()) words = "No fill is followed by a quarter of an hour of quotes.";
  if (all > fills.size()) {
    words += fmt::format(" Of {} fills {} are looked at, evenly over the run.",
                         count(static_cast<std::int64_t>(all)),
                         count(static_cast<std::int64_t>(fills.size())));
  }
  return figure.finish(words);
}

}  // namespace toxvol::report
