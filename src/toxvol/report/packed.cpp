#include "toxvol/report/packed.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

// 2^51: then the code of the distance of two is at most 2^53, all that a number of the page holds.
constexpr double kLargest = 2'251'799'813'685'248.0;
constexpr std::uint64_t kLargestCode = std::uint64_t{1} << 53U;
constexpr int kSignificant = 4;
constexpr int kMaxDecimals = 12;
constexpr std::size_t kByteValues = 256;

using Units = std::vector<std::optional<std::int64_t>>;

Units units_of(std::span<const std::optional<double>> values, int decimals) {
  double scale = 1.0;
  for (int i = 0; i < decimals; ++i) scale *= 10.0;
  Units units;
  units.reserve(values.size());
  for (const auto& value : values) {
    if (!value || !std::isfinite(*value)) {
      units.emplace_back();
      continue;
    }
    const double whole = std::round(*value * scale);
    if (std::abs(whole) > kLargest) {
      throw Error(fmt::format("the report cannot hold {} with {} decimals", *value, decimals));
    }
    units.emplace_back(static_cast<std::int64_t>(whole));
  }
  return units;
}

/// Runs of absent values: first, how many, first, how many …
Json nulls_of(const Units& units) {
  Json nulls = Json::array();
  for (std::size_t from = 0; from < units.size(); ++from) {
    if (units[from]) continue;
    std::size_t to = from;
    while (to < units.size() && !units[to]) ++to;
    nulls.push_back(from);
    nulls.push_back(to - from);
    from = to;
  }
  return nulls;
}

/// What the columns of `near` say of a row; 0 where they say nothing.
std::int64_t expected(const Near& near, std::size_t row) {
  if (near.how == "before") return row > 0 ? near.of[0].get().units[row - 1].value_or(0) : 0;
  std::optional<std::int64_t> found;
  for (const PackedColumn& one : near.of) {
    const auto unit = one.units[row];
    if (unit && (!found || (near.how == "most" ? *unit > *found : *unit < *found))) found = unit;
  }
  return found.value_or(0);
}

std::vector<std::int64_t> distances(const Units& units, const Near* near) {
  std::vector<std::int64_t> kept;
  for (std::size_t row = 0; row < units.size(); ++row) {
    const auto& unit = units[row];
    if (unit) kept.push_back(*unit - (near != nullptr ? expected(*near, row) : 0));
  }
  return kept;
}

std::vector<std::int64_t> differences(const std::vector<std::int64_t>& numbers) {
  std::vector<std::int64_t> kept;
  kept.reserve(numbers.size());
  std::int64_t before = 0;
  for (const std::int64_t number : numbers) kept.push_back(number - std::exchange(before, number));
  return kept;
}

/// One way to keep a column: for each value a code, its bytes in planes, and what these may cost.
struct Way {
  int order = 0;
  bool is_near = false;
  std::size_t planes = 0;
  std::vector<unsigned char> bytes{};
  double bits = 0.0;
};

/// 0, −1, 1, −2 … as 0, 1, 2, 3 …
std::uint64_t zigzag(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return (bits << 1U) ^ (value < 0 ? ~std::uint64_t{0} : 0);
}

/// The entropy of the bytes, which is what DEFLATE comes near to.
double entropy_bits(std::span<const unsigned char> bytes) {
  std::array<std::size_t, kByteValues> counts{};
  for (const unsigned char byte : bytes) ++counts.at(byte);
  const auto all = static_cast<double>(bytes.size());
  double bits = 0.0;
  for (const std::size_t count : counts) {
    if (count == 0) continue;
    bits += static_cast<double>(count) * std::log2(all / static_cast<double>(count));
  }
  return bits;
}

/// Nothing where a code is too large.
std::optional<Way> way(const std::vector<std::int64_t>& numbers, int order, bool is_near) {
  Way made{.order = order, .is_near = is_near};
  std::vector<std::uint64_t> codes;
  codes.reserve(numbers.size());
  std::uint64_t largest = 0;
  for (const std::int64_t number : numbers) {
    codes.push_back(zigzag(number));
    largest = std::max(largest, codes.back());
  }
  if (largest > kLargestCode) return std::nullopt;
  for (; largest > 0; largest >>= 8U) {
    const std::size_t begin = made.bytes.size();
    for (const std::uint64_t code : codes) {
      made.bytes.push_back(static_cast<unsigned char>(code >> (8U * made.planes) & 0xFFU));
    }
    ++made.planes;
    made.bits += entropy_bits(std::span{made.bytes}.subspan(begin));
  }
  return made;
}

}  // namespace

int decimals_for(std::span<const std::optional<double>> values) {
  double largest = 0.0;
  for (const auto& value : values) {
    if (value && std::isfinite(*value)) largest = std::max(largest, std::abs(*value));
  }
  if (largest == 0.0) return 0;
  const int first = static_cast<int>(std::floor(std::log10(largest)));
  return std::clamp(kSignificant - 1 - first, 0, kMaxDecimals);
}

PackedColumn packed_column(std::span<const std::optional<double>> values, int decimals,
                           const Near& near) {
  PackedColumn made{.units = units_of(values, decimals), .json = Json::object()};
  std::optional<Way> best;
  const auto consider = [&best](std::optional<Way> other) {
    if (other && (!best || other->bits < best->bits)) best = std::move(other);
  };
  const auto both = [&](const std::vector<std::int64_t>& numbers, bool is_near) {
    consider(way(differences(numbers), 1, is_near));
    consider(way(numbers, 0, is_near));
  };
  both(distances(made.units, nullptr), false);
  if (!near.of.empty()) {
    for (const PackedColumn& one : near.of) {
      TOXVOL_ASSERT(one.units.size() == made.units.size());
      TOXVOL_ASSERT(one.json.at("decimals") == decimals);
    }
    both(distances(made.units, &near), true);
  }
  TOXVOL_ASSERT(best.has_value());
  made.json = {{"n", values.size()},
               {"decimals", decimals},
               {"nulls", nulls_of(made.units)},
               {"order", best->order},
               {"planes", best->planes}};
  if (best->is_near) {
    made.json["near"] = near.how;
    made.json["of"] = Json::array();
    for (const PackedColumn& one : near.of) made.json["of"].push_back(one.json);
  }
  made.json["data"] = Json::binary(std::move(best->bytes));
  return made;
}

PackedColumn packed_column(const std::vector<double>& values, int decimals, const Near& near) {
  return packed_column(std::vector<std::optional<double>>(values.begin(), values.end()), decimals,
                       near);
}

Json packed(std::span<const std::optional<double>> values, int decimals) {
  return packed_column(values, decimals).json;
}

Json packed(const std::vector<double>& values, int decimals) {
  return packed_column(values, decimals).json;
}

}  // namespace toxvol::report
