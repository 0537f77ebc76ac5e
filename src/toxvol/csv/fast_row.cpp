#include "toxvol/csv/fast_row.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

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

/// The high bit of every byte of `word` that is `c`; exact up to and including the first such byte.
constexpr Word matches(Word word, char c) noexcept {
  const Word difference = word ^ (kOnes * static_cast<unsigned char>(c));
  return (difference - kOnes) & ~difference & kHighBits;
}

/// Index of the first byte marked by `matches`, 8 if there is none.
constexpr unsigned first(Word marks) noexcept {
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

/// Walks over the fields of one line; false from any of them: not our format.
class Cursor {
 public:
  explicit Cursor(const char* at) noexcept : at_{at} {}

  /// Up to 15 digits and a comma.
  [[nodiscard]] bool integer(std::int64_t& value) noexcept {
    const Word word = load(at_);
    const unsigned length = first(matches(word, ','));
    if (length == 0) return false;
    const Word digits = align(word, length);
    if (!all_digits(digits)) return false;
    value = value_of(digits);
    at_ += length + 1;
    if (length < 8) return true;

    --at_;
    const Word rest = load(at_);
    const unsigned more = first(matches(rest, ','));
    if (more == 8) return false;
    if (more > 0) {
      const Word more_digits = align(rest, more);
      if (!all_digits(more_digits)) return false;
      value = value * kPowersOfTen[more] + value_of(more_digits);
    }
    at_ += more + 1;
    return true;
  }

  /// A decimal without sign of at most 8 decimals and 18 digits, and a comma.
  [[nodiscard]] bool decimal(std::int64_t& e8) noexcept {
    const Word word = load(at_);
    const unsigned length = first(matches(word, ','));
    if (length == 8 && at_[8] != ',') return long_decimal(e8);
    const unsigned point = first(matches(word, '.'));
    const bool has_point = point < length;
    const unsigned count = has_point ? length - 1 : length;
    if (count == 0) return false;
    const Word before = has_point ? (Word{1} << (point * 8)) - 1 : ~Word{0};
    const Word digits = align((word & before) | ((word >> 8) & ~before), count);
    if (!all_digits(digits)) return false;
    const unsigned decimals = has_point ? count - point : 0;
    e8 = value_of(digits) * kPowersOfTen[8 - decimals];
    at_ += length + 1;
    return true;
  }

  /// 13 digits of milliseconds and `end`.
  [[nodiscard]] bool milliseconds(Timestamp& time, char end) noexcept {
    const Word high = load(at_);
    const Word low = align(load(at_ + 8), 5);
    if (!all_digits(high) || !all_digits(low) || at_[13] != end) return false;
    const auto parsed =
        to_timestamp(value_of(high) * 100'000 + value_of(low), TimeUnit::Milliseconds);
    if (!parsed) return false;
    time = *parsed;
    at_ += 14;
    return true;
  }

  [[nodiscard]] bool text(std::string_view expected) noexcept {
    if (std::memcmp(at_, expected.data(), expected.size()) != 0) return false;
    at_ += expected.size();
    return true;
  }
  [[nodiscard]] const char* at() const noexcept { return at_; }

 private:
  [[nodiscard]] bool long_decimal(std::int64_t& e8) noexcept {
    std::int64_t value = 0;
    int digits = 0;
    const char* at = at_;
    for (; *at >= '0' && *at <= '9'; ++at, ++digits) {
      if (digits == 18) return false;
      value = value * 10 + (*at - '0');
    }
    if (digits == 0) return false;
    unsigned decimals = 0;
    if (*at == '.') {
      for (++at; *at >= '0' && *at <= '9'; ++at, ++decimals) {
        if (decimals == 8 || ++digits > 18) return false;
        value = value * 10 + (*at - '0');
      }
    }
    if (*at != ',') return false;
    // 18 digits of which 10 stand before the point are 1e10 units: within int64 only with the
    // decimals written out.
    const std::int64_t scale = kPowersOfTen[8 - decimals];
    if (value > 9'000'000'000'000'000'000 / scale) return false;
    e8 = value * scale;
    at_ = at + 1;
    return true;
  }

  const char* at_;
};

}  // namespace

const char* fast_row(const char* line, Quote& quote) noexcept {
  Cursor cursor{line};
  std::int64_t update_id = 0;
  std::int64_t bid = 0;
  std::int64_t bid_qty = 0;
  std::int64_t ask = 0;
  std::int64_t ask_qty = 0;
  Timestamp transaction_time;
  Timestamp event_time;
  if (!cursor.integer(update_id) || !cursor.decimal(bid) || !cursor.decimal(bid_qty) ||
      !cursor.decimal(ask) || !cursor.decimal(ask_qty) ||
      !cursor.milliseconds(transaction_time, ',')) {
    return nullptr;
  }
  if (!cursor.milliseconds(event_time, '\n')) {
    if (!cursor.milliseconds(event_time, '\r') || !cursor.text("\n")) return nullptr;
  }
  quote = {.ts_event = transaction_time,
           .update_id = update_id,
           .bid = Price::from_raw(bid),
           .ask = Price::from_raw(ask),
           .bid_qty = Qty::from_raw(bid_qty),
           .ask_qty = Qty::from_raw(ask_qty),
           .ts_sent = event_time};
  return cursor.at();
}

const char* fast_row(const char* line, Trade& trade) noexcept {
  Cursor cursor{line};
  std::int64_t id = 0;
  std::int64_t price = 0;
  std::int64_t qty = 0;
  std::int64_t first_id = 0;
  std::int64_t last_id = 0;
  Timestamp transact_time;
  if (!cursor.integer(id) || !cursor.decimal(price) || !cursor.decimal(qty) ||
      !cursor.integer(first_id) || !cursor.integer(last_id) ||
      !cursor.milliseconds(transact_time, ',')) {
    return nullptr;
  }
  if (price == 0 || qty == 0) return nullptr;
  const bool is_buyer_maker = cursor.text("true");
  if (!is_buyer_maker && !cursor.text("false")) return nullptr;
  if (!cursor.text("\n") && !cursor.text("\r\n")) return nullptr;
  trade = {.ts_event = transact_time,
           .agg_trade_id = id,
           .price = Price::from_raw(price),
           .qty = Qty::from_raw(qty),
           .aggressor = is_buyer_maker ? Side::Sell : Side::Buy,
           .first_trade_id = first_id,
           .last_trade_id = last_id};
  return cursor.at();
}

}  // namespace toxvol::csv
