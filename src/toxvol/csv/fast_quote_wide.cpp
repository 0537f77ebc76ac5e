#include "toxvol/csv/fast_quote_wide.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

#ifdef __x86_64__

namespace {

constexpr std::size_t kLane = 16;  // digits of a number, eight of them decimals
constexpr unsigned kHalf = 8;
constexpr unsigned kTimeDigits = 13;
using Lane = std::array<std::uint8_t, kLane>;

/// Which byte of a field each digit is; 0x80: none, the digit is 0.
constexpr std::uint8_t kNone = 0x80;
using Lanes = std::array<Lane, kLane + 1>;

/// By the number of digits: the last one to the end.
constexpr Lanes whole_lanes() {
  Lanes lanes{};
  for (unsigned digits = 0; digits <= kLane; ++digits) {
    for (unsigned i = 0; i < kLane; ++i) {
      const unsigned empty = kLane - digits;
      lanes[digits][i] = i < empty ? kNone : static_cast<std::uint8_t>(i - empty);
    }
  }
  return lanes;
}
alignas(64) constexpr Lanes kWhole = whole_lanes();

/// By the digits before the point and behind it: the point to the middle.
constexpr std::array<std::array<Lane, kHalf + 1>, kHalf + 1> decimal_lanes() {
  std::array<std::array<Lane, kHalf + 1>, kHalf + 1> lanes{};
  for (unsigned before = 0; before <= kHalf; ++before) {
    for (unsigned behind = 0; behind <= kHalf; ++behind) {
      for (unsigned i = 0; i < kHalf; ++i) {
        const unsigned empty = kHalf - before;
        lanes[before][behind][i] = i < empty ? kNone : static_cast<std::uint8_t>(i - empty);
        lanes[before][behind][kHalf + i] =
            i < behind ? static_cast<std::uint8_t>(before + 1 + i) : kNone;
      }
    }
  }
  return lanes;
}
alignas(64) constexpr auto kDecimal = decimal_lanes();

#define TOXVOL_WIDE __attribute__((target("avx2,bmi,bmi2"), always_inline)) inline

/// 16 bytes and 16 bytes.
TOXVOL_WIDE __m256i two(const void* low, const void* high) noexcept {
  const auto* const first = static_cast<const __m128i*>(low);
  const auto* const second = static_cast<const __m128i*>(high);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(first)),
                                 _mm_loadu_si128(second), 1);
}

/// The digits of two fields in their lanes.
TOXVOL_WIDE __m256i digits_of(const char* low, const char* high, const Lane* low_lane,
                              const Lane* high_lane) noexcept {
  const __m256i text = _mm256_xor_si256(two(low, high), _mm256_set1_epi8('0'));
  return _mm256_shuffle_epi8(text, two(low_lane, high_lane));
}

/// Bit i: byte i of 64 is `c`.
TOXVOL_WIDE std::uint64_t places_of(char c, __m256i low, __m256i high) noexcept {
  const __m256i wanted = _mm256_set1_epi8(c);
  const auto first =
      static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
  const auto second =
      static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
  return first | std::uint64_t{second} << 32;
}

struct WideField {
  const char* at;
  unsigned size;
};

/// The decimal that is `field`, `points` counted from it: its lane, nullptr where it is none with 1
/// to 8 digits before a point, and 1 to 8 behind it if there is one.
TOXVOL_WIDE const Lane* lane_of(WideField field, std::uint64_t points) noexcept {
  const unsigned point = static_cast<unsigned>(_tzcnt_u64(points));
  if (point >= field.size) {
    return field.size - 1 < kHalf ? &kDecimal[field.size][0] : nullptr;
  }
  const unsigned behind = field.size - point - 1;
  if (point - 1 >= kHalf || behind - 1 >= kHalf || field.size > kLane) return nullptr;
  return &kDecimal[point][behind];
}

/// Digits of four numbers to the numbers: the lanes of `x` and `y` in turn. What is no digit is
/// noted in `beyond`.
TOXVOL_WIDE __m256i numbers_of(__m256i x, __m256i y, __m256i& beyond) noexcept {
  const __m256i nine = _mm256_set1_epi8(9);
  beyond = _mm256_or_si256(beyond, _mm256_subs_epu8(_mm256_max_epu8(x, y), nine));
  const __m256i tens = _mm256_set1_epi16(10 | 1 << 8);
  const __m256i hundreds = _mm256_set1_epi32(100 | 1 << 16);
  const __m256i ten_thousands = _mm256_set1_epi32(10'000 | 1 << 16);
  const __m256i x_fours = _mm256_madd_epi16(_mm256_maddubs_epi16(x, tens), hundreds);
  const __m256i y_fours = _mm256_madd_epi16(_mm256_maddubs_epi16(y, tens), hundreds);
  const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(x_fours, y_fours), ten_thousands);
  return _mm256_add_epi64(_mm256_mul_epu32(eights, _mm256_set1_epi64x(100'000'000)),
                          _mm256_srli_epi64(eights, 32));
}

