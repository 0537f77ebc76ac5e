#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

/// The tables of the run folder `run` back as records, in file order. What no column holds keeps
/// its default, a MARKET order's price is 0. Throw `Error` for a missing or damaged file, for other
/// columns than those of tables.hpp, and for a text outside its vocabulary.
void for_each_decision(const std::filesystem::path& run,
                       const std::function<void(const strategy::DecisionRow&)>& use);
void for_each_equity(const std::filesystem::path& run,
                     const std::function<void(const trading::EquityRecord&)>& use);
[[nodiscard]] std::vector<trading::OrderRecord> read_orders(const std::filesystem::path& run);
[[nodiscard]] std::vector<trading::CommandRecord> read_commands(const std::filesystem::path& run);
[[nodiscard]] std::vector<trading::FillRecord> read_fills(const std::filesystem::path& run);
[[nodiscard]] std::vector<trading::PositionRecord> read_positions(const std::filesystem::path& run);

}  // namespace toxvol::run
