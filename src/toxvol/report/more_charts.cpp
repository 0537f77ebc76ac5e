#include "toxvol/report/more_charts.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/report/candles.hpp"
#include "toxvol/report/chart_json.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/window.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

using Values = std::vector<std::optional<double>>;

}  // namespace

void add_holding(const RunFolder& folder, const Candles& candles, Json& data) {
  if (candles.bars.empty()) return;
  const Window window = window_of(folder);
  const double first = candles.bars.front().open.to_double();
  const double start = folder.summary.start_equity.to_double();
  if (first <= 0.0 || start <= 0.0) return;
  // One contract, bought at the first open with no cost; funding is paid on its value at the close.
  std::vector<double> times;
  Values held;
  std::size_t next = 0;
  double received = 0.0;
  double before = first;
  for (const Bar& bar : candles.bars) {
    for (; next < candles.funding.size() && candles.funding[next].ts_event <= bar.ts_event;
         ++next) {
      received -= candles.funding[next].rate.to_double() * before;
    }
    before = bar.close.to_double();
    times.push_back(std::chrono::duration<double>(bar.ts_event - window.from).count());
    held.emplace_back(kPercent * (before - first + received) / first);
  }
  Values own(times.size());
  std::size_t at = 0;
  std::optional<double> equity;
  run::for_each_record<trading::EquityRecord>(folder.path, [&](const trading::EquityRecord& row) {
    for (; at < candles.bars.size() && candles.bars[at].ts_event < row.ts; ++at) own[at] = equity;
    equity = kPercent * (row.equity.to_double() - start) / start;
  });
  for (; at < candles.bars.size(); ++at) own[at] = equity;
  data["frames"]["bars"] = packed(times, 0);
  Json json =
      chart_json("holding", "equity", "bars", "Beside holding the contract", "% since the start",
                 "Holding: one times the start equity in the contract from the first minute on, "
                 "with its funding and without any cost. It takes the risk of the market all the "
                 "time, the run only while it holds a position.");
  json["series"].push_back(series_json("this run", "main", "thick", packed_column(own, 3)));
  json["series"].push_back(series_json("holding", "amber", "line", packed_column(held, 3)));
  data["charts"].push_back(std::move(json));
}

void add_hours(const RunFolder& folder, Json& data) {
  const Window window = window_of(folder);
  struct Hour {
    Timestamp from{};
    double minutes = 0.0;
    double toxic = 0.0;
    double crowded_long = 0.0;
    double crowded_short = 0.0;
  };
  std::vector<Hour> hours;
  run::for_each_record<strategy::DecisionRow>(folder.path, [&](const strategy::DecisionRow& row) {
    // A row stands for the minute that it ends.
    const Timestamp from{
        std::chrono::floor<std::chrono::hours>(row.factors.ts - std::chrono::minutes{1})};
    if (hours.empty() || hours.back().from != from) hours.push_back({.from = from});
    Hour& hour = hours.back();
    hour.minutes += 1.0;
    hour.toxic += row.factors.gated.toxic.value_or(false) ? 1.0 : 0.0;
    hour.crowded_long += row.factors.crowding.regime == Regime::CrowdedLong ? 1.0 : 0.0;
    hour.crowded_short += row.factors.crowding.regime == Regime::CrowdedShort ? 1.0 : 0.0;
  });
  std::vector<double> times;
  Values toxic;
  Values crowded_long;
  Values crowded_short;
  const auto put = [&](double time, const Hour& hour) {
    times.push_back(time);
    toxic.emplace_back(kPercent * hour.toxic / hour.minutes);
    crowded_long.emplace_back(kPercent * hour.crowded_long / hour.minutes);
    crowded_short.emplace_back(kPercent * hour.crowded_short / hour.minutes);
  };
  const auto after = [&](Timestamp ts) {
    return std::chrono::duration<double>(ts - window.from).count();
  };
  for (const Hour& hour : hours) put(after(hour.from), hour);
  if (!hours.empty()) put(after(hours.back().from + std::chrono::hours{1}), hours.back());
  data["frames"]["hours"] = packed(times, 0);
  Json json =
      chart_json("hours", "factors", "hours", "Toxic and crowded minutes", "% of each hour",
                 "How much of the hour the flow was toxic, and the market crowded on one side.");
  json["series"].push_back(series_json("toxic", "amber", "step", packed_column(toxic, 1)));
  json["series"].push_back(
      series_json("crowded long", "bad", "step", packed_column(crowded_long, 1)));
  json["series"].push_back(
      series_json("crowded short", "good", "step", packed_column(crowded_short, 1)));
  data["charts"].push_back(std::move(json));
}

}  // namespace toxvol::report