/// Past the line, or nullptr if it is not taken.
TOXVOL_WIDE const char* fast_quote_wide(const char* line, Quote& quote) noexcept {
  const auto* const bytes = reinterpret_cast<const __m256i*>(line);
  const __m256i low = _mm256_loadu_si256(bytes);
  const __m256i high = _mm256_loadu_si256(bytes + 1);
  std::uint64_t commas = places_of(',', low, high);
  const std::uint64_t points = places_of('.', low, high);

  std::array<WideField, 6> field;            // NOLINT: written before it is read
  std::array<std::uint64_t, 6> points_from;  // NOLINT
  unsigned start = 0;
  for (unsigned i = 0; i < 6; ++i) {
    const auto comma = static_cast<unsigned>(_tzcnt_u64(commas));
    if (comma >= 64) return nullptr;
    commas = _blsr_u64(commas);
    field[i] = {line + start, comma - start};
    points_from[i] = points >> start;
    start = comma + 1;
  }
  const char* const last = line + start;
  const Lane* const bid = lane_of(field[1], points_from[1]);
  const Lane* const bid_qty = lane_of(field[2], points_from[2]);
  const Lane* const ask = lane_of(field[3], points_from[3]);
  const Lane* const ask_qty = lane_of(field[4], points_from[4]);
  if (bid == nullptr || bid_qty == nullptr || ask == nullptr || ask_qty == nullptr ||
      field[0].size - 1 >= kLane || field[5].size != kTimeDigits) {
    return nullptr;
  }
  const Lane* const time = &kWhole[kTimeDigits];
  // In the order in which a quote has them.
  const __m256i event_and_id = digits_of(field[5].at, field[0].at, time, &kWhole[field[0].size]);
  const __m256i none_and_bid = digits_of(field[1].at, field[1].at, &kWhole[0], bid);
  const __m256i asks = digits_of(field[3].at, field[4].at, ask, ask_qty);
  const __m256i bid_qty_and_sent = digits_of(field[2].at, last, bid_qty, time);
  __m256i beyond = _mm256_setzero_si256();
  std::array<std::int64_t, 8> words;  // NOLINT
  auto* const out = reinterpret_cast<__m256i*>(words.data());
  _mm256_storeu_si256(out, numbers_of(event_and_id, none_and_bid, beyond));
  _mm256_storeu_si256(out + 1, numbers_of(asks, bid_qty_and_sent, beyond));
  if (_mm256_testz_si256(beyond, beyond) == 0) return nullptr;

  const auto event = to_timestamp(words[0], TimeUnit::Milliseconds);
  const auto sent = to_timestamp(words[7], TimeUnit::Milliseconds);
  if (!event || !sent) return nullptr;
  quote.ts_event = *event;
  quote.ts_init = {};
  quote.update_id = words[2];
  quote.bid = Price::from_raw(words[3]);
  quote.ask = Price::from_raw(words[4]);
  quote.bid_qty = Qty::from_raw(words[5]);
  quote.ask_qty = Qty::from_raw(words[6]);
  quote.ts_sent = *sent;
  const char* const end = last + kTimeDigits;
  if (*end == '\n') return end + 1;
  return end[0] == '\r' && end[1] == '\n' ? end + 2 : nullptr;
}

#undef TOXVOL_WIDE

__attribute__((target("avx2,bmi,bmi2"))) std::size_t take_wide(const char*& at,
                                                               std::span<Quote> rows) noexcept {
  const char* line = at;
  std::size_t count = 0;
  for (; count < rows.size(); ++count) {
    const char* const next = fast_quote_wide(line, rows[count]);
    if (next == nullptr) break;
    line = next;
  }
  at = line;
  return count;
}

}  // namespace

bool has_wide_registers() noexcept {
  static const bool has = __builtin_cpu_supports("avx2") != 0 &&
                          __builtin_cpu_supports("bmi") != 0 && __builtin_cpu_supports("bmi2") != 0;
  return has;
}

std::size_t fast_quotes_wide(const char*& at, std::span<Quote> rows) noexcept {
  return take_wide(at, rows);
}

#else

bool has_wide_registers() noexcept {
  return false;
}
std::size_t fast_quotes_wide(const char*& /*at*/, std::span<Quote> /*rows*/) noexcept {
  return 0;
}

#endif

}  // namespace toxvol::csv
