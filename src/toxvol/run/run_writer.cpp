#include "toxvol/run/run_writer.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "toxvol/core/error.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/run/json_files.hpp"
#include "toxvol/run/record_writer.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/run_tables.hpp"
#include "toxvol/run/schema.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/run/summary.hpp"

namespace toxvol::run {

namespace {

std::string free_path(const std::filesystem::path& path, bool force) {
  if (!force && std::filesystem::exists(std::filesystem::symlink_status(path))) {
    throw Error(path.string() + " exists: choose another --out, or replace it with --force",
                ErrorCode::Exists);
  }
  return path.string();
}

}  // namespace

RunResult RunWriter::commit(const RunInfo& info, const Timing& timing, const MoreDocuments& more) {
  RunTables::Contents contents = tables_.close();
  RunFacts facts{.modes = tables_.modes(),
                 .config_sha256 = io::sha256_hex(canonical_config(info.config_json)),
                 .rows = std::move(contents.rows),
                 .fingerprint = {}};
  std::optional<std::string> signal;
  if (info.signal) {
    signal = info.signal->sha256;
    write_signal(folder_.path() / kSignalFile, info.signal->rows);
  }
  facts.fingerprint = fingerprint(facts.config_sha256, info.inputs, contents.digests, signal);
  RunResult result{.folder = folder_.target(),
                   .summary = tables_.summary().finish(info.quality, info.kinds),
                   .config_sha256 = facts.config_sha256,
                   .fingerprint = facts.fingerprint};
  io::write_file_atomically(folder_.path() / "run.json", run_json(run_document(info, facts)));
  io::write_file_atomically(folder_.path() / "summary.json", summary_json(result.summary));
  io::write_file_atomically(folder_.path() / "timing.json", timing_json(timing));
  if (more) {
    for (const Document& document : more(result)) {
      io::write_file_atomically(folder_.path() / document.name, document.text);
    }
  }
  folder_.commit();
  return result;
}

FactorsWriter::FactorsWriter(const std::filesystem::path& path, bool force)
    : table_{free_path(path, force), factors_schema()} {}

void FactorsWriter::record(const factors::FactorRow& row) {
  put_row(table_, row);
}

void FactorsWriter::commit() {
  table_.close();
}

}  // namespace toxvol::run
