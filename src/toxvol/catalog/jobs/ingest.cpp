#include "toxvol/catalog/jobs/ingest.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/comparison.hpp"
#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/jobs/infer.hpp"
#include "toxvol/catalog/jobs/ingest_file.hpp"
#include "toxvol/catalog/jobs/kept_ranges.hpp"
#include "toxvol/catalog/jobs/manifest.hpp"
#include "toxvol/catalog/jobs/missing_days.hpp"
#include "toxvol/catalog/jobs/parallel.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/older_layout.hpp"
#include "toxvol/catalog/store/perpetual.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/catalog/store/staging.hpp"
#include "toxvol/catalog/store/written_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
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

void prepare_folders(const fs::path& catalog) {
  std::error_code failure;
  fs::create_directories(own_folder(catalog), failure);
  if (failure) {
    throw Error{fmt::format("{}: {}; give --catalog a folder that can be written", catalog.string(),
                            failure.message()),
                ErrorCode::Io};
  }
}

bool is_same_source(const Sidecar& sidecar, const SourceFile& file, const std::string& hash,
                    const StoredInstrument& instrument) {
  return !sidecar.skipped && sidecar.hash == hash && sidecar.path == file.relative &&
         sidecar.superseded == file.superseded && sidecar.precision == instrument.precision;
}

/// A line for each output that is no longer what was made of the source.
std::vector<std::string> damages(const Sidecar& sidecar, const SourceFile& file,
                                 const fs::path& catalog) {
  std::vector<std::string> lines;
  for (const Output& output : sidecar.outputs) {
    const fs::path path = catalog / output.path;
    const auto how = difference_from_written(path, output.bytes, output.xxh3, io::xxh3_hex_of_file);
    if (!how) continue;
    lines.push_back(fmt::format("{}: not the file that ingest wrote ({}); made anew from {}",
                                path.string(), *how, file.path.string()));
  }
  return lines;
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
      const TimeRange period = file.period();
      if (!day || Timestamp{*day} < period.from || Timestamp{*day} >= period.to) continue;
      const auto sidecar = load_sidecar(item.path());
      if (sidecar && !sidecar->skipped) file.superseded.push_back(*day);
    }
    std::sort(file.superseded.begin(), file.superseded.end());
    file.superseded.erase(std::unique(file.superseded.begin(), file.superseded.end()),
                          file.superseded.end());
  }
}

/// Symbols of which the catalog has kept a row with a price.
std::set<std::string> priced_symbols(const fs::path& catalog) {
  std::set<std::string> priced;
  for (const Sidecar& sidecar : all_sidecars(catalog)) {
    const auto kind = kind_named(sidecar.kind);
    if (kind && has_prices(*kind) && sidecar.counts.kept > 0) priced.insert(sidecar.symbol);
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
                               staging_folder(options.catalog), progress);
      if (stored) save(options.catalog, *stored);
    }
    if (!stored) stored = infer_instrument(symbol, Precision{.price = 0, .size = 0});
    instruments.emplace(symbol, *std::move(stored));
  }
  return instruments;
}

/// One run of `ingest`, phase by phase.
class Ingest {
 public:
  Ingest(const IngestOptions& options, Progress& progress)
      : options_{options}, progress_{progress}, pool_{options.jobs} {}

  void plan();
  void hash();
  void ingest();
  void compare();
  void publish();
  [[nodiscard]] IngestReport report() const;

 private:
  struct Item {
    SourceFile file;
    std::string hash;
    std::optional<Sidecar> sidecar;
    bool is_fresh = false;               // ingested before, nothing to do
    bool is_changed = false;             // ingested before, but with other contents
    std::vector<std::string> damaged{};  // outputs that are not as they were written
  };
  struct Compared {
    Comparison comparison;
    Sidecar result;
  };

  void look_up(Item& item);
  void ingest_item(Item& item);
  void count(const Item& item, IngestReport& report) const;

