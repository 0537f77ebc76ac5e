#include "toxvol/report/positions.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

using trading::PositionRecord;

Money size_of(const PositionRecord& position) {
  const Money net = run::net(position);
  return std::max(net, -net);
}

}  // namespace

Positions read_positions(const RunFolder& folder, std::size_t limit) {
  Positions result;
  using Ranked = std::pair<std::int64_t, PositionRecord>;  // its row number
  // The smallest result on top; of equal ones the later.
  const auto is_larger = [](const Ranked& a, const Ranked& b) {
    if (size_of(a.second) != size_of(b.second)) return size_of(a.second) > size_of(b.second);
    return a.first < b.first;
  };
  std::vector<Ranked> kept;
  run::for_each_record<PositionRecord>(folder.path, [&](const PositionRecord& position) {
    kept.emplace_back(result.all++, position);
    std::push_heap(kept.begin(), kept.end(), is_larger);
    if (kept.size() > limit) {
      std::pop_heap(kept.begin(), kept.end(), is_larger);
      kept.pop_back();
    }
  });
  std::sort(kept.begin(), kept.end(),
            [](const Ranked& a, const Ranked& b) { return a.first < b.first; });
  result.shown.reserve(kept.size());
  for (const Ranked& ranked : kept) result.shown.push_back(ranked.second);
  return result;
}

}  // namespace toxvol::report
