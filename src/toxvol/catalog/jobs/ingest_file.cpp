#include "toxvol/catalog/jobs/ingest_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/kept_ranges.hpp"
#include "toxvol/catalog/raw/checksum.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/row_counts.hpp"
#include "toxvol/catalog/raw/seen_hash.hpp"
#include "toxvol/catalog/raw/sequence.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/catalog/store/staging.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/funding_update.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/quote_ranges.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using quality::Code;
using quality::Finding;

namespace {

/// What came of a file's rows, not yet seen by anybody.
template <class Record>
struct Staged {
  StagedTable<Record> rows;
  std::optional<StagedTable<KlineFlow>> flows;        // of klines
  std::optional<StagedTable<FundingUpdate>> updates;  // of funding
  RowCounts counts;
  std::vector<Finding> findings;
  std::optional<Timestamp> ts_first;
  std::optional<Timestamp> ts_last;
  std::vector<quality::QuoteRanges> ranges;  // of quotes, one a file
};

template <class Record>
Staged<Record> stage(SequencedFile<Record>& file, const SourceFile& source, const fs::path& catalog,
                     const StoredInstrument& instrument, Workers* workers) {
  constexpr Kind kKind = KindOf<Record>::kKind;
  Staged<Record> staged{.rows = {catalog, table_of(kKind), source.symbol, instrument, workers},
                        .flows = {},
                        .updates = {},
                        .counts = {},
                        .findings = {},
                        .ts_first = {},
                        .ts_last = {},
                        .ranges = {}};
  if (kKind == Kind::Klines) {
    staged.flows.emplace(catalog, Table::Flow, source.symbol, instrument, workers);
  }
  if (kKind == Kind::Funding) {
    staged.updates.emplace(catalog, Table::FundingUpdates, source.symbol, instrument, workers);
  }
  while (const auto block = file.next()) {
    staged.rows.write(block->unit, block->rows);
    if constexpr (kKind == Kind::Klines) {
      std::vector<KlineFlow> flows;
      for (const Bar& bar : block->rows) flows.push_back(flow_of(bar));
      staged.flows->write(block->unit, flows);
    }
    if constexpr (kKind == Kind::Funding) {
      std::vector<FundingUpdate> updates;
      updates.reserve(block->rows.size());
      for (const Funding& row : block->rows) updates.push_back(update_of(row));
      staged.updates->write(block->unit, updates);
    }
    if constexpr (kKind == Kind::BookTicker) {
      if (staged.ranges.empty() || staged.ranges.back().day() != block->unit) {
        staged.ranges.emplace_back(block->unit);
      }
      staged.ranges.back().on(block->rows);
    }
    if (!staged.ts_first) staged.ts_first = block->rows.front().ts_event;
    staged.ts_last = block->rows.back().ts_event;
  }
  staged.rows.finish();
  if (staged.flows) staged.flows->finish();
  if (staged.updates) staged.updates->finish();
  staged.counts = file.counts();
  staged.findings = file.findings().sorted();
  return staged;
}

template <class Record>
void ingest_rows(const SourceFile& file, const StoredInstrument& instrument,
                 const SequenceOptions& options, const IngestShared& shared, Sidecar& sidecar) {
  Staged<Record> staged =
      read_in_any_order<Record>(file, options, [&](SequencedFile<Record>& rows) {
        return stage(rows, file, shared.catalog, instrument, &shared.workers);
      });
  sidecar.counts = staged.counts;
  sidecar.findings = std::move(staged.findings);
  sidecar.ts_first = staged.ts_first;
  sidecar.ts_last = staged.ts_last;
  staged.rows.publish(sidecar.outputs);
  for (std::size_t i = 0; i < staged.ranges.size(); ++i) {
    shared.ranges.keep(sidecar.outputs[i].sha256, std::move(staged.ranges[i]));
  }
  if (staged.flows) staged.flows->publish(sidecar.outputs);
  if (staged.updates) staged.updates->publish(sidecar.outputs);
}

/// The hash of a ZIP as it is found while the file is read for its rows.
class LateHash {
 public:
  LateHash(const fs::path& path, Workers& workers)
      : workers_{workers},
        piece_{std::make_shared<Piece>([this, path] { hash_ = io::source_hash(path); })} {
    workers_.start(piece_);
  }
  LateHash(const LateHash&) = delete;
  LateHash& operator=(const LateHash&) = delete;
  ~LateHash() { workers_.drop(*piece_); }
  [[nodiscard]] const std::string& get() {
    workers_.finish(*piece_);
    return hash_;
  }

 private:
  Workers& workers_;
  std::string hash_;
  std::shared_ptr<Piece> piece_;
};

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

Sidecar ingest_file(const SourceFile& file, const StoredInstrument& instrument, std::string hash,
                    const IngestShared& shared,
                    const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const fs::path& catalog = shared.catalog;
  std::optional<LateHash> late;
  SeenHash seen;
  const fs::path path = sidecar_path(catalog, name(file.kind), file.symbol, file.label());
  const std::optional<Sidecar> before = load_sidecar(path);
  Sidecar sidecar = blank_sidecar(file, instrument, hash);
  SequenceOptions options;
  options.precision = instrument.precision;
  if (!instrument.instrument.inferred) options.ticks = instrument.instrument.tick;
  options.spill_folder = staging_folder(catalog);
  options.strict = shared.strict;
  options.workers = &shared.workers;
  if (hash.empty() && !file.zip) options.seen = &seen;
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
    const auto sha256 = verify_checksum(file, hash);
    sidecar.checksum_ok = sha256.has_value();
    if (hash.empty() && file.zip) {
      if (sha256) {
        hash = "sha256:" + *sha256;
        sidecar.hash = hash;
      } else {
        late.emplace(file.path, shared.workers);
      }
    }
    with_kind(file.kind, [&]<class Record>(std::type_identity<Record>) {
      ingest_rows<Record>(file, instrument, options, shared, sidecar);
    });
  } catch (const columnar::InexactNumber& error) {
    skip(Code::FileUnusable, fmt::format("{}: {}", file.relative, error.what()));
  } catch (const SourceError& error) {
    skip(error.code(), without_folder(error.what(), file));
  }
  if (late) sidecar.hash = late->get();
  if (sidecar.hash.empty()) {
    const auto whole = seen.get();
    sidecar.hash = whole ? *whole : io::source_hash(file.path);
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
