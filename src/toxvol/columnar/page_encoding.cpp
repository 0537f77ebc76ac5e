#include "toxvol/columnar/page_encoding.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/columnar/varint.hpp"
#include "toxvol/core/divisor.hpp"

namespace toxvol::columnar {

namespace {

static_assert(std::endian::native == std::endian::little, "words are stored as they lie");

constexpr std::size_t kMostValues = 65'536;
constexpr int kSlotBits = 17;  // half empty at the most values

// The widest grid: its tables stay in the cache. A value pays for so many places without one.
constexpr std::uint64_t kMostPlaces = std::uint64_t{1} << 19;
constexpr std::uint64_t kPlacesPerValue = 8;
constexpr std::size_t kWord = sizeof(std::uint64_t);

// Blocks and miniblocks of DELTA_BINARY_PACKED.
constexpr std::size_t kBlock = 128;
constexpr std::size_t kMiniblock = 32;
constexpr std::size_t kMiniblocks = kBlock / kMiniblock;

/// Room for `size` more bytes, which begin at the result.
std::uint8_t* extend(Bytes& out, std::size_t size) {
  out.resize(out.size() + size);
  return out.data() + out.size() - size;
}

template <class Word, class From>
void put_words(std::span<const From> values, std::uint8_t* out) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto word = static_cast<Word>(values[i]);
    std::memcpy(out + i * sizeof word, &word, sizeof word);
  }
}
template <class Word, class To>
void get_words(const std::uint8_t* in, std::span<To> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    Word word = 0;
    std::memcpy(&word, in + i * sizeof word, sizeof word);
    values[i] = static_cast<To>(word);
  }
}

/// Bits of a number that is as large as the union of them.
std::uint8_t width_of(std::uint64_t bits, Width width) {
  if (bits == 0) return 0;
  if (bits <= std::numeric_limits<std::uint8_t>::max()) return 8;
  if (width == Width::Bits) return static_cast<std::uint8_t>(std::bit_width(bits));
  if (bits <= std::numeric_limits<std::uint16_t>::max()) return 16;
  if (bits <= std::numeric_limits<std::uint32_t>::max()) return 32;
  return 64;
}

using Miniblock = std::span<const std::uint64_t, kMiniblock>;
void put_miniblock(Miniblock values, std::uint8_t width, Bytes& out) {
  std::uint8_t* to = extend(out, kMiniblock * width / 8);
  const std::span<const std::uint64_t> all = values;
  if (width == 8) return put_words<std::uint8_t>(all, to);
  if (width == 16) return put_words<std::uint16_t>(all, to);
  if (width == 32) return put_words<std::uint32_t>(all, to);
  if (width == 64) return put_words<std::uint64_t>(all, to);
  // Lowest bits first; eight bytes go as soon as they are full.
  std::uint64_t word = 0;
  unsigned filled = 0;
  const auto put = [&](std::size_t bytes) {
    std::memcpy(to, &word, bytes);
    to += bytes;
  };
  for (const std::uint64_t value : values) {
    word |= value << filled;
    filled += width;
    if (filled < 64) continue;
    put(sizeof word);
    filled -= 64;
    word = filled == 0 ? 0 : value >> (width - filled);
  }
  put(filled / 8);
}

