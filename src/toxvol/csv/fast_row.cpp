#include "toxvol/csv/fast_row.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include <emmintrin.h>

#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

namespace {

static_assert(std::endian::native == std::endian::little, "eight digits are loaded as one word");

using Word = std::uint64_t;

constexpr Word kOnes = 0x0101010101010101;
constexpr Word kHighBits = 0x8080808080808080;
constexpr Word kZeros = 0x3030303030303030;  // "00000000"
constexpr std::array<std::int64_t, 9> kPowersOfTen{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

Word load(const char* at) noexcept {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Index of the first byte of `word` that is `c`, 8 if none is.
constexpr unsigned find(Word word, char c) noexcept {
  const Word difference = word ^ (kOnes * static_cast<unsigned char>(c));
  const Word marks = (difference - kOnes) & ~difference & kHighBits;
  return static_cast<unsigned>(std::countr_zero(marks)) / 8;
}

constexpr bool all_digits(Word word) noexcept {
  constexpr Word kHighNibbles = 0xF0F0F0F0F0F0F0F0;
  return (((word & kHighNibbles) | (((word + kOnes * 6) & kHighNibbles) >> 4)) ==
          0x3333333333333333);
}

/// The value of eight digits, the first in the lowest byte: pairs, then fours, then all.
constexpr std::int64_t value_of(Word digits) noexcept {
  digits -= kZeros;
  digits = digits * 10 + (digits >> 8);
  constexpr Word kPairs = 0x000000FF000000FF;
  return static_cast<std::int64_t>(((digits & kPairs) * (100 + (Word{1'000'000} << 32)) +
                                    ((digits >> 16) & kPairs) * (1 + (Word{10'000} << 32))) >>
                                   32);
}

/// The first `count` bytes of `word` moved to its end, '0' before them. count in 1…8.
constexpr Word align(Word word, unsigned count) noexcept {
  const unsigned shift = (8 - count) * 8;
  return (word << shift) | (kZeros & ((Word{1} << shift) - 1));
}

/// Bit i: byte i of 64 is a comma.
[[gnu::always_inline]] inline Word commas_in(const char* bytes) noexcept {
  const __m128i comma = _mm_set1_epi8(',');
  Word mask = 0;
  for (int i = 0; i < 4; ++i) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(some, comma)));
    mask |= Word{found} << (16 * i);
  }
  return mask;
}

struct Field {
  const char* at = nullptr;
  unsigned size = 0;
};

/// The first six of seven fields, and where the seventh starts. All commas are found before any
/// field is read, so that no field waits for the one before. False if they do not lie in 128 bytes.
/// A line with fewer commas gives a field with a line end in it, which no number is.
struct Fields {
  std::array<Field, 6> field;
  const char* last = nullptr;
};
[[gnu::always_inline]] inline bool split(const char* line, Fields& fields) noexcept {
  Word commas = commas_in(line);
  const char* base = line;
  const char* start = line;
  for (Field& field : fields.field) {
    if (commas == 0) {
      if (base != line) return false;
      base = line + 64;
      commas = commas_in(base);
      if (commas == 0) return false;
    }
    const char* const comma = base + std::countr_zero(commas);
    commas &= commas - 1;
    field = {start, static_cast<unsigned>(comma - start)};
    start = comma + 1;
  }
  fields.last = start;
  return true;
}

/// 1 to 16 digits.
[[gnu::always_inline]] inline bool integer(Field field, std::int64_t& value) noexcept {
  if (field.size - 1 >= 16) return false;
  const Word word = load(field.at);
  if (field.size <= 8) {
    const Word digits = align(word, field.size);
    value = value_of(digits);
    return all_digits(digits);
  }
  const unsigned more = field.size - 8;
  const Word rest = align(load(field.at + 8), more);
  value = value_of(word) * kPowersOfTen[more] + value_of(rest);
  return all_digits(word) && all_digits(rest);
}

/// A decimal without sign: up to 8 characters, or exactly 8 decimals after 1 to 7 digits.
[[gnu::always_inline]] inline bool decimal(Field field, std::int64_t& e8) noexcept {
  const Word word = load(field.at);
  if (field.size - 1 < 8) {
    const unsigned point = find(word, '.');
    const bool has_point = point < field.size;
    const unsigned count = has_point ? field.size - 1 : field.size;
    if (count == 0) return false;
    const Word before = has_point ? (Word{1} << (point * 8)) - 1 : ~Word{0};
    const Word digits = align((word & before) | ((word >> 8) & ~before), count);
    const unsigned decimals = has_point ? count - point : 0;
    e8 = value_of(digits) * kPowersOfTen[8 - decimals];
    return all_digits(digits);
  }
  if (field.size < 10 || field.size > 16) return false;
  const unsigned whole_digits = field.size - 9;
  if (field.at[whole_digits] != '.') return false;
  const Word whole = align(word, whole_digits);
  const Word decimals = load(field.at + whole_digits + 1);
  e8 = value_of(whole) * kPowersOfTen[8] + value_of(decimals);
  return all_digits(whole) && all_digits(decimals);
}

constexpr unsigned kMillisecondDigits = 13;

[[gnu::always_inline]] inline bool milliseconds(Field field, Timestamp& time) noexcept {
  std::int64_t value = 0;
  if (field.size != kMillisecondDigits || !integer(field, value)) return false;
  const auto parsed = to_timestamp(value, TimeUnit::Milliseconds);
  if (!parsed) return false;
  time = *parsed;
  return true;
}

/// Past the line end at `at`, or nullptr.
const char* past_line_end(const char* at) noexcept {
  if (*at == '\n') return at + 1;
  if (at[0] == '\r' && at[1] == '\n') return at + 2;
  return nullptr;
}

/// Past the line, or nullptr if it is not taken.
const char* fast_row(const char* line, Quote& quote) noexcept {
  Fields fields;
  if (!split(line, fields)) return nullptr;
  const auto& [update_id, bid, bid_qty, ask, ask_qty, transaction_time] = fields.field;
  std::int64_t id = 0;
  std::int64_t bid_e8 = 0;
  std::int64_t bid_qty_e8 = 0;
  std::int64_t ask_e8 = 0;
  std::int64_t ask_qty_e8 = 0;
  if (!integer(update_id, id) || !decimal(bid, bid_e8) || !decimal(bid_qty, bid_qty_e8) ||
      !decimal(ask, ask_e8) || !decimal(ask_qty, ask_qty_e8) ||
      !milliseconds(transaction_time, quote.ts_event) ||
      !milliseconds({fields.last, kMillisecondDigits}, quote.ts_sent)) {
    return nullptr;
  }
  quote.ts_init = {};
  quote.update_id = id;
  quote.bid = Price::from_raw(bid_e8);
  quote.ask = Price::from_raw(ask_e8);
  quote.bid_qty = Qty::from_raw(bid_qty_e8);
  quote.ask_qty = Qty::from_raw(ask_qty_e8);
  return past_line_end(fields.last + kMillisecondDigits);
}

/// `true` or `false` at `at`; past it, or nullptr.
const char* flag(const char* at, bool& value) noexcept {
  value = std::memcmp(at, "true", 4) == 0;
  if (value) return at + 4;
  return std::memcmp(at, "false", 5) == 0 ? at + 5 : nullptr;
}

const char* fast_row(const char* line, Trade& trade) noexcept {
  Fields fields;
  if (!split(line, fields)) return nullptr;
  const auto& [agg_trade_id, price, qty, first_id, last_id, transact_time] = fields.field;
  std::int64_t price_e8 = 0;
  std::int64_t qty_e8 = 0;
  bool is_buyer_maker = false;
  if (!integer(agg_trade_id, trade.agg_trade_id) || !decimal(price, price_e8) ||
      !decimal(qty, qty_e8) || !integer(first_id, trade.first_trade_id) ||
      !integer(last_id, trade.last_trade_id) || !milliseconds(transact_time, trade.ts_event)) {
    return nullptr;
  }
  const char* const end = flag(fields.last, is_buyer_maker);
  if (end == nullptr || price_e8 == 0 || qty_e8 == 0) return nullptr;
  trade.ts_init = {};
  trade.price = Price::from_raw(price_e8);
  trade.qty = Qty::from_raw(qty_e8);
  trade.aggressor = is_buyer_maker ? Side::Sell : Side::Buy;
  return past_line_end(end);
}

template <class Record>
std::size_t take_rows(const char*& at, std::span<Record> rows) noexcept {
  const char* line = at;
  std::size_t count = 0;
  for (; count < rows.size(); ++count) {
    const char* const next = fast_row(line, rows[count]);
    if (next == nullptr) break;
    line = next;
  }
  at = line;
  return count;
}

}  // namespace

std::size_t fast_rows(const char*& at, std::span<Quote> rows) noexcept {
  return take_rows(at, rows);
}
std::size_t fast_rows(const char*& at, std::span<Trade> rows) noexcept {
  return take_rows(at, rows);
}

}  // namespace toxvol::csv