  const IngestOptions& options_;
  Progress& progress_;
  ThreadPool pool_;
  std::optional<io::FileLock> lock_;
  std::vector<Item> items_;
  std::vector<std::string> refused_;
  std::set<std::string> symbols_;
  std::map<std::string, StoredInstrument> instruments_;
  std::vector<Item*> todo_;  // the longest first, so that no thread is left with one at the end
  KeptRanges ranges_;
  std::vector<Compared> compared_;
};

/// What is there, and the instruments that all files of a symbol share.
void Ingest::plan() {
  const Discovery found = discover(options_.raw);
  std::vector<SourceFile> files =
      selected(found.files, options_.symbols, options_.from, options_.to);
  for (const RefusedFile& refused : found.refused) {
    refused_.push_back(fmt::format("{}: {}", refused.path, refused.why));
  }
  if (files.empty()) {
    if (!refused_.empty()) throw Error{refused_.front()};
    throw Error{fmt::format("{}: no file of the wanted symbols and days; names are like "
                            "BTCUSDT-aggTrades-2024-01-31.zip",
                            options_.raw.front().string()),
                ErrorCode::NotFound};
  }
  require_layout(options_.catalog);
  prepare_folders(options_.catalog);
  lock_.emplace(own_folder(options_.catalog) / "lock");
  remove_leftovers(options_.catalog);
  fs::create_directories(staging_folder(options_.catalog));
  add_ingested_days(files, options_.catalog);
  for (const SourceFile& file : files) symbols_.insert(file.symbol);
  instruments_ = freeze_instruments(files, symbols_, options_, progress_);
  for (SourceFile& file : files) {
    Item& item = items_.emplace_back();
    item.file = std::move(file);
  }
}

/// Which files are to be done; the disk must have room for what they give.
void Ingest::hash() {
  std::int64_t bytes = 0;
  for (const Item& item : items_) bytes += item.file.bytes;
  progress_.begin("hashing", bytes);
  pool_.for_each(items_.size(), [&](std::size_t i) { look_up(items_[i]); });
  std::vector<SourceFile> files;
  for (Item& item : items_) {
    for (const std::string& line : item.damaged) progress_.tell(line);
    if (item.is_fresh) continue;
    todo_.push_back(&item);
    files.push_back(item.file);
  }
  const std::int64_t needed = estimated_bytes(files) + kSpareBytes;
  const std::int64_t available = io::free_bytes(options_.catalog);
  if (!todo_.empty() && available < needed) {
    throw Error{fmt::format("{}: {} MB free, about {} MB needed; free some space or choose "
                            "another --catalog",
                            options_.catalog.string(), available >> 20, needed >> 20),
                ErrorCode::Io};
  }
}

void Ingest::look_up(Item& item) {
  const SourceFile& file = item.file;
  item.sidecar =
      load_sidecar(sidecar_path(options_.catalog, name(file.kind), file.symbol, file.label()));
  // The hash of a ZIP is compared with its .CHECKSUM before the file is read. A new CSV has nothing
  // to be compared with: it is hashed while it is read.
  if (item.sidecar || file.zip) item.hash = io::source_hash(file.path);
  if (item.sidecar &&
      is_same_source(*item.sidecar, file, item.hash, instruments_.at(file.symbol))) {
    item.damaged = damages(*item.sidecar, file, options_.catalog);
    item.is_fresh = item.damaged.empty();
  }
  item.is_changed = item.sidecar && item.sidecar->hash != item.hash;
  progress_.advance(file.bytes, 0);
}

/// Each file into its outputs and its sidecar.
void Ingest::ingest() {
  // The longest first; equally long ones in the order in which they lie.
  std::sort(todo_.begin(), todo_.end(), [](const Item* a, const Item* b) {
    return a->file.bytes != b->file.bytes ? a->file.bytes > b->file.bytes : a < b;
  });
  std::int64_t bytes = 0;
  for (const Item* item : todo_) bytes += item->file.bytes;
  progress_.begin("ingesting", bytes);
  pool_.for_each(todo_.size(), [&](std::size_t i) { ingest_item(*todo_[i]); });
}

