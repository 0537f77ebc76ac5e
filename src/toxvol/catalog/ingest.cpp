#include "toxvol/catalog/ingest.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/comparison.hpp"
#include "toxvol/catalog/coverage.hpp"
#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/infer.hpp"
#include "toxvol/catalog/ingest_file.hpp"
#include "toxvol/catalog/instrument_store.hpp"
#include "toxvol/catalog/layout.hpp"
#include "toxvol/catalog/missing_days.hpp"
#include "toxvol/catalog/parallel.hpp"
#include "toxvol/catalog/sequence.hpp"
#include "toxvol/catalog/sidecar.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/file_lock.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

// Measured on BTCUSDT (docs/data.md#size): bytes in the catalog per byte of the source.
constexpr double kCsvRatio = 0.20;
constexpr double kZipRatio = 1.20;
constexpr std::int64_t kSpareBytes = std::int64_t{64} << 20;

constexpr std::array<Kind, 5> kKinds{Kind::AggTrades, Kind::BookTicker, Kind::Klines, Kind::Metrics,
                                     Kind::Funding};

/// What a killed run left behind: nobody else works here, the lock is held.
void remove_leftovers(const fs::path& catalog) {
  std::error_code failure;
  fs::remove_all(own_folder(catalog) / "staging", failure);
  std::vector<fs::path> leftovers;
  for (const auto& item : fs::recursive_directory_iterator{
           catalog, fs::directory_options::skip_permission_denied, failure}) {
    if (io::is_temporary(item.path())) leftovers.push_back(item.path());
  }
  for (const fs::path& path : leftovers) fs::remove(path, failure);
  fs::create_directories(own_folder(catalog) / "staging");
}

void prepare_folders(const fs::path& catalog) {
  std::error_code failure;
  fs::create_directories(own_folder(catalog), failure);
  if (failure) {
    throw Error{fmt::format("{}: {}; give --catalog a folder that can be written", catalog.string(),
                            failure.message())};
  }
}

bool is_up_to_date(const std::optional<Sidecar>& sidecar, const SourceFile& file,
                   const std::string& hash, const StoredInstrument& instrument,
                   const fs::path& catalog) {
  if (!sidecar || sidecar->skipped || sidecar->hash != hash || sidecar->path != file.relative ||
      sidecar->superseded != file.superseded || sidecar->precision != instrument.precision) {
    return false;
  }
  return std::all_of(sidecar->outputs.begin(), sidecar->outputs.end(), [&](const Output& output) {
    std::error_code failure;
    const auto bytes = fs::file_size(catalog / output.path, failure);
    return !failure && static_cast<std::int64_t>(bytes) == output.bytes;
  });
}

/// Daily files ingested earlier win over a monthly file too, although they are not in RAW now.
void add_ingested_days(std::vector<SourceFile>& files, const fs::path& catalog) {
  for (SourceFile& file : files) {
    if (!file.monthly) continue;
    const fs::path folder = sidecar_path(catalog, name(file.kind), file.symbol, "x").parent_path();
    std::error_code failure;
    if (!fs::is_directory(folder, failure)) continue;
    for (const auto& item : fs::directory_iterator{folder}) {
      const auto day = parse_day(item.path().stem().string());
      const quality::Period period = file.period();
      if (!day || Timestamp{*day} < period.from || Timestamp{*day} >= period.to) continue;
      const auto sidecar = load_sidecar(item.path());
      if (sidecar && !sidecar->skipped) file.superseded.push_back(*day);
    }
    std::sort(file.superseded.begin(), file.superseded.end());
    file.superseded.erase(std::unique(file.superseded.begin(), file.superseded.end()),
                          file.superseded.end());
  }
}

/// `BTCUSDT` → {BTC, USDT}.
std::pair<std::string, std::string> currencies(std::string_view symbol) {
  for (const std::string_view quote : {"USDT", "USDC", "BUSD", "BTC"}) {
    if (symbol.size() > quote.size() && symbol.ends_with(quote)) {
      return {std::string{symbol.substr(0, symbol.size() - quote.size())}, std::string{quote}};
    }
  }
  return {std::string{symbol}, "USDT"};
}

/// NautilusTrader's instrument: what is in force at the end of the data.
void write_perpetual(const fs::path& catalog, const std::string& symbol,
                     const StoredInstrument& stored, Timestamp end) {
  const Instrument& instrument = stored.instrument;
  const auto [base, quote] = currencies(symbol);
  columnar::PerpetualFile perpetual{.instrument_id = instrument_id(symbol),
                                    .raw_symbol = symbol,
                                    .base_currency = base,
                                    .quote_currency = quote,
                                    .price_precision = stored.precision.price,
                                    .size_precision = stored.precision.size,
                                    .tick = at(instrument.tick, end),
                                    .lot = instrument.lot,
                                    .min_qty = instrument.min_qty,
                                    .min_notional = at(instrument.min_notional, end),
                                    .margin_init = Rate::from_raw(5'000'000),
                                    .margin_maint = Rate::from_raw(2'500'000)};
  for (const Fee& fee : at(instrument.fees, end)) {
    if (fee.tier != "VIP0") continue;
    perpetual.maker_fee = fee.maker;
    perpetual.taker_fee = fee.taker;
  }
  std::string bytes;
  columnar::write_perpetual(
      [&](std::span<const std::byte> piece) {
        bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      },
      perpetual);
  const fs::path folder = catalog / folder_of(Table::Perpetual, symbol);
  fs::create_directories(folder);
  const fs::path path = folder / file_name(Timestamp{}, Timestamp{});
  if (fs::exists(path) && io::read_file(path) == bytes) return;
  io::write_file_atomically(path, bytes);
}

