#pragma once

#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// The bars and funding payments of the run's window, from the data it was made from.
struct Candles {
  std::vector<Bar> bars;
  std::vector<Funding> funding;
  std::string why_not;  // a sentence where there are none
};

/// None where `market` is empty, cannot be read, or holds other closes than decisions.parquet.
[[nodiscard]] Candles read_candles(const RunFolder& folder, const MarketReader& market);

/// {frame, open, high, low, close, volume}, packed; null without bars.
[[nodiscard]] Json candles_json(const RunFolder& folder, const Candles& candles);

}  // namespace toxvol::report
