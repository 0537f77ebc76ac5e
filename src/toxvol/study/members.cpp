#include "toxvol/study/members.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "toxvol/stats/dsr.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {

Members members_of(std::span<const TrialRows> together, const TrialRows& others) {
  Members members;
  std::set<std::string_view> ids;
  const auto add = [&](const TrialRows& rows) {
    std::vector<const UnitReturns*> with_ratio;
    for (const ResultRow* row : rows) {
      if (row->outcome == nullptr || !ids.insert(row->outcome->trial).second) continue;
      ++members.count;
      if (row->inference.net.ratio.sharpe) with_ratio.push_back(&row->outcome->returns.units);
    }
    return with_ratio;
  };
  double n_hat = 0.0;
  double rhos = 0.0;
  std::size_t windows = 0;  // with a correlation
  for (const TrialRows& rows : together) {
    const std::vector<const UnitReturns*> series = add(rows);
    const auto count = static_cast<double>(series.size());
    const auto rho = stats::effective_number(common_units(series).net.view()).rho;
    n_hat += rho ? *rho + (1.0 - *rho) * count : count;
    if (!rho) continue;
    rhos += *rho;
    ++windows;
  }
  n_hat += static_cast<double>(add(others).size());
  if (n_hat > 0.0) members.n_hat = n_hat;
  if (windows > 0) members.rho = rhos / static_cast<double>(windows);
  return members;
}

}  // namespace toxvol::study
