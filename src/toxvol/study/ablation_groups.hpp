#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/ablation.hpp"
#include "toxvol/study/contest.hpp"

/// What an ablation leaves besides its table of variants (R35).
namespace toxvol::study {

/// The positions of a variant by one property.
struct GroupRow {
  std::string variant;
  std::string base;   // where there are several; no column where there is one
  std::string by;     // alpha, regime, exit
  std::string value;  // of it
  std::int64_t positions = 0;
  Money gross{};
  Money slippage{};
  Money fees{};
  Money funding{};
  Money net{};
  std::optional<double> hit_rate;  // of closed ones
};
[[nodiscard]] std::vector<GroupRow> group_rows(const std::vector<VariantRow>& variants);

template <class Visit>
void columns(const GroupRow& row, Visit&& column) {
  column("variant", row.variant);
  if (!row.base.empty()) column("base", row.base);
  column("by", row.by);
  column("value", row.value);
  column("positions", row.positions);
  column("gross", row.gross);
  column("slippage", row.slippage);
  column("fees", row.fees);
  column("funding", row.funding);
  column("net", row.net);
  column("hit_rate", row.hit_rate);
}

/// study.json. `design_json` as the folder has it; `id` the study's.
[[nodiscard]] std::string ablation_json(std::string_view id, std::string_view design_json,
                                        const std::vector<VariantRow>& variants,
                                        const Contest& contest, const stats::Resampling& how);

}  // namespace toxvol::study
