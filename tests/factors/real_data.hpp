#pragma once

#include <string>
#include <vector>

#include "toxvol/core/market.hpp"

namespace toxvol::factors::test {

/// The recorded files of one UTC day, with the catalog's `ts_init`; empty where the data are absent
/// (TOXVOL_DATA, or the shared folder beside the project). Only for files as clean as these.
std::vector<Trade> recorded_trades(const std::string& day);
std::vector<Quote> recorded_quotes(const std::string& day);
std::vector<Bar> recorded_bars(const std::string& day);
std::vector<Bar> recorded_near_bars(const std::string& month);  // NEARUSDT, a whole month
std::vector<Funding> recorded_funding(const std::string& month);

}  // namespace toxvol::factors::test
