#include "toxvol/report/candles.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/report/charts.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/window.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/strategy/decision.hpp"

namespace toxvol::report {

namespace {

/// Whether each row that has a bar has its close.
bool is_same_market(const RunFolder& folder, const std::vector<Bar>& bars) {
  std::size_t next = 0;
  bool same = true;
  run::for_each_record<strategy::DecisionRow>(folder.path, [&](const strategy::DecisionRow& row) {
    while (next < bars.size() && bars[next].ts_event < row.factors.ts) ++next;
    if (next < bars.size() && bars[next].ts_event == row.factors.ts) {
      same = same && bars[next].close == row.factors.close;
    }
  });
  return same;
}

}  // namespace

Candles read_candles(const RunFolder& folder, const MarketReader& market) {
  Candles candles;
  if (!market) {
    candles.why_not =
        "The data that the run was made from was not at hand when this page was made: the price is "
        "the close of each minute, without candles and volume.";
    return candles;
  }
  const Window window = window_of(folder);
  const Timestamp to =
      window.from + std::chrono::ceil<Duration>(std::chrono::duration<double>(window.seconds));
  Inputs kinds;
  kinds.bars = true;
  kinds.funding = true;
  try {
    const TimeRange whole{.from = window.from, .to = to};
    market({&whole, 1}, kinds, [&candles](MarketData& data) {
      for_each(data.bars, [&candles](const Bar& bar) { candles.bars.push_back(bar); });
      for_each(data.funding, [&candles](const Funding& rate) { candles.funding.push_back(rate); });
    });
  } catch (const Error&) {
    candles = {};
    candles.why_not =
        "The data that the run was made from could not be read when this page was made: the price "
        "is the close of each minute, without candles and volume.";
    return candles;
  }
  if (!is_same_market(folder, candles.bars)) {
    candles = {};
    candles.why_not =
        "The data at hand when this page was made are not those of the run (other closes): the "
        "price is the close of each minute, without candles and volume.";
  } else if (candles.bars.size() > kMaxPoints) {
    candles.bars.clear();  // the close of each stretch is in the chart
    candles.why_not = "The run is too long for candles: the page would not open.";
  }
  return candles;
}

Json candles_json(const RunFolder& folder, const Candles& candles) {
  if (candles.bars.empty()) return nullptr;
  const Window window = window_of(folder);
  const int digits = tick_decimals(folder);
  std::vector<double> times;
  std::vector<std::optional<double>> volume;
  times.reserve(candles.bars.size());
  volume.reserve(candles.bars.size());
  for (const Bar& bar : candles.bars) {
    times.push_back(std::chrono::duration<double>(bar.ts_event - window.from).count());
    volume.emplace_back(bar.volume.to_double());
  }
  const auto prices = [&](Price Bar::* member, const Near& near = {}) {
    std::vector<double> values;
    values.reserve(candles.bars.size());
    for (const Bar& bar : candles.bars) values.push_back((bar.*member).to_double());
    return packed_column(values, digits, near);
  };
  const PackedColumn close = prices(&Bar::close);
  const PackedColumn open = prices(&Bar::open, {.how = "before", .of = {close}});
  const PackedColumn high = prices(&Bar::high, {.how = "most", .of = {open, close}});
  const PackedColumn low = prices(&Bar::low, {.how = "least", .of = {open, close}});
  return {{"frame", packed(times, 0)}, {"open", open.json},
          {"high", high.json},         {"low", low.json},
          {"close", close.json},       {"volume", packed(volume, decimals_for(volume))}};
}

}  // namespace toxvol::report