/// Values of 1 to 63 bits, of which there are `kMiniblock` at the front of `page`.
void get_bits(ByteView page, unsigned width, std::span<std::uint64_t> values) {
  // Eight bytes are loaded for each, at the page's end from a copy with some behind it.
  constexpr std::size_t kMore = sizeof(std::uint64_t);
  std::array<std::uint8_t, kMiniblock * sizeof(std::uint64_t) + kMore> copy;  // NOLINT
  const std::size_t size = kMiniblock * width / 8;
  const std::uint8_t* from = page.data();
  if (page.size() < size + kMore) {
    std::memcpy(copy.data(), from, size);
    std::memset(copy.data() + size, 0, kMore);
    from = copy.data();
  }
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  std::size_t bit = 0;
  for (std::uint64_t& value : values) {
    std::uint64_t word = 0;
    std::memcpy(&word, from + bit / 8, sizeof word);
    value = word >> (bit % 8);
    if (width > 57 && bit % 8 > 0) value |= std::uint64_t{from[bit / 8 + 8]} << (64 - bit % 8);
    value &= mask;
    bit += width;
  }
}
/// The miniblock at the front of `page`, which is not shorter.
void get_miniblock(ByteView page, std::uint8_t width, std::span<std::uint64_t> values) {
  if (width == 0) return std::fill(values.begin(), values.end(), 0);
  if (width == 8) return get_words<std::uint8_t>(page.data(), values);
  if (width == 16) return get_words<std::uint16_t>(page.data(), values);
  if (width == 32) return get_words<std::uint32_t>(page.data(), values);
  if (width == 64) return get_words<std::uint64_t>(page.data(), values);
  get_bits(page, width, values);
}

/// The greatest number that divides the distance of each of `values` from `least`; 1 where all are
/// it. No distance exceeds 63 bits.
std::uint64_t common_step(std::span<const std::int64_t> values, std::int64_t least) {
  std::int64_t step = 0;
  Divisor divisor{1};
  for (const std::int64_t value : values) {
    const std::int64_t distance = value - least;
    if (step != 0 && divisor.divides(distance)) continue;  // of all but the first few
    step = std::gcd(step, distance);
    if (step != 0) divisor = Divisor{step};
  }
  return step == 0 ? 1 : static_cast<std::uint64_t>(step);
}

}  // namespace

Extremes least_and_most(std::span<const std::int64_t> values) {
  Extremes found{.least = values.front(), .most = values.front()};
  for (const std::int64_t value : values) {
    found.least = std::min(found.least, value);
    found.most = std::max(found.most, value);
  }
  return found;
}

Dictionary::Dictionary() : values_(kMostValues) {}

void Dictionary::number(std::span<const std::int64_t> values, std::span<std::uint16_t> indices) {
  if (number_on_grid(values, indices)) return;
  clear();
  for (std::size_t i = 0; i < values.size(); ++i) indices[i] = index_of(values[i]);
}

bool Dictionary::number_on_grid(std::span<const std::int64_t> values,
                                std::span<std::uint16_t> indices) {
  const auto [least, most] = least_and_most(values);
  const std::uint64_t range = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  if (range > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return false;
  // What divides all of the first mostly divides all.
  constexpr std::size_t kFirst = 256;
  const auto first = values.first(std::min(kFirst, values.size()));
  return place({.from = least, .range = range, .step = common_step(first, least)}, values,
               indices) ||
         place({.from = least, .range = range, .step = common_step(values, least)}, values,
               indices);
}

bool Dictionary::place(Grid grid, std::span<const std::int64_t> values,
                       std::span<std::uint16_t> indices) {
  const std::uint64_t places = grid.range / grid.step + 1;
  if (places > kMostPlaces || places > kPlacesPerValue * values.size()) return false;
  const auto from = static_cast<std::uint64_t>(grid.from);
  const Divisor divisor{static_cast<std::int64_t>(grid.step)};
  if (places_.size() < values.size()) places_.resize(values.size());
  is_taken_.assign((places + kWord - 1) / kWord * kWord, 0);
  if (ranks_.size() < is_taken_.size()) ranks_.resize(is_taken_.size());
  bool are_multiples = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t place = divisor.quotient(static_cast<std::uint64_t>(values[i]) - from);
    are_multiples &= place < places;
    places_[i] = static_cast<std::uint32_t>(place);
    is_taken_[place < places ? place : 0] = 1;
  }
  if (!are_multiples) return false;
  count_ = 0;
  for (std::size_t word = 0; word < is_taken_.size(); word += kWord) {
    std::uint64_t taken = 0;
    std::memcpy(&taken, is_taken_.data() + word, sizeof taken);
    for (; taken != 0; taken &= taken - 1) {
      const std::size_t which = word + static_cast<std::size_t>(std::countr_zero(taken)) / 8;
      ranks_[which] = static_cast<std::uint16_t>(count_);
      values_[count_++] = static_cast<std::int64_t>(from + which * grid.step);
    }
  }
  for (std::size_t i = 0; i < values.size(); ++i) indices[i] = ranks_[places_[i]];
  return true;
}

