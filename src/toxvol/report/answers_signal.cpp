#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/levels.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/report/answers.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/strategy/decision.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kDeciles = 10;
constexpr std::size_t kFewestRows = 20;  // rows of a decile that are shown
constexpr Duration kAhead = std::chrono::minutes{15};

struct Row {
  Timestamp ts{};
  double p = 0.0;
  bool toxic = false;
  double ahead = 0.0;  // bp
};

struct Mean {
  std::size_t n = 0;
  double sum = 0.0;
  double squares = 0.0;
  void add(double x) {
    ++n;
    sum += x;
    squares += x * x;
  }
  [[nodiscard]] double mean() const { return sum / static_cast<double>(n); }
  /// Of the mean, as if of every stretch of `overlap` rows one counted.
  [[nodiscard]] double error(double overlap) const {
    const auto rows = static_cast<double>(n);
    const double variance = std::max(0.0, squares / rows - mean() * mean());
    return std::sqrt(variance / std::max(1.0, rows / overlap));
  }
};

}  // namespace

Json decile_figure(const RunFolder& folder) {
  std::map<Timestamp, double> closes;
  std::vector<Row> rows;
  run::for_each_record<strategy::DecisionRow>(folder.path, [&](const strategy::DecisionRow& row) {
    closes.emplace_hint(closes.end(), row.factors.ts, row.factors.close.to_double());
    if (!row.decides || !row.factors.pressure.p) return;
    rows.push_back({.ts = row.factors.ts,
                    .p = *row.factors.pressure.p,
                    .toxic = row.factors.gated.toxic.value_or(false)});
  });
  std::erase_if(rows, [&](Row& row) {
    const auto later = closes.find(row.ts + kAhead);
    if (later == closes.end()) return true;
    row.ahead = kBasisPoints * std::log(later->second / closes.at(row.ts));
    return false;
  });
  if (rows.size() < kDeciles * kFewestRows) return nullptr;
  double overlap = 1.0;  // rows whose stretches share minutes
  if (rows.size() > 1) {
    std::vector<Duration> steps;
    for (std::size_t i = 1; i < rows.size(); ++i) steps.push_back(rows[i].ts - rows[i - 1].ts);
    std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2),
                     steps.end());
    overlap = std::max(1.0, static_cast<double>(kAhead.count()) /
                                static_cast<double>(steps[steps.size() / 2].count()));
  }
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return a.p != b.p ? a.p < b.p : a.ts < b.ts; });
  std::array<std::array<Mean, 2>, kDeciles> means{};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    means.at(i * kDeciles / rows.size()).at(rows[i].toxic ? 1 : 0).add(rows[i].ahead);
  }
  Figure figure{
      "deciles",
      "bars",
      "What pressure foresaw",
      "The mean return of the 15 minutes after a decision, by tenths of pressure P from the "
      "most selling (1) to the most buying (10), apart for calm and for toxic flow. The "
      "lines are intervals of 95 %, widened because neighbouring stretches share minutes. If "
      "P foresaw anything, bars would rise from left to right. No cost is in it.",
      {{"tenth of P", false}, {"calm, bp"}, {"rows"}, {"toxic, bp"}, {"rows"}}};
  std::vector<std::string> names;
  std::array<Values, 2> values;
  std::array<Values, 2> low;
  std::array<Values, 2> high;
  for (std::size_t tenth = 0; tenth < kDeciles; ++tenth) {
    names.push_back(std::to_string(tenth + 1));
    Json row = {names.back()};
    for (std::size_t kind = 0; kind < 2; ++kind) {
      const Mean& mean = means.at(tenth).at(kind);
      std::optional<double> middle;
      std::optional<double> least;
      std::optional<double> most;
      if (mean.n >= kFewestRows) {
        const double margin = kTwoSided95 * mean.error(overlap);
        middle = mean.mean();
        least = mean.mean() - margin;
        most = mean.mean() + margin;
      }
      values.at(kind).push_back(middle);
      low.at(kind).push_back(least);
      high.at(kind).push_back(most);
      row.push_back(number(middle, 2));
      row.push_back(count(static_cast<std::int64_t>(mean.n)));
    }
    figure.row(std::move(row));
  }
  figure.x_names("tenth of P", names);
  figure.y("bp after 15 minutes");
  figure.series("calm flow", "main", values[0], low[0], high[0]);
  figure.series("toxic flow", "amber", values[1], low[1], high[1]);
  const auto& first = values[0].front();
  const auto& last = values[0].back();
  std::string text = fmt::format("{} decisions.", count(static_cast<std::int64_t>(rows.size())));
  if (first && last) {
    text += fmt::format(
        " In calm flow the market moved {} bp after the most selling and {} bp after the most "
        "buying.",
        number(first, 2), number(last, 2));
  }
  return figure.finish(text);
}

}  // namespace toxvol::report
