#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace toxvol {

/// The five kinds of Binance file. What belongs to each is said once: words here, C++ types and
/// members in core/kinds.hpp.
enum class Kind : std::uint8_t { AggTrades, BookTicker, Klines, Metrics, Funding };

struct KindFacts {
  Kind kind{};
  std::string_view name;           // in Binance's paths, our manifest and `run.inputs`
  std::string_view in_file_names;  // BTCUSDT-1m-2024-01-31.zip
  std::string_view records;        // what its rows are called in `Inputs` and in Python
  bool by_month = false;           // its files are months, those of the others are days
};

inline constexpr std::array<KindFacts, 5> kKindFacts{{
    {Kind::AggTrades, "aggTrades", "aggTrades", "trades"},
    {Kind::BookTicker, "bookTicker", "bookTicker", "quotes"},
    {Kind::Klines, "klines", "1m", "bars"},
    {Kind::Metrics, "metrics", "metrics", "metrics"},
    {Kind::Funding, "fundingRate", "fundingRate", "funding", true},
}};

/// All of them, in their order.
inline constexpr std::array kKinds = [] {
  std::array<Kind, kKindFacts.size()> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) kinds[i] = kKindFacts[i].kind;
  return kinds;
}();

[[nodiscard]] constexpr const KindFacts& facts(Kind kind) {
  return kKindFacts[static_cast<std::size_t>(kind)];
}

/// `aggTrades`, `bookTicker`, `klines`, `metrics`, `fundingRate`.
[[nodiscard]] constexpr std::string_view name(Kind kind) {
  return facts(kind).name;
}
[[nodiscard]] constexpr std::optional<Kind> kind_named(std::string_view name) {
  for (const KindFacts& known : kKindFacts) {
    if (known.name == name) return known.kind;
  }
  return std::nullopt;
}

}  // namespace toxvol
