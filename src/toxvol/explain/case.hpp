#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/time.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::explain {

/// What is to be explained.
struct Question {
  std::optional<Timestamp> at;
  std::optional<std::int64_t> position;  // one of both
};

/// What a run folder holds of it.
struct Case {
  std::optional<Timestamp> row;  // the decision row's ts; empty: an order script decided
  /// Where a later decision was due by that time, but its bar is missing: when.
  std::optional<Timestamp> missing;
  std::vector<trading::OrderRecord> orders;      // of the decision and of the position, by id
  std::vector<trading::CommandRecord> commands;  // of these orders
  std::vector<trading::FillRecord> fills;        // of these orders
  std::optional<trading::PositionRecord> position;

  /// The last thing that happened in it.
  [[nodiscard]] Timestamp end() const;
};

/// Finds it. `cadence`: of decisions, whole minutes. Throws `Error`, one line each: a time before
/// the first decision or after the last row; no such position, or none at all.
[[nodiscard]] Case find_case(const run::RunFolder& folder, const Question& question,
                             Duration cadence);

}  // namespace toxvol::explain
