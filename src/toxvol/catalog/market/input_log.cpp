#include "toxvol/catalog/market/input_log.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/catalog/raw/record_fields.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint64_t kBlank = 0x7ff8'0000'0000'0000;

/// Appends the words of one row.
class Words {
 public:
  explicit Words(std::vector<std::uint64_t>& out) : out_{out} {}
  void put(Timestamp ts) { out_.push_back(static_cast<std::uint64_t>(to_ns(ts))); }
  void put(std::int64_t value) { out_.push_back(static_cast<std::uint64_t>(value)); }
  void put(Side side) { put(std::int64_t{sign(side)}); }
  template <class Tag>
  void put(Fixed<Tag> value) {
    put(value.raw());
  }
  void put(const std::optional<double>& value) {
    out_.push_back(value ? std::bit_cast<std::uint64_t>(*value) : kBlank);
  }
  template <class... Fields>
  void all(const Fields&... fields) {
    (put(fields), ...);
  }

 private:
  std::vector<std::uint64_t>& out_;
};

}  // namespace

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
    words_.clear();
    Words words{words_};
    for (std::size_t i = start; i < end; ++i) {
      std::apply([&](const auto&... field) { words.all(field...); }, fields(rows[i]));
    }
    Entry& entry = entries_[{KindOf<Record>::kKind, day}];
    entry.rows += static_cast<std::int64_t>(end - start);
    entry.hash.update(std::as_bytes(std::span{words_}));
    start = end;
  }
}

template void InputLog::add(std::span<const Trade>);
template void InputLog::add(std::span<const Quote>);
template void InputLog::add(std::span<const Bar>);
template void InputLog::add(std::span<const Metrics>);
template void InputLog::add(std::span<const Funding>);

std::vector<InputDigest> InputLog::list() const {
  std::vector<InputDigest> result;
  for (const auto& [key, entry] : entries_) {
    result.push_back(
        {.kind = key.first, .day = key.second, .rows = entry.rows, .sha256 = entry.hash.hex()});
  }
  return result;
}

}  // namespace toxvol::catalog
