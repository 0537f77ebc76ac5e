#include "toxvol/csv/fast_row.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include <emmintrin.h>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/fast_quote_wide.hpp"
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

/// Eight digits as they are counted with: each byte the value of its digit.
constexpr Word digits_of(Word text) noexcept {
  return text ^ kZeros;
}

/// The high bit of some byte is set if any byte of `digits` is above 9. (A byte above 0x89 carries
/// into the next one, but is itself marked.)
constexpr Word not_digits(Word digits) noexcept {
  return (digits + kOnes * 0x76) | digits;
}

/// The value of eight digits, the first in the lowest byte: pairs, then fours, then all.
constexpr std::int64_t value_of(Word digits) noexcept {
  digits = digits * 10 + (digits >> 8);
  constexpr Word kPairs = 0x000000FF000000FF;
  return static_cast<std::int64_t>(((digits & kPairs) * (100 + (Word{1'000'000} << 32)) +
                                    ((digits >> 16) & kPairs) * (1 + (Word{10'000} << 32))) >>
                                   32);
}

/// The first `count` digits moved to the end, zeros before them. count in 1…8.
constexpr Word align(Word digits, unsigned count) noexcept {
  return digits << ((8 - count) * 8);
}

/// Bit i: byte i of 64 is a comma.
[[gnu::always_inline]] inline Word commas_in(const char* bytes) noexcept {
  const __m128i comma = _mm_set1_epi8(',');
  Word mask = 0;
  for (std::ptrdiff_t i = 0; i < 4; ++i) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
    const auto found = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(some, comma)));
    mask |= Word{found} << (16 * i);
  }
  return mask;
}

constexpr unsigned kMillisecondDigits = 13;

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

/// The numbers of one line. What is no digit is noted on the way and asked for once at the end;
/// until then the values may be nonsense.
class Numbers {
 public:
  /// 1 to 16 digits.
  [[gnu::always_inline]] bool integer(Field field, std::int64_t& value) noexcept {
    if (field.size - 1 >= 16) return false;
    const Word word = digits_of(load(field.at));
    if (field.size <= 8) {
      value = take(align(word, field.size));
      return true;
    }
    const unsigned more = field.size - 8;
    value = take(word) * kPowersOfTen[more] + take(align(digits_of(load(field.at + 8)), more));
    return true;
  }

  /// A decimal without sign: up to 8 characters, or exactly 8 decimals after 1 to 7 digits.
  [[gnu::always_inline]] bool decimal(Field field, std::int64_t& e8) noexcept {
    const Word text = load(field.at);
    const Word word = digits_of(text);
    if (field.size - 1 >= 8) return eight_decimals(field, word, e8);
    const unsigned point = find(text, '.');
    if (point >= field.size) {
      e8 = take(align(word, field.size)) * kPowersOfTen[8];
      return true;
    }
    const unsigned count = field.size - 1;
    if (count == 0) return false;
    const Word before = (Word{1} << (point * 8)) - 1;
    e8 = take(align((word & before) | ((word >> 8) & ~before), count)) *
         kPowersOfTen[8 - (count - point)];
    return true;
  }

  [[gnu::always_inline]] bool milliseconds(Field field, Timestamp& time) noexcept {
    if (field.size != kMillisecondDigits) return false;
    constexpr unsigned kMore = kMillisecondDigits - 8;
    const std::int64_t value = take(digits_of(load(field.at))) * kPowersOfTen[kMore] +
                               take(align(digits_of(load(field.at + 8)), kMore));
    const auto parsed = to_timestamp(value, TimeUnit::Milliseconds);
    if (!parsed) return false;
    time = *parsed;
    return true;
  }

  [[nodiscard]] bool are_digits() const noexcept { return (not_digits_ & kHighBits) == 0; }

 private:
  [[gnu::always_inline]] std::int64_t take(Word digits) noexcept {
    not_digits_ |= not_digits(digits);
    return value_of(digits);
  }

  [[gnu::always_inline]] bool eight_decimals(Field field, Word word, std::int64_t& e8) noexcept {
    if (field.size < 10 || field.size > 16) return false;
    const unsigned whole_digits = field.size - 9;
    if (field.at[whole_digits] != '.') return false;
    e8 = take(align(word, whole_digits)) * kPowersOfTen[8] +
         take(digits_of(load(field.at + whole_digits + 1)));
    return true;
  }

  Word not_digits_ = 0;
};

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
  Numbers numbers;
  if (!numbers.integer(update_id, id) || !numbers.decimal(bid, bid_e8) ||
      !numbers.decimal(bid_qty, bid_qty_e8) || !numbers.decimal(ask, ask_e8) ||
      !numbers.decimal(ask_qty, ask_qty_e8) ||
      !numbers.milliseconds(transaction_time, quote.ts_event) ||
      !numbers.milliseconds({fields.last, kMillisecondDigits}, quote.ts_sent) ||
      !numbers.are_digits()) {
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
  Numbers numbers;
  if (!numbers.integer(agg_trade_id, trade.agg_trade_id) || !numbers.decimal(price, price_e8) ||
      !numbers.decimal(qty, qty_e8) || !numbers.integer(first_id, trade.first_trade_id) ||
      !numbers.integer(last_id, trade.last_trade_id) ||
      !numbers.milliseconds(transact_time, trade.ts_event) || !numbers.are_digits()) {
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
  if (!has_wide_registers()) return take_rows(at, rows);
  std::size_t count = 0;
  while (count < rows.size()) {
    count += fast_quotes_wide(at, rows.subspan(count));
    if (count == rows.size()) break;
    const std::size_t one = take_rows(at, rows.subspan(count, 1));
    if (one == 0) break;
    count += one;
  }
  return count;
}
std::size_t fast_quotes_narrow(const char*& at, std::span<Quote> rows) noexcept {
  return take_rows(at, rows);
}
std::size_t fast_rows(const char*& at, std::span<Trade> rows) noexcept {
  return take_rows(at, rows);
}

}  // namespace toxvol::csv
