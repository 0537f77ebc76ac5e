#pragma once

#include <cstdint>
#include <string_view>

namespace toxvol {

/// The five kinds of Binance file.
enum class Kind : std::uint8_t { AggTrades, BookTicker, Klines, Metrics, Funding };

/// As in Binance's paths and our manifest: `aggTrades`, `bookTicker`, `klines`, `metrics`,
/// `fundingRate`.
[[nodiscard]] constexpr std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::AggTrades:
      return "aggTrades";
    case Kind::BookTicker:
      return "bookTicker";
    case Kind::Klines:
      return "klines";
    case Kind::Metrics:
      return "metrics";
    case Kind::Funding:
      return "fundingRate";
  }
  return "";
}

}  // namespace toxvol
