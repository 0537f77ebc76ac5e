#include "toxvol/catalog/input_log.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/catalog/sequence.hpp"
#include "toxvol/core/kind.hpp"
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

void put(Words out, const Trade& row) {
  out.all(row.ts_event, row.ts_init, row.agg_trade_id, row.price, row.qty, row.aggressor,
          row.first_trade_id, row.last_trade_id);
}
void put(Words out, const Quote& row) {
  out.all(row.ts_event, row.ts_init, row.update_id, row.bid, row.ask, row.bid_qty, row.ask_qty,
          row.ts_sent);
}
void put(Words out, const Bar& row) {
  out.all(row.ts_event, row.ts_init, row.open, row.high, row.low, row.close, row.volume,
          row.quote_volume, row.count, row.taker_buy_volume, row.taker_buy_quote_volume);
}
void put(Words out, const Metrics& row) {
  out.all(row.ts_event, row.ts_init, row.open_interest, row.open_interest_value,
          row.toptrader_count_ls, row.toptrader_sum_ls, row.count_ls, row.taker_ls);
}
void put(Words out, const Funding& row) {
  out.all(row.ts_event, row.ts_init, row.rate, std::int64_t{row.interval_hours});
}

}  // namespace

template <class Record>
void InputLog::add_rows(Kind kind, std::span<const Record> rows) {
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
    for (std::size_t i = start; i < end; ++i) put(Words{words_}, rows[i]);
    Entry& entry = entries_[{kind, day}];
    entry.rows += static_cast<std::int64_t>(end - start);
    entry.hash.update(std::as_bytes(std::span{words_}));
    start = end;
  }
}

void InputLog::add(std::span<const Trade> rows) {
  add_rows(Kind::AggTrades, rows);
}
void InputLog::add(std::span<const Quote> rows) {
  add_rows(Kind::BookTicker, rows);
}
void InputLog::add(std::span<const Bar> rows) {
  add_rows(Kind::Klines, rows);
}
void InputLog::add(std::span<const Metrics> rows) {
  add_rows(Kind::Metrics, rows);
}
void InputLog::add(std::span<const Funding> rows) {
  add_rows(Kind::Funding, rows);
}

std::vector<InputDigest> InputLog::list() const {
  std::vector<InputDigest> result;
  for (const auto& [key, entry] : entries_) {
    result.push_back(
        {.kind = key.first, .day = key.second, .rows = entry.rows, .sha256 = entry.hash.hex()});
  }
  return result;
}

}  // namespace toxvol::catalog
