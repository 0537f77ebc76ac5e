#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

/// Where things are in a catalog (docs/data.md#catalog).
namespace toxvol::catalog {

/// The folders of `catalog/data`. Klines are two of them, and so is funding: its updates repeat it
/// in NautilusTrader's own type.
enum class Table : std::uint8_t {
  Trades,
  Quotes,
  Bars,
  Flow,
  Metrics,
  Funding,
  FundingUpdates,
  Perpetual
};

/// The layout that ingest writes (docs/data.md#layouts): the manifest's `schema`.
inline constexpr int kLayout = 2;

/// Where the rows of a kind are; what klines say beyond a bar is in `Table::Flow`.
[[nodiscard]] constexpr Table table_of(Kind kind) {
  constexpr std::array kTables{Table::Trades, Table::Quotes, Table::Bars, Table::Metrics,
                               Table::Funding};
  return kTables[static_cast<std::size_t>(kind)];
}

/// `BTCUSDT` → `BTCUSDT-PERP.BINANCE`.
[[nodiscard]] std::string instrument_id(std::string_view symbol);

/// `data/trade_tick`, relative to the catalog.
[[nodiscard]] std::string folder_of(Table table);
/// `data/trade_tick/BTCUSDT-PERP.BINANCE`.
[[nodiscard]] std::string folder_of(Table table, std::string_view symbol);

/// `2024-08-08T23-54-00-000000000Z_2024-08-08T23-59-59-999000123Z.parquet`.
[[nodiscard]] std::string file_name(Timestamp first_init, Timestamp last_init);

struct Interval {
  Timestamp first{};
  Timestamp last{};  // inclusive
};
/// What a file's name says; nothing for any other name.
[[nodiscard]] std::optional<Interval> interval_of(std::string_view file_name);

/// The day whose file holds a row of this `ts_init`; of funding the first day of the month.
[[nodiscard]] Day unit_of(Timestamp init, Table table);

[[nodiscard]] std::filesystem::path own_folder(const std::filesystem::path& catalog);
/// `toxvol/sidecars/aggTrades/BTCUSDT/2024-01-31.json`.
[[nodiscard]] std::filesystem::path sidecar_path(const std::filesystem::path& catalog,
                                                 std::string_view kind, std::string_view symbol,
                                                 std::string_view label);

}  // namespace toxvol::catalog