void Dictionary::clear() {
  if (slots_.empty()) slots_.resize(std::size_t{1} << kSlotBits);
  count_ = 0;
  if (++age_ != 0) return;
  std::fill(slots_.begin(), slots_.end(), Slot{});
  age_ = 1;
}

std::uint16_t Dictionary::index_of(std::int64_t value) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  std::size_t at = (static_cast<std::uint64_t>(value) * kGolden) >> (64 - kSlotBits);
  for (;; at = (at + 1) % slots_.size()) {
    Slot& slot = slots_[at];
    if (slot.age == age_ && slot.value == value) return slot.index;
    if (slot.age == age_) continue;
    slot = {.value = value, .age = age_, .index = static_cast<std::uint16_t>(count_)};
    values_[count_++] = value;
    return slot.index;
  }
}

void put_indices(std::span<const std::uint16_t> indices, std::size_t distinct, Bytes& out) {
  if (distinct <= 1) {
    // One run of the same index; its width is 1 because some readers know no width 0.
    out.push_back(1);
    put_varint(indices.size() << 1, out);
    out.push_back(0);
    return;
  }
  const std::size_t groups = (indices.size() + 7) / 8;
  const auto width = static_cast<std::uint8_t>(distinct <= 2 ? 1 : distinct <= 256 ? 8 : 16);
  out.push_back(width);
  put_varint(groups << 1 | 1, out);
  std::uint8_t* const to = extend(out, groups * width);
  if (width == 8) put_words<std::uint8_t>(indices, to);
  if (width == 16) put_words<std::uint16_t>(indices, to);
  if (width > 1) return;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    to[i / 8] = static_cast<std::uint8_t>(to[i / 8] | indices[i] << (i % 8));
  }
}

bool get_indices(ByteView page, std::span<std::uint16_t> out) {
  if (page.empty()) return false;
  const std::uint8_t width = page.front();
  page = page.subspan(1);
  const auto header = get_varint(page);
  if (!header) return false;
  if ((*header & 1) == 0) {
    if (*header >> 1 != out.size() || width != 1 || page.size() != 1) return false;
    std::fill(out.begin(), out.end(), page.front());
    return true;
  }
  const std::size_t groups = (out.size() + 7) / 8;
  if (*header >> 1 != groups || page.size() != groups * width) return false;
  switch (width) {
    case 1:
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = page[i / 8] >> (i % 8) & 1;
      return true;
    case 8:
      get_words<std::uint8_t>(page.data(), out);
      return true;
    case 16:
      get_words<std::uint16_t>(page.data(), out);
      return true;
    default:
      return false;
  }
}

void put_deltas(std::span<const std::int64_t> values, Width width, Bytes& out) {
  put_varint(kBlock, out);
  put_varint(kMiniblocks, out);
  put_varint(values.size(), out);
  put_varint(values.empty() ? 0 : zigzag(static_cast<std::uint64_t>(values.front())), out);
  std::array<std::uint64_t, kBlock> deltas{};
  for (std::size_t from = 1; from < values.size(); from += kBlock) {
    const std::size_t count = std::min(kBlock, values.size() - from);
    std::int64_t least = 0;  // 0 unless there is a negative one: small deltas stay as they are
    for (std::size_t i = 0; i < count; ++i) {
      deltas[i] = static_cast<std::uint64_t>(values[from + i]) -
                  static_cast<std::uint64_t>(values[from + i - 1]);
      least = std::min(least, static_cast<std::int64_t>(deltas[i]));
    }
    const auto base = static_cast<std::uint64_t>(least);
    for (std::size_t i = 0; i < count; ++i) deltas[i] -= base;
    std::fill(deltas.begin() + static_cast<std::ptrdiff_t>(count), deltas.end(), 0);
    put_varint(zigzag(base), out);
    const std::size_t widths = out.size();
    extend(out, kMiniblocks);
    for (std::size_t i = 0; i < kMiniblocks && i * kMiniblock < count; ++i) {
      const Miniblock block{deltas.data() + i * kMiniblock, kMiniblock};
      std::uint64_t bits = 0;
      for (const std::uint64_t delta : block) bits |= delta;
      const std::uint8_t wide = width_of(bits, width);
      out[widths + i] = wide;
      put_miniblock(block, wide, out);
    }
  }
}

