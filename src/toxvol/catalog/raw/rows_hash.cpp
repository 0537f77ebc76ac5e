#include "toxvol/catalog/raw/rows_hash.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "toxvol/catalog/raw/record_fields.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::uint64_t kBlank = 0x7ff8'0000'0000'0000;

constexpr std::size_t kBatch = 256;  // rows whose words stay in the first cache

/// Writes the words of rows one after another.
class Words {
 public:
  explicit Words(std::uint64_t* out) : out_{out} {}
  void put(Timestamp ts) { *out_++ = static_cast<std::uint64_t>(to_ns(ts)); }
  void put(std::int64_t value) { *out_++ = static_cast<std::uint64_t>(value); }
  void put(Side side) { put(std::int64_t{sign(side)}); }
  template <class Tag>
  void put(Fixed<Tag> value) {
    put(value.raw());
  }
  void put(const std::optional<double>& value) {
    *out_++ = value ? std::bit_cast<std::uint64_t>(*value) : kBlank;
  }
  template <class... Fields>
  void all(const Fields&... fields) {
    (put(fields), ...);
  }

 private:
  std::uint64_t* out_;
};

}  // namespace

template <class Record>
void RowsHash::add(std::span<const Record> rows) {
  if constexpr (std::is_same_v<Record, Quote>) {
    // A quote lies in memory as its words do: eight in order, none beside them.
    static_assert(sizeof(Quote) == 8 * sizeof(std::uint64_t) && offsetof(Quote, ts_event) == 0 &&
                  offsetof(Quote, ts_init) == 8 && offsetof(Quote, update_id) == 16 &&
                  offsetof(Quote, bid) == 24 && offsetof(Quote, ask) == 32 &&
                  offsetof(Quote, bid_qty) == 40 && offsetof(Quote, ask_qty) == 48 &&
                  offsetof(Quote, ts_sent) == 56);
    hash_.update(std::as_bytes(rows));
    return;
  }
  constexpr std::size_t kWords = std::tuple_size_v<decltype(fields(std::declval<Record>()))>;
  std::array<std::uint64_t, kBatch * kWords> batch;  // NOLINT: written before it is read
  while (!rows.empty()) {
    const auto some = rows.first(std::min(rows.size(), kBatch));
    Words words{batch.data()};
    for (const Record& row : some) {
      std::apply([&](const auto&... field) { words.all(field...); }, fields(row));
    }
    hash_.update(std::as_bytes(std::span{batch}.first(some.size() * kWords)));
    rows = rows.subspan(some.size());
  }
}

template void RowsHash::add(std::span<const Trade>);
template void RowsHash::add(std::span<const Quote>);
template void RowsHash::add(std::span<const Bar>);
template void RowsHash::add(std::span<const Metrics>);
template void RowsHash::add(std::span<const Funding>);

}  // namespace toxvol::catalog