void Ingest::ingest_item(Item& item) {
  const SourceFile& file = item.file;
  // Progress is told in bytes of the file as it is; a ZIP's rows come from more bytes than that.
  std::int64_t told = 0;
  const auto tell = [&](std::int64_t bytes, std::int64_t rows) {
    const std::int64_t step =
        file.zip ? 0 : std::max<std::int64_t>(0, std::min(bytes, file.bytes - told));
    told += step;
    progress_.advance(step, rows);
  };
  item.sidecar = ingest_file(
      file, instruments_.at(file.symbol), item.hash,
      {.catalog = options_.catalog, .strict = options_.strict, .workers = pool_, .ranges = ranges_},
      tell);
  progress_.advance(file.bytes - told, 0);
}

/// What only several outputs together can tell.
void Ingest::compare() {
  for (Comparison& comparison : comparisons(all_sidecars(options_.catalog), symbols_)) {
    compared_.push_back({.comparison = std::move(comparison), .result = {}});
  }
  progress_.begin("comparing kinds", static_cast<std::int64_t>(compared_.size()));
  pool_.for_each(compared_.size(), [&](std::size_t i) {
    compared_[i].result = catalog::compare(options_.catalog, compared_[i].comparison, ranges_);
    progress_.advance(1, 0);
  });
}

/// NautilusTrader's instruments and the manifest, of everything in the catalog.
void Ingest::publish() {
  std::map<std::string, Timestamp> ends;
  for (const Sidecar& sidecar : all_sidecars(options_.catalog)) {
    if (!sidecar.ts_last || !symbols_.contains(sidecar.symbol)) continue;
    Timestamp& end = ends[sidecar.symbol];
    end = std::max(end, *sidecar.ts_last);
  }
  for (const auto& [symbol, stored] : instruments_) {
    if (!load_instrument(options_.catalog, symbol)) continue;
    write_perpetual(options_.catalog, symbol, stored, ends[symbol]);
  }
  write_manifest(options_.catalog);
  std::error_code failure;
  fs::remove_all(staging_folder(options_.catalog), failure);
}

void Ingest::count(const Item& item, IngestReport& report) const {
  const SourceFile& file = item.file;
  const Sidecar& sidecar = held(item.sidecar);
  KindCounts& kind = report.kinds[static_cast<std::size_t>(file.kind)];
  ++kind.files;
  kind.rows += sidecar.counts;
  if (item.is_changed) report.changed.push_back(file.relative);
  report.damaged.insert(report.damaged.end(), item.damaged.begin(), item.damaged.end());
  if (item.is_fresh) ++report.unchanged;
  if (!item.is_fresh && !sidecar.skipped) ++report.ingested;
  for (const Output& output : sidecar.outputs) report.output_bytes += output.bytes;
  for (const auto& finding : sidecar.findings) {
    report.findings.push_back(
        {.file = file.relative, .symbol = file.symbol, .kind = file.kind, .finding = finding});
  }
  if (!sidecar.skipped) return;
  const quality::Finding& why = sidecar.findings.front();
  report.skipped.push_back(fmt::format("{} skipped ({}): {}", file.path.string(),
                                       quality::info(why.code).name, why.text));
}

IngestReport Ingest::report() const {
  IngestReport report;
  report.skipped = refused_;
  report.files = static_cast<std::int64_t>(items_.size());
  for (const Kind kind : kKinds) report.kinds.push_back({.kind = kind});
  for (const Item& item : items_) count(item, report);
  for (const auto& [comparison, result] : compared_) {
    for (const auto& finding : result.findings) {
      report.findings.push_back({.file = "",
                                 .symbol = comparison.symbol,
                                 .kind = kind_of(comparison),
                                 .finding = finding});
    }
  }
  for (const std::string& symbol : symbols_) {
    for (auto& missing : missing_days(coverage(options_.catalog, symbol), symbol)) {
      report.findings.push_back(std::move(missing));
    }
  }
  return report;
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
    const TimeRange period = file.period();
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
  Ingest job{options, progress};
  job.plan();
  job.hash();
  job.ingest();
  job.compare();
  job.publish();
  return job.report();
}

}  // namespace toxvol::catalog
