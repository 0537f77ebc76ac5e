#include "toxvol/catalog/jobs/upgrade.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/comparison.hpp"
#include "toxvol/catalog/jobs/manifest.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/catalog/store/older_layout.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/catalog/store/staging.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/funding_update.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/file_lock.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

columnar::ByteSink into(std::string& text) {
  return [&text](std::span<const std::byte> piece) {
    text.append(reinterpret_cast<const char*>(piece.data()), piece.size());
  };
}

template <class Record>
std::string file_of(const std::vector<Record>& rows, const std::string& instrument_id) {
  std::string bytes;
  columnar::MarketWriter<Record> writer{into(bytes), {.instrument_id = instrument_id}};
  writer.write(rows);
  writer.close();
  return bytes;
}

template <class Record>
std::vector<Record> rows_of(columnar::MarketReader<Record>& reader) {
  std::vector<Record> rows;
  for (auto block = reader.next(); !block.empty(); block = reader.next()) {
    rows.insert(rows.end(), block.begin(), block.end());
  }
  return rows;
}

std::vector<FundingUpdate> updates_of(const std::vector<Funding>& rows) {
  std::vector<FundingUpdate> updates;
  updates.reserve(rows.size());
  for (const Funding& row : rows) updates.push_back(update_of(row));
  return updates;
}

/// One run of `upgrade`: first all files are looked at, then they are written. What tells an older
/// catalog is changed last: the manifest, or the last file of the last folder.
class Upgrade {
 public:
  explicit Upgrade(const fs::path& catalog)
      : catalog_{catalog}, before_{all_sidecars(catalog)}, sidecars_{before_} {}

  /// What the sidecars will say. Throws where a file is not the one that was written.
  template <class Record>
  void plan(const fs::path& path);
  /// Comparisons hold, for no row changes: ingest must not do them again.
  void keep_comparisons();
  template <class Record>
  void write(const fs::path& path);
  void write_instrument(const fs::path& path);
  [[nodiscard]] const UpgradeReport& report() const { return report_; }

 private:
  struct Listed {
    Sidecar* sidecar;
    Output* output;
  };

  void put(const fs::path& path, const std::string& bytes, std::int64_t& count);
  [[nodiscard]] fs::path path_of_updates(const fs::path& funding,
                                         const std::vector<Funding>& rows) const;
  [[nodiscard]] std::optional<Listed> listed(const fs::path& path);
  [[nodiscard]] std::string relative(const fs::path& path) const {
    return path.lexically_relative(catalog_).generic_string();
  }

  const fs::path& catalog_;
  std::vector<Sidecar> before_;
  std::vector<Sidecar> sidecars_;
  UpgradeReport report_{.was_older = true};
};

/// The sidecar whose output `path` is. Views have none.
std::optional<Upgrade::Listed> Upgrade::listed(const fs::path& path) {
  const std::string name = relative(path);
  for (Sidecar& sidecar : sidecars_) {
    for (Output& output : sidecar.outputs) {
      if (output.path == name) return Listed{.sidecar = &sidecar, .output = &output};
    }
  }
  return std::nullopt;
}

std::string name_of(const fs::path& path) {
  return path.parent_path().filename().string();
}

/// The file of NautilusTrader's class beside `funding`.
fs::path Upgrade::path_of_updates(const fs::path& funding, const std::vector<Funding>& rows) const {
  return catalog_ / folder_of(Table::FundingUpdates) / name_of(funding) /
         file_name(update_of(rows.front()).ts_init, update_of(rows.back()).ts_init);
}

template <class Record>
void Upgrade::plan(const fs::path& path) {
  columnar::MarketReader<Record> reader{path.string()};
  const auto known = listed(path);
  if (!reader.ours() || !known) return;
  const std::vector<Record> rows = rows_of(reader);
  const std::string before = io::read_file(path);
  const std::string bytes = file_of(rows, name_of(path));
  // Of a killed upgrade the file may be new already and its sidecar not.
  const bool is_whole = columnar::is_layout_1(path.string())
                            ? io::sha256_hex(before) == known->output->sha256
                            : bytes == before;
  if (!is_whole) {
    throw Error{fmt::format("{}: not the file that was written; remove it, upgrade, and ingest its "
                            "day again",
                            path.string()),
                ErrorCode::Corrupt};
  }
  const auto describe = [](Output& output, const std::string& contents) {
    output.bytes = static_cast<std::int64_t>(contents.size());
    output.sha256 = io::sha256_hex(contents);
    output.xxh3 = io::xxh3_hex(contents);
  };
  describe(*known->output, bytes);
  if constexpr (std::is_same_v<Record, Funding>) {
    if (rows.empty()) return;
    Output output{.path = relative(path_of_updates(path, rows)),
                  .unit = known->output->unit,
                  .rows = static_cast<std::int64_t>(rows.size()),
                  .sha256 = {},
                  .xxh3 = {},
                  .rows_sha256 = {}};
    describe(output, file_of(updates_of(rows), name_of(path)));
    std::vector<Output>& outputs = known->sidecar->outputs;
    std::erase_if(outputs, [&](const Output& old) { return old.path == output.path; });
    outputs.push_back(std::move(output));
  }
}

