#include "toxvol/catalog/ingest_file.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/checksum.hpp"
#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/instrument_store.hpp"
#include "toxvol/catalog/layout.hpp"
#include "toxvol/catalog/sequence.hpp"
#include "toxvol/catalog/sidecar.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/detectors.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using quality::Code;
using quality::Finding;

namespace {

/// One output in the making: its bytes go to a staging file and are hashed on the way; `publish`
/// gives it its name, which is known only with the last row.
template <class Record>
class Staged {
 public:
  Staged(const fs::path& catalog, Table table, std::string_view symbol, Day unit,
         const StoredInstrument& instrument)
      : catalog_{catalog},
        folder_{folder_of(table, symbol)},
        unit_{unit},
        file_{std::make_unique<io::AtomicFile>(
            own_folder(catalog) / "staging" /
            fmt::format("{}-{}-{}.parquet", static_cast<int>(table), symbol, to_string(unit)))},
        hash_{std::make_unique<io::Sha256>()},
        writer_{[file = file_.get(), hash = hash_.get()](std::span<const std::byte> bytes) {
                  hash->update(bytes);
                  file->write(bytes);
                },
                columnar::MarketFormat{.instrument_id = instrument_id(symbol),
                                       .price_precision = instrument.precision.price,
                                       .size_precision = instrument.precision.size}} {}

  void write(std::span<const Record> rows) {
    if (rows_ == 0) first_init_ = rows.front().ts_init;
    last_init_ = rows.back().ts_init;
    rows_ += static_cast<std::int64_t>(rows.size());
    writer_.write(rows);
  }

  void finish() {
    writer_.close();
    file_->commit();
  }

  /// Renames into place and removes what else lies within the same unit: an older version.
  Output publish() {
    const std::string name = file_name(first_init_, last_init_);
    const fs::path folder = catalog_ / folder_;
    fs::create_directories(folder);
    std::error_code failure;
    fs::rename(file_->path(), folder / name, failure);
    if (failure) {
      throw Error{fmt::format("{}: {}; check its permissions", (folder / name).string(),
                              failure.message())};
    }
    return {.path = folder_ + "/" + name,
            .unit = unit_,
            .rows = rows_,
            .bytes = file_->size(),
            .sha256 = hash_->hex()};
  }

 private:
  fs::path catalog_;
  std::string folder_;
  Day unit_;
  std::unique_ptr<io::AtomicFile> file_;
  std::unique_ptr<io::Sha256> hash_;
  columnar::MarketWriter<Record> writer_;
  Timestamp first_init_{};
  Timestamp last_init_{};
  std::int64_t rows_ = 0;
};

columnar::KlineFlow flow_of(const Bar& bar) {
  return {.ts_event = bar.ts_event,
          .ts_init = bar.ts_init - Duration{kBarBand - kFlowBand},
          .quote_volume = bar.quote_volume,
          .count = bar.count,
          .taker_buy_volume = bar.taker_buy_volume,
          .taker_buy_quote_volume = bar.taker_buy_quote_volume};
}

template <class Record>
constexpr Table table_of() {
  if constexpr (std::is_same_v<Record, Trade>) return Table::Trades;
  if constexpr (std::is_same_v<Record, Quote>) return Table::Quotes;
  if constexpr (std::is_same_v<Record, Bar>) return Table::Bars;
  if constexpr (std::is_same_v<Record, Metrics>) return Table::Metrics;
  if constexpr (std::is_same_v<Record, Funding>) return Table::Funding;
}

/// Removes files of the same unit other than `keep`: the day's former version.
void remove_others(const fs::path& catalog, Table table, std::string_view symbol,
                   const std::vector<Output>& keep) {
  const fs::path folder = catalog / folder_of(table, symbol);
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return;
  std::vector<fs::path> stale;
  for (const auto& item : fs::directory_iterator{folder}) {
    const auto interval = interval_of(item.path().filename().string());
    if (!interval) continue;
    const Day unit = unit_of(interval->first, table);
    for (const Output& output : keep) {
      if (output.unit == unit && fs::path{output.path}.filename() != item.path().filename() &&
          fs::path{output.path}.parent_path() == folder_of(table, symbol)) {
        stale.push_back(item.path());
      }
    }
  }
  for (const fs::path& path : stale) fs::remove(path, failure);
}

template <class Record>
void write_outputs(const SourceFile& file, const fs::path& catalog,
                   const StoredInstrument& instrument, const SequenceOptions& options,
                   Reading reading, Sidecar& sidecar) {
  constexpr bool kBars = std::is_same_v<Record, Bar>;
  std::vector<Staged<Record>> staged;
  std::vector<Staged<columnar::KlineFlow>> flows;
  std::vector<columnar::KlineFlow> flow_rows;
  Day unit{};
  const auto finish_last = [&] {
    if (staged.empty()) return;
    staged.back().finish();
    if constexpr (kBars) flows.back().finish();
  };
  SequencedFile<Record> rows{file, options, reading};
  while (const auto block = rows.next()) {
    if (staged.empty() || block->unit != unit) {
      finish_last();
      unit = block->unit;
      staged.emplace_back(catalog, table_of<Record>(), file.symbol, unit, instrument);
      if constexpr (kBars) flows.emplace_back(catalog, Table::Flow, file.symbol, unit, instrument);
    }
    staged.back().write(block->rows);
    if constexpr (kBars) {
      flow_rows.clear();
      for (const Bar& bar : block->rows) flow_rows.push_back(flow_of(bar));
      flows.back().write(flow_rows);
    }
    if (!sidecar.ts_first) sidecar.ts_first = block->rows.front().ts_event;
    sidecar.ts_last = block->rows.back().ts_event;
  }
  finish_last();

  sidecar.counts = rows.counts();
  sidecar.findings = rows.findings().sorted();
  for (auto& output : staged) sidecar.outputs.push_back(output.publish());
  for (auto& output : flows) sidecar.outputs.push_back(output.publish());
  remove_others(catalog, table_of<Record>(), file.symbol, sidecar.outputs);
  if constexpr (kBars) remove_others(catalog, Table::Flow, file.symbol, sidecar.outputs);
}

template <class Record>
void ingest_rows(const SourceFile& file, const fs::path& catalog,
                 const StoredInstrument& instrument, const SequenceOptions& options,
                 Sidecar& sidecar) {
  try {
    write_outputs<Record>(file, catalog, instrument, options, Reading::InOrder, sidecar);
  } catch (const Disordered&) {
    sidecar.ts_first.reset();
    sidecar.ts_last.reset();
    write_outputs<Record>(file, catalog, instrument, options, Reading::Sorted, sidecar);
  }
}

/// Messages name the whole path; what is stored must not depend on where RAW is.
std::string without_folder(std::string text, const SourceFile& file) {
  const std::string path = file.path.string();
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path)) {
    text.replace(at, path.size(), file.relative);
    if (file.relative.find(path) != std::string::npos) break;
  }
  return text;
}