/// Symbols of which the catalog has kept a row with a price.
std::set<std::string> priced_symbols(const fs::path& catalog) {
  std::set<std::string> priced;
  for (const Sidecar& sidecar : all_sidecars(catalog)) {
    for (const Kind kind : kKinds) {
      const bool here = sidecar.kind == name(kind) && has_prices(kind);
      if (here && sidecar.counts.kept > 0) priced.insert(sidecar.symbol);
    }
  }
  return priced;
}

/// The instrument of each symbol, as frozen before or from now on. Where nothing is known, because
/// no row with a price is kept (N8), nothing is frozen: the files that remain need no precision.
std::map<std::string, StoredInstrument> freeze_instruments(const std::vector<SourceFile>& files,
                                                           const std::set<std::string>& symbols,
                                                           const IngestOptions& options,
                                                           Progress& progress) {
  const std::set<std::string> priced = priced_symbols(options.catalog);
  std::map<std::string, StoredInstrument> instruments;
  std::error_code failure;
  for (const std::string& symbol : symbols) {
    auto stored = load_instrument(options.catalog, symbol);
    if (stored && stored->instrument.inferred && !priced.contains(symbol)) {
      forget_instrument(options.catalog, symbol);
      fs::remove_all(options.catalog / folder_of(Table::Perpetual, symbol), failure);
      stored.reset();
    }
    if (!stored) {
      stored = find_instrument(files, symbol, options.known, options.jobs,
                               own_folder(options.catalog) / "staging", progress);
      if (stored) save(options.catalog, *stored);
    }
    if (!stored) stored = infer_instrument(symbol, Precision{.price = 0, .size = 0});
    instruments.emplace(symbol, *std::move(stored));
  }
  return instruments;
}

void count(IngestReport& report, const SourceFile& file, const Sidecar& sidecar) {
  KindCounts& kind = report.kinds[static_cast<std::size_t>(file.kind)];
  ++kind.files;
  kind.rows.read += sidecar.counts.read;
  kind.rows.kept += sidecar.counts.kept;
  kind.rows.dropped += sidecar.counts.dropped;
  kind.rows.repaired += sidecar.counts.repaired;
  kind.rows.quarantined += sidecar.counts.quarantined;
  for (const Output& output : sidecar.outputs) report.output_bytes += output.bytes;
  for (const auto& finding : sidecar.findings) {
    report.findings.push_back(
        {.file = file.relative, .symbol = file.symbol, .kind = file.kind, .finding = finding});
  }
}

}  // namespace

std::vector<SourceFile> selected(const std::vector<SourceFile>& found,
                                 const std::vector<std::string>& symbols, std::optional<Day> from,
                                 std::optional<Day> to) {
  std::vector<SourceFile> result;
  for (const SourceFile& file : found) {
    if (!symbols.empty() &&
        std::find(symbols.begin(), symbols.end(), file.symbol) == symbols.end()) {
      continue;
    }
    const quality::Period period = file.period();
    if (from && period.to <= Timestamp{*from}) continue;
    if (to && period.from >= Timestamp{*to}) continue;
    result.push_back(file);
  }
  return result;
}

std::int64_t estimated_bytes(const std::vector<SourceFile>& files) {
  double total = 0.0;
  for (const SourceFile& file : files) {
    total += static_cast<double>(file.bytes) * (file.zip ? kZipRatio : kCsvRatio);
  }
  return static_cast<std::int64_t>(total);
}

