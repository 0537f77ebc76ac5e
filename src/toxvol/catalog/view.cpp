#include "toxvol/catalog/view.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/layout.hpp"
#include "toxvol/catalog/market.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

/// Rows that share a number share a file.
int group_of(Timestamp ts, ViewBy by) {
  const std::chrono::year_month_day date{day_of(ts)};
  const int year = static_cast<int>(date.year());
  return by == ViewBy::Year ? year
                            : year * 12 + static_cast<int>(static_cast<unsigned>(date.month()));
}

/// One larger file in the making; named when its last row is known.
template <class Record>
class ViewFile {
 public:
  ViewFile(const fs::path& folder, const columnar::MarketFormat& format)
      : folder_{folder},
        file_{std::make_unique<io::AtomicFile>(folder / "unnamed.parquet")},
        writer_{[file = file_.get()](std::span<const std::byte> bytes) { file->write(bytes); },
                format} {}

  void write(std::span<const Record> rows) {
    if (!any_) first_ = rows.front().ts_init;
    any_ = true;
    last_ = rows.back().ts_init;
    writer_.write(rows);
  }
  void publish() {
    writer_.close();
    file_->commit();
    fs::rename(file_->path(), folder_ / file_name(first_, last_));
  }

 private:
  fs::path folder_;
  std::unique_ptr<io::AtomicFile> file_;
  columnar::MarketWriter<Record> writer_;
  Timestamp first_{};
  Timestamp last_{};
  bool any_ = false;
};

template <class Record>
void copy_table(const ViewOptions& options, Table table, const std::string& symbol,
                Progress& progress, ViewReport& report) {
  const fs::path from = options.catalog / folder_of(table, symbol);
  std::error_code failure;
  if (!fs::is_directory(from, failure)) return;
  std::vector<std::pair<Interval, fs::path>> files;
  for (const auto& item : fs::directory_iterator{from}) {
    if (const auto interval = interval_of(item.path().filename().string())) {
      files.emplace_back(*interval, item.path());
    }
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.first.first < b.first.first; });
  const fs::path to = options.out / folder_of(table, symbol);
  fs::create_directories(to);
  std::optional<ViewFile<Record>> file;
  int group = 0;
  for (const auto& [interval, path] : files) {
    columnar::MarketReader<Record> reader{path.string()};
    columnar::MarketFormat format = reader.format();
    format.instrument_id = instrument_id(symbol);
    ++report.files_read;
    // By the day file's first row: days stay whole.
    const int next_group = group_of(interval.first, options.by);
    if (!file || next_group != group) {
      if (file) file->publish();
      file.emplace(to, format);
      group = next_group;
      ++report.files_written;
    }
    for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
      file->write(rows);
      report.rows += static_cast<std::int64_t>(rows.size());
      progress.advance(0, static_cast<std::int64_t>(rows.size()));
    }
    progress.advance(1, 0);
  }
  if (file) file->publish();
}

}  // namespace

ViewReport write_view(const ViewOptions& options, Progress& progress) {
  std::error_code failure;
  if (fs::exists(options.out, failure)) {
    throw Error{fmt::format("{}: exists already; give another --out", options.out.string())};
  }
  const std::vector<std::string> chosen =
      options.symbols.empty() ? symbols(options.catalog) : options.symbols;
  fs::create_directories(options.out, failure);
  if (failure) {
    throw Error{fmt::format("{}: {}; give an --out that can be written", options.out.string(),
                            failure.message())};
  }
  ViewReport report;
  progress.begin("copying", 0);
  for (const std::string& symbol : chosen) {
    copy_table<Trade>(options, Table::Trades, symbol, progress, report);
    copy_table<Quote>(options, Table::Quotes, symbol, progress, report);
    copy_table<Bar>(options, Table::Bars, symbol, progress, report);
    copy_table<columnar::KlineFlow>(options, Table::Flow, symbol, progress, report);
    copy_table<Metrics>(options, Table::Metrics, symbol, progress, report);
    copy_table<Funding>(options, Table::Funding, symbol, progress, report);
    const fs::path perpetual = folder_of(Table::Perpetual, symbol);
    if (fs::is_directory(options.catalog / perpetual, failure)) {
      fs::create_directories(options.out / perpetual.parent_path());
      fs::copy(options.catalog / perpetual, options.out / perpetual);
    }
  }
  return report;
}

}  // namespace toxvol::catalog
