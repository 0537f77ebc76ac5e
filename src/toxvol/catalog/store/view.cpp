#include "toxvol/catalog/store/view.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/store/data_file_writer.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/funding_update.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/partial_folder.hpp"

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

/// The files of one folder of the view.
template <class Record>
class ViewTable {
 public:
  ViewTable(const fs::path& out, Table table, const std::string& symbol, ViewReport& report)
      : folder_{out / folder_of(table, symbol)}, report_{report} {}
  /// Rows of another `group` than those before begin another file.
  void write(int group, const columnar::MarketFormat& format, std::span<const Record> rows) {
    if (!writer_ || group != group_) {
      publish();
      fs::create_directories(folder_);
      writer_ = std::make_unique<Writer>(folder_ / "unnamed.parquet", format, Writer::Hash::No);
      group_ = group;
      ++report_.files_written;
    }
    writer_->write(rows);
  }
  void publish() {
    if (!writer_) return;
    writer_->finish();
    static_cast<void>(writer_->publish(folder_));
    writer_.reset();
  }

 private:
  using Writer = DataFileWriter<Record>;
  fs::path folder_;
  ViewReport& report_;
  std::unique_ptr<Writer> writer_;
  int group_ = 0;
};

/// `also(group, format, rows)` gets the same rows.
template <class Record, class Also>
void copy_table(const ViewOptions& options, const fs::path& out, Table table,
                const std::string& symbol, Progress& progress, ViewReport& report,
                const Also& also) {
  std::error_code failure;
  const fs::path from = options.catalog / folder_of(table, symbol);
  if (!fs::is_directory(from, failure)) return;
  ViewTable<Record> copy{out, table, symbol, report};
  for (const DataFile& file : data_files(from)) {
    if (!file.interval) continue;
    columnar::MarketReader<Record> reader{file.path.string()};
    columnar::MarketFormat format = reader.format();
    format.instrument_id = instrument_id(symbol);
    format.plain = format.plain || options.plain;
    ++report.files_read;
    // By the day file's first row: days stay whole.
    const int group = group_of(file.interval->first, options.by);
    for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
      copy.write(group, format, rows);
      also(group, format, rows);
      report.rows += static_cast<std::int64_t>(rows.size());
      progress.advance(0, static_cast<std::int64_t>(rows.size()));
    }
    progress.advance(1, 0);
  }
  copy.publish();
}

template <class Record>
void copy_table(const ViewOptions& options, const fs::path& out, Table table,
                const std::string& symbol, Progress& progress, ViewReport& report) {
  copy_table<Record>(options, out, table, symbol, progress, report, [](auto&&...) {});
}

/// Funding, in our class and in NautilusTrader's.
void copy_funding(const ViewOptions& options, const fs::path& out, const std::string& symbol,
                  Progress& progress, ViewReport& report) {
  ViewTable<FundingUpdate> updates{out, Table::FundingUpdates, symbol, report};
  copy_table<Funding>(
      options, out, Table::Funding, symbol, progress, report,
      [&](int group, const columnar::MarketFormat& format, std::span<const Funding> rows) {
        std::vector<FundingUpdate> again;
        again.reserve(rows.size());
        for (const Funding& row : rows) again.push_back(update_of(row));
        updates.write(group, format, again);
      });
  updates.publish();
}

}  // namespace

ViewReport write_view(const ViewOptions& options, Progress& progress) {
  std::error_code failure;
  if (fs::exists(options.out, failure)) {
    throw Error{fmt::format("{}: exists already; give another --out", options.out.string()),
                ErrorCode::Exists};
  }
  const std::vector<std::string> chosen =
      options.symbols.empty() ? symbols(options.catalog) : options.symbols;
  io::PartialFolder out{options.out, false, {.name = "view of a catalog", .file = "data"}};
  ViewReport report;
  progress.begin("copying", 0);
  for (const std::string& symbol : chosen) {
    for_each_kind([&]<class Record>(std::type_identity<Record>) {
      constexpr Kind kKind = KindOf<Record>::kKind;
      if constexpr (kKind == Kind::Funding) {
        copy_funding(options, out.path(), symbol, progress, report);
      } else {
        copy_table<Record>(options, out.path(), table_of(kKind), symbol, progress, report);
      }
    });
    copy_table<KlineFlow>(options, out.path(), Table::Flow, symbol, progress, report);
    const fs::path perpetual = folder_of(Table::Perpetual, symbol);
    if (fs::is_directory(options.catalog / perpetual, failure)) {
      fs::create_directories(out.path() / perpetual.parent_path());
      fs::copy(options.catalog / perpetual, out.path() / perpetual);
    }
  }
  out.commit();
  return report;
}

}  // namespace toxvol::catalog