bool get_deltas(ByteView& page, std::span<std::int64_t> out) {
  const auto block_size = get_varint(page);
  const auto miniblocks = get_varint(page);
  const auto total = get_varint(page);
  const auto first = get_varint(page);
  if (block_size != kBlock || miniblocks != kMiniblocks || total != out.size() || !first) {
    return false;
  }
  if (out.empty()) return true;
  std::uint64_t value = unzigzag(*first);
  out.front() = static_cast<std::int64_t>(value);
  std::array<std::uint64_t, kMiniblock> deltas{};
  for (std::size_t at = 1; at < out.size();) {
    const auto base = get_varint(page);
    if (!base || page.size() < kMiniblocks) return false;
    const std::uint64_t least = unzigzag(*base);
    const ByteView widths = page.first(kMiniblocks);
    page = page.subspan(kMiniblocks);
    for (std::size_t i = 0; i < kMiniblocks && at < out.size(); ++i) {
      const std::size_t size = kMiniblock * widths[i] / 8;
      if (widths[i] > 64 || page.size() < size) return false;
      get_miniblock(page, widths[i], deltas);
      page = page.subspan(size);
      const std::size_t count = std::min(kMiniblock, out.size() - at);
      for (std::size_t j = 0; j < count; ++j) {
        value += least + deltas[j];
        out[at + j] = static_cast<std::int64_t>(value);
      }
      at += count;
    }
  }
  return true;
}

void put_texts(std::string_view text, std::span<const std::int64_t> sizes, Bytes& out) {
  std::vector<std::int64_t> shared(sizes.size());
  std::vector<std::int64_t> own(sizes.size());
  Bytes suffixes;
  suffixes.reserve(text.size());
  std::string_view before;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::string_view now = text.substr(0, static_cast<std::size_t>(sizes[i]));
    text.remove_prefix(now.size());
    const std::size_t most = std::min(before.size(), now.size());
    std::size_t same = 0;
    while (same < most && before[same] == now[same]) ++same;
    shared[i] = static_cast<std::int64_t>(same);
    own[i] = static_cast<std::int64_t>(now.size() - same);
    suffixes.insert(suffixes.end(), now.begin() + static_cast<std::ptrdiff_t>(same), now.end());
    before = now;
  }
  put_deltas(shared, Width::WholeBytes, out);
  put_deltas(own, Width::WholeBytes, out);
  out.insert(out.end(), suffixes.begin(), suffixes.end());
}

bool get_texts(ByteView page, std::string& text, std::span<std::int64_t> sizes) {
  std::vector<std::int64_t> shared(sizes.size());
  if (!get_deltas(page, shared) || !get_deltas(page, sizes)) return false;
  text.clear();
  std::size_t before = 0;
  std::size_t before_size = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const auto own = static_cast<std::uint64_t>(sizes[i]);
    const auto same = static_cast<std::uint64_t>(shared[i]);
    if (same > before_size || own > page.size()) return false;
    const std::size_t start = text.size();
    text.append(text, before, same);
    text.append(page.begin(), page.begin() + static_cast<std::ptrdiff_t>(own));
    page = page.subspan(own);
    before = start;
    before_size = text.size() - start;
    sizes[i] = static_cast<std::int64_t>(before_size);
  }
  return page.empty();
}

}  // namespace toxvol::columnar
