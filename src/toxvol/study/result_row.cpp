#include "toxvol/study/result_row.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "toxvol/stats/rows.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

std::string_view name(PointStatus status) {
  constexpr std::array<std::string_view, 4> kNames = {"ok", "invalid", "failed", "not_applicable"};
  return kNames[static_cast<std::size_t>(status)];
}

ResultRow result_of(const Outcome& outcome, const stats::Resampling& how) {
  ResultRow row;
  row.outcome = &outcome;
  row.inference = infer(outcome.returns, how);
  if (row.inference.note) row.note = std::string{name(*row.inference.note)};
  return row;
}

}  // namespace toxvol::study