Sidecar blank_sidecar(const SourceFile& file, const StoredInstrument& instrument,
                      const std::string& hash) {
  Sidecar sidecar;
  sidecar.path = file.relative;
  sidecar.kind = name(file.kind);
  sidecar.symbol = file.symbol;
  sidecar.label = file.label();
  sidecar.bytes = file.bytes;
  sidecar.hash = hash;
  sidecar.superseded = file.superseded;
  sidecar.precision = instrument.precision;
  return sidecar;
}

}  // namespace

Sidecar ingest_file(const SourceFile& file, const fs::path& catalog,
                    const StoredInstrument& instrument, const std::string& hash, bool strict,
                    const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const fs::path path = sidecar_path(catalog, name(file.kind), file.symbol, file.label());
  const std::optional<Sidecar> before = load_sidecar(path);
  Sidecar sidecar = blank_sidecar(file, instrument, hash);
  SequenceOptions options;
  options.precision = instrument.precision;
  if (!instrument.instrument.inferred) options.ticks = instrument.instrument.tick;
  options.spill_folder = own_folder(catalog) / "staging";
  options.strict = strict;
  options.progress = progress;
  const auto skip = [&](Code code, std::string text) {
    const bool checksum_ok = sidecar.checksum_ok;
    sidecar = blank_sidecar(file, instrument, hash);
    sidecar.checksum_ok = checksum_ok;
    sidecar.skipped = true;
    Finding finding;
    finding.code = code;
    finding.text = std::move(text);
    if (!file.monthly) finding.day = file.first_day;
    sidecar.findings.push_back(std::move(finding));
  };
  try {
    sidecar.checksum_ok = verify_checksum(file, hash);
    switch (file.kind) {
      case Kind::AggTrades:
        ingest_rows<Trade>(file, catalog, instrument, options, sidecar);
        break;
      case Kind::BookTicker:
        ingest_rows<Quote>(file, catalog, instrument, options, sidecar);
        break;
      case Kind::Klines:
        ingest_rows<Bar>(file, catalog, instrument, options, sidecar);
        break;
      case Kind::Metrics:
        ingest_rows<Metrics>(file, catalog, instrument, options, sidecar);
        break;
      case Kind::Funding:
        ingest_rows<Funding>(file, catalog, instrument, options, sidecar);
        break;
    }
  } catch (const columnar::InexactNumber& error) {
    skip(Code::FileUnusable, fmt::format("{}: {}", file.relative, error.what()));
  } catch (const SourceError& error) {
    skip(error.code(), without_folder(error.what(), file));
  }
  // A good version that is already there is not given up for a bad one.
  if (sidecar.skipped && before && !before->skipped) return sidecar;
  if (before) {
    std::error_code failure;
    for (const Output& old : before->outputs) {
      bool again = false;
      for (const Output& output : sidecar.outputs) again = again || output.path == old.path;
      if (!again) fs::remove(catalog / old.path, failure);
    }
  }
  save(path, sidecar);
  return sidecar;
}

}  // namespace toxvol::catalog
