#include "toxvol/strategy/params_check.hpp"

#include <vector>

#include "toxvol/core/problem.hpp"
#include "toxvol/factors/params_check.hpp"
#include "toxvol/strategy/params.hpp"

namespace toxvol::strategy {

std::vector<Problem> check(const StrategyParams& params) {
  std::vector<Problem> found = factors::check(params.factors);
  if (params.entry.order != EntryOrder::Market && params.entry.fill == EntryFill::SameClose) {
    found.push_back({"entry.fill", "fills MARKET orders alone; use next, or entry.order = market"});
  }
  return found;
}

}  // namespace toxvol::strategy