IngestReport ingest(const IngestOptions& options, Progress& progress) {
  const Discovery found = discover(options.raw);
  std::vector<SourceFile> files = selected(found.files, options.symbols, options.from, options.to);
  IngestReport report;
  for (const Kind kind : kKinds) report.kinds.push_back({.kind = kind});
  for (const RefusedFile& refused : found.refused) {
    report.skipped.push_back(fmt::format("{}: {}", refused.path, refused.why));
  }
  if (files.empty()) {
    if (!found.refused.empty()) throw Error{report.skipped.front()};
    throw Error{
        fmt::format("{}: no file of the wanted symbols and days; names are like "
                    "BTCUSDT-aggTrades-2024-01-31.zip",
                    options.raw.front().string())};
  }

  prepare_folders(options.catalog);
  const io::FileLock lock{own_folder(options.catalog) / "lock"};
  remove_leftovers(options.catalog);
  add_ingested_days(files, options.catalog);

  std::set<std::string> symbols;
  for (const SourceFile& file : files) symbols.insert(file.symbol);
  const auto instruments = freeze_instruments(files, symbols, options, progress);

  // Which are to be done, by hash; then the disk must have room for them.
  std::int64_t total_bytes = 0;
  for (const SourceFile& file : files) total_bytes += file.bytes;
  progress.begin("hashing", total_bytes);
  std::vector<std::string> hashes(files.size());
  std::vector<std::optional<Sidecar>> sidecars(files.size());
  std::vector<char> fresh(files.size());
  std::vector<char> changed(files.size());
  in_parallel(files.size(), options.jobs, [&](std::size_t i) {
    const SourceFile& file = files[i];
    hashes[i] = io::source_hash(file.path);
    sidecars[i] =
        load_sidecar(sidecar_path(options.catalog, name(file.kind), file.symbol, file.label()));
    fresh[i] =
        is_up_to_date(sidecars[i], file, hashes[i], instruments.at(file.symbol), options.catalog)
            ? 1
            : 0;
    changed[i] = sidecars[i] && sidecars[i]->hash != hashes[i] ? 1 : 0;
    progress.advance(file.bytes, 0);
  });
  std::vector<std::size_t> todo;
  std::vector<SourceFile> todo_files;
  std::int64_t todo_bytes = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (changed[i] != 0) report.changed.push_back(files[i].relative);
    if (fresh[i] != 0) continue;
    todo.push_back(i);
    todo_files.push_back(files[i]);
    todo_bytes += files[i].bytes;
  }
  const std::int64_t needed = estimated_bytes(todo_files);
  const std::int64_t available = io::free_bytes(options.catalog);
  if (!todo.empty() && available < needed + kSpareBytes) {
    throw Error{
        fmt::format("{}: {} MB free, about {} MB needed; free some space or choose "
                    "another --catalog",
                    options.catalog.string(), available >> 20, (needed + kSpareBytes) >> 20)};
  }

  // The longest first, so that no thread is left with one at the end.
  std::sort(todo.begin(), todo.end(), [&](std::size_t a, std::size_t b) {
    return files[a].bytes != files[b].bytes ? files[a].bytes > files[b].bytes : a < b;
  });
  progress.begin("ingesting", todo_bytes);
  in_parallel(todo.size(), options.jobs, [&](std::size_t t) {
    const std::size_t i = todo[t];
    const SourceFile& file = files[i];
    // Progress is told in bytes of the file as it is; a ZIP's rows come from more bytes than that.
    std::int64_t told = 0;
    sidecars[i] = ingest_file(
        file, options.catalog, instruments.at(file.symbol), hashes[i], options.strict,
        [&](std::int64_t bytes, std::int64_t rows) {
          const std::int64_t step =
              file.zip ? 0 : std::max<std::int64_t>(0, std::min(bytes, file.bytes - told));
          told += step;
          progress.advance(step, rows);
        });
    progress.advance(file.bytes - told, 0);
  });

  const std::vector<Comparison> compared = comparisons(options.catalog, symbols);
  std::vector<Sidecar> results(compared.size());
  progress.begin("comparing kinds", static_cast<std::int64_t>(compared.size()));
  in_parallel(compared.size(), options.jobs, [&](std::size_t i) {
    results[i] = compare(options.catalog, compared[i]);
    progress.advance(1, 0);
  });

  std::map<std::string, Timestamp> ends;
  for (const Sidecar& sidecar : all_sidecars(options.catalog)) {
    if (!sidecar.ts_last || !symbols.contains(sidecar.symbol)) continue;
    Timestamp& end = ends[sidecar.symbol];
    end = std::max(end, *sidecar.ts_last);
  }
  for (const auto& [symbol, stored] : instruments) {
    if (!load_instrument(options.catalog, symbol)) continue;
    write_perpetual(options.catalog, symbol, stored, ends[symbol]);
  }
  assemble(options.catalog);
  std::error_code failure;
  fs::remove_all(own_folder(options.catalog) / "staging", failure);

  report.files = static_cast<std::int64_t>(files.size());
  report.unchanged = report.files - static_cast<std::int64_t>(todo.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    count(report, files[i], *sidecars[i]);
    if (sidecars[i]->skipped) {
      report.skipped.push_back(fmt::format("{} skipped ({}): {}", files[i].path.string(),
                                           quality::info(sidecars[i]->findings.front().code).name,
                                           sidecars[i]->findings.front().text));
    }
  }
  for (const std::size_t i : todo) report.ingested += sidecars[i]->skipped ? 0 : 1;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    for (const auto& finding : results[i].findings) {
      report.findings.push_back({.file = "",
                                 .symbol = compared[i].symbol,
                                 .kind = kind_of(compared[i]),
                                 .finding = finding});
    }
  }
  for (const std::string& symbol : symbols) {
    for (auto& missing : missing_days(coverage(options.catalog, symbol))) {
      report.findings.push_back({.file = "",
                                 .symbol = symbol,
                                 .kind = missing.kind,
                                 .finding = std::move(missing.finding)});
    }
  }
  return report;
}

}  // namespace toxvol::catalog
