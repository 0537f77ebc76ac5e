#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/raw/rows_hash.hpp"
#include "toxvol/catalog/store/data_file_writer.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::catalog {

/// Where outputs are made; on the catalog's own file system.
[[nodiscard]] inline std::filesystem::path staging_folder(const std::filesystem::path& catalog) {
  return own_folder(catalog) / "staging";
}

/// Removes what a killed run left behind. Only with the catalog's lock: nobody else works there.
void remove_leftovers(const std::filesystem::path& catalog);

/// Removes the table's files of the same units as `kept`, which are all of it, other than these.
void remove_former_versions(const std::filesystem::path& catalog, Table table,
                            std::string_view symbol, const std::vector<Output>& kept);

/// The outputs of one source file in one table, a file a unit; none is seen before `publish`.
template <class Record>
class StagedTable {
 public:
  StagedTable(std::filesystem::path catalog, Table table, std::string_view symbol,
              const StoredInstrument& instrument, Workers* workers)
      : catalog_{std::move(catalog)},
        table_{table},
        symbol_{symbol},
        format_{.instrument_id = instrument_id(symbol),
                .price_precision = instrument.precision.price,
                .size_precision = instrument.precision.size},
        workers_{workers} {}

  /// `rows` are not none and of `unit`; units come one after another.
  void write(Day unit, std::span<const Record> rows) {
    if (units_.empty() || unit != units_.back().day) {
      finish();
      const auto name =
          fmt::format("{}-{}-{}.parquet", static_cast<int>(table_), symbol_, to_string(unit));
      units_.push_back(
          {.day = unit,
           .file = Writer{staging_folder(catalog_) / name, format_, Writer::Hash::Yes, workers_},
           .hash = {}});
    }
    Unit& now = units_.back();
    if constexpr (kIsTicks) {
      // The hash waits for itself most of the time: what stands between its blocks costs nothing.
      constexpr std::size_t kBetween = 8;
      for (; !rows.empty(); rows = rows.subspan(std::min(kBetween, rows.size()))) {
        const auto some = rows.first(std::min(kBetween, rows.size()));
        now.file.write(some);
        now.hash.add(some);
      }
    } else {
      now.file.write(rows);
    }
  }
  /// No more rows will come.
  void finish() {
    if (!units_.empty()) units_.back().file.finish();
  }
  /// Gives the files their place and removes what else the table has of the same units: former
  /// versions. Adds them to `outputs`. Throws `Error`.
  void publish(std::vector<Output>& outputs) const {
    const std::string folder = folder_of(table_, symbol_);
    std::vector<Output> published;
    for (const auto& [unit, file, hash] : units_) {
      const std::string name = file.publish(catalog_ / folder);
      published.push_back({.path = fmt::format("{}/{}", folder, name),
                           .unit = unit,
                           .rows = file.rows(),
                           .bytes = file.bytes(),
                           .sha256 = file.sha256(),
                           .xxh3 = file.xxh3(),
                           .rows_sha256 = kIsTicks ? hash.hex() : std::string{}});
    }
    remove_former_versions(catalog_, table_, symbol_, published);
    outputs.insert(outputs.end(), published.begin(), published.end());
  }

 private:
  using Writer = DataFileWriter<Record>;
  /// What is long to hash at every run (`KnownRows`).
  static constexpr bool kIsTicks = std::is_same_v<Record, Trade> || std::is_same_v<Record, Quote>;
  struct Unit {
    Day day{};
    Writer file;
    RowsHash hash;
  };
  std::filesystem::path catalog_;
  Table table_;
  std::string symbol_;
  columnar::MarketFormat format_;
  Workers* workers_;
  std::vector<Unit> units_;
};

}  // namespace toxvol::catalog
