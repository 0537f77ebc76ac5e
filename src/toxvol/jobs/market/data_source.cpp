#include "toxvol/jobs/market/data_source.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/infer.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/poison/rows.hpp"

namespace toxvol::jobs {

namespace fs = std::filesystem;

DataSource::DataSource(const MarketOptions& options, std::string symbol, fs::path spill_folder)
    : symbol_{std::move(symbol)},
      catalog_{options.catalog},
      spill_{std::move(spill_folder)},
      poison_{options.poison} {
  if (options.catalog.empty() == options.raw.empty()) {
    throw UsageError{"name the data with one of --catalog DIR and --raw DIR"};
  }
  for (const std::string& path : options.raw) raw_.emplace_back(path);
}

std::string DataSource::name() const {
  return is_raw() ? raw_.front().string() : catalog_.string();
}

catalog::Coverage DataSource::coverage() const {
  return is_raw() ? catalog::raw_coverage(raw_, symbol_) : catalog::coverage(catalog_, symbol_);
}

catalog::OpenedMarket DataSource::open(Timestamp from, Timestamp to, Inputs inputs,
                                       Workers* workers) const {
  auto opened = is_raw() ? catalog::open_raw(raw_, symbol_, from, to, inputs, spill_)
                         : catalog::open(catalog_, symbol_, from, to, inputs, workers);
  if (poison_) poison_streams(opened.data, *poison_);
  return opened;
}

Instrument DataSource::instrument(Timestamp from, Timestamp to, Progress& progress) const {
  if (auto known = config::known_instrument(symbol_)) return *std::move(known);
  if (!is_raw()) {
    const auto stored = catalog::load_instrument(catalog_, symbol_);
    if (!stored)
      throw Error{fmt::format("{}: no instrument {}", name(), symbol_), ErrorCode::NotFound};
    return stored->instrument;
  }
  const auto found = catalog::discover(raw_);
  std::vector<catalog::SourceFile> files;
  for (const auto& file : found.files) {
    const auto period = file.period();
    if (file.symbol == symbol_ && period.from < to && period.to > from) files.push_back(file);
  }
  return catalog::instrument_of(files, symbol_, config::known_instrument, 1, spill_, progress)
      .instrument;
}

std::optional<fs::path> DataSource::synthetic_label() const {
  if (!is_raw()) {
    fs::path label = jobs::synthetic_label(catalog_);
    return fs::exists(label) ? std::optional{std::move(label)} : std::nullopt;
  }
  for (const fs::path& path : raw_) {
    if (auto label = find_synthetic_label(path)) return label;
  }
  return std::nullopt;
}

std::map<std::string, std::int64_t> DataSource::quality(Timestamp from, Timestamp to) const {
  std::map<std::string, std::int64_t> counts;
  const fs::path path = catalog_ / "toxvol" / "quality.parquet";
  if (is_raw() || !fs::exists(path)) return counts;
  columnar::TableReader table{path.string()};
  table.select({"symbol", "code", "day", "count", "ts", "ts_end"});
  while (const auto block = table.next()) {
    for (std::size_t row = 0; row < block->rows; ++row) {
      const auto day = block->columns[2].integer(row);
      const auto ts = block->columns[4].integer(row);
      const auto ts_end = block->columns[5].integer(row);
      // What has no day of its own in the window may be a stretch that reaches into it.
      const bool reaches = ts && ts_end && from_ns(*ts) < to && from_ns(*ts_end) > from;
      const bool inside = reaches || (day && *day >= day_of(from).time_since_epoch().count() &&
                                      Timestamp{Day{std::chrono::days{*day}}} < to);
      if (block->columns[0].text(row) != symbol_ || !inside) continue;
      std::int64_t count = block->columns[3].integer(row).value_or(0);
      if (reaches && held(block->columns[1].text(row)) == "DAY_MISSING") {
        const Timestamp begin = std::max(from, from_ns(*ts));
        const Timestamp end = std::min(to, from_ns(*ts_end));
        count = std::min<std::int64_t>(count, catalog::days_of(begin, end).days());
      }
      counts[std::string{held(block->columns[1].text(row))}] += count;
    }
  }
  return counts;
}

std::string DataSource::identity(Timestamp from, Timestamp to) const {
  std::string lines;
  if (is_raw()) {
    for (const auto& file : catalog::discover(raw_).files) {
      // The last bar and the last metrics of a file stand exactly at its period's end.
      const auto period = file.period();
      if (file.symbol != symbol_ || period.from >= to || period.to < from) continue;
      lines += fmt::format("{} {} {} bytes\n", toxvol::name(file.kind), file.label(), file.bytes);
    }
    return lines;
  }
  for (const catalog::Sidecar& file : catalog::all_sidecars(catalog_)) {
    if (file.symbol != symbol_ || !file.ts_first || !file.ts_last) continue;
    if (*file.ts_first >= to || *file.ts_last < from) continue;
    lines += fmt::format("{} {} {}\n", file.kind, file.label, file.hash);
  }
  return lines;
}

std::string DataSource::known_symbols() const {
  if (!is_raw()) return fmt::format("{}", fmt::join(catalog::symbols(catalog_), ", "));
  std::vector<std::string> symbols;
  for (const auto& file : catalog::discover(raw_).files) symbols.push_back(file.symbol);
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return fmt::format("{}", fmt::join(symbols, ", "));
}

}  // namespace toxvol::jobs