void Upgrade::keep_comparisons() {
  std::set<std::string> symbols;
  for (const Sidecar& sidecar : sidecars_) symbols.insert(sidecar.symbol);
  const std::vector<Comparison> was = comparisons(before_, symbols);
  const std::vector<Comparison> is = comparisons(sidecars_, symbols);
  for (std::size_t i = 0; i < is.size(); ++i) {
    const std::string label = is[i].kind == kCrossSidecar ? to_string(is[i].first) : "all";
    const fs::path path = sidecar_path(catalog_, is[i].kind, is[i].symbol, label);
    auto sidecar = load_sidecar(path);
    if (!sidecar || sidecar->hash != was[i].inputs || sidecar->hash == is[i].inputs) continue;
    sidecar->hash = is[i].inputs;
    save(path, *sidecar);
  }
}

void Upgrade::put(const fs::path& path, const std::string& bytes, std::int64_t& count) {
  std::error_code failure;
  if (fs::exists(path, failure) && io::read_file(path) == bytes) return;
  fs::create_directories(path.parent_path());
  io::write_file_atomically(path, bytes);
  ++count;
}

template <class Record>
void Upgrade::write(const fs::path& path) {
  columnar::MarketReader<Record> reader{path.string()};
  if (!reader.ours()) return;
  const std::vector<Record> rows = rows_of(reader);
  put(path, file_of(rows, name_of(path)), report_.files_rewritten);
  if constexpr (std::is_same_v<Record, Funding>) {
    if (!rows.empty()) {
      put(path_of_updates(path, rows), file_of(updates_of(rows), name_of(path)),
          report_.files_added);
    }
  }
  if (const auto known = listed(path)) {
    const Sidecar& sidecar = *known->sidecar;
    save(sidecar_path(catalog_, sidecar.kind, sidecar.symbol, sidecar.label), sidecar);
  }
}

void Upgrade::write_instrument(const fs::path& path) {
  if (!columnar::is_layout_1(path.string())) return;
  std::string bytes;
  columnar::write_upgraded_perpetual(into(bytes), path.string());
  put(path, bytes, report_.files_rewritten);
}

/// `work` with each file of the table, contract by contract, in order.
template <class Work>
void for_each_file(const fs::path& catalog, Table table, Progress& progress, Work&& work) {
  std::error_code failure;
  const fs::path all = catalog / folder_of(table);
  if (!fs::is_directory(all, failure)) return;
  std::set<fs::path> folders;
  for (const auto& item : fs::directory_iterator{all}) folders.insert(item.path());
  for (const fs::path& folder : folders) {
    for (const DataFile& file : data_files(folder)) {
      work(file.path);
      progress.advance(1, 0);
    }
  }
}

/// Where nobody can write, the lock is what fails.
io::FileLock lock_of(const fs::path& catalog) {
  std::error_code failure;
  fs::create_directories(own_folder(catalog), failure);
  try {
    return io::FileLock{own_folder(catalog) / "lock"};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Io) throw;
    throw Error{fmt::format("{}; an upgrade writes into the catalog: copy it to where that is "
                            "allowed and upgrade the copy",
                            error.what()),
                ErrorCode::Io};
  }
}

}  // namespace

UpgradeReport upgrade(const fs::path& catalog, Progress& progress) {
  require_catalog(catalog);
  if (!is_older_layout(catalog)) return {};
  const io::FileLock lock = lock_of(catalog);
  remove_leftovers(catalog);
  Upgrade job{catalog};
  const auto each = [&](Table table, auto&& work) {
    for_each_file(catalog, table, progress, work);
  };
  progress.begin("looking", 0);
  each(Table::Flow, [&](const fs::path& path) { job.plan<KlineFlow>(path); });
  each(Table::Metrics, [&](const fs::path& path) { job.plan<Metrics>(path); });
  each(Table::Funding, [&](const fs::path& path) { job.plan<Funding>(path); });
  job.keep_comparisons();
  progress.begin("upgrading", 0);
  each(Table::Flow, [&](const fs::path& path) { job.write<KlineFlow>(path); });
  each(Table::Metrics, [&](const fs::path& path) { job.write<Metrics>(path); });
  each(Table::Funding, [&](const fs::path& path) { job.write<Funding>(path); });
  each(Table::Perpetual, [&](const fs::path& path) { job.write_instrument(path); });
  std::error_code failure;
  if (fs::exists(own_folder(catalog) / "manifest.json", failure)) write_manifest(catalog);
  return job.report();
}

}  // namespace toxvol::catalog
