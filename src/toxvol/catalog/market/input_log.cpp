#include "toxvol/catalog/market/input_log.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

void InputLog::foretell(InputDigest whole, Rehash again) {
  Entry& entry = entries_[{whole.kind, whole.day}];
  if (entry.is_known) return;
  entry.foretold = Foretold{.whole = std::move(whole), .again = std::move(again)};
}

void InputLog::know(InputDigest read) {
  Entry& entry = entries_[{read.kind, read.day}];
  entry.rows = read.rows;
  entry.foretold = Foretold{.whole = std::move(read), .again = {}};
  entry.is_known = true;
}

template <class Record>
void InputLog::add(std::span<const Record> rows) {
  std::size_t start = 0;
  while (start < rows.size()) {
    const Day day = unit_day(rows[start]);
    std::size_t end = rows.size();
    // Nearly always the whole block is of one day.
    if (unit_day(rows.back()) != day) {
      end = start + 1;
      while (end < rows.size() && unit_day(rows[end]) == day) ++end;
    }
    Entry& entry = entries_[{KindOf<Record>::kKind, day}];
    if (!entry.is_known) entry.rows += static_cast<std::int64_t>(end - start);
    if (!entry.foretold) entry.hash.add(rows.subspan(start, end - start));
    start = end;
  }
}

template void InputLog::add(std::span<const Trade>);
template void InputLog::add(std::span<const Quote>);
template void InputLog::add(std::span<const Bar>);
template void InputLog::add(std::span<const Metrics>);
template void InputLog::add(std::span<const Funding>);

std::string InputLog::Entry::sha256() const {
  if (!foretold) return hash.hex();
  return rows == foretold->whole.rows ? foretold->whole.sha256 : foretold->again(rows);
}

std::vector<InputDigest> InputLog::list() const {
  std::vector<InputDigest> result;
  for (const auto& [key, entry] : entries_) {
    if (entry.rows == 0) continue;  // foretold, but the stream was given up before
    result.push_back(
        {.kind = key.first, .day = key.second, .rows = entry.rows, .sha256 = entry.sha256()});
  }
  return result;
}

}  // namespace toxvol::catalog
