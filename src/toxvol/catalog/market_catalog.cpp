#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/coverage.hpp"
#include "toxvol/catalog/input_log.hpp"
#include "toxvol/catalog/layout.hpp"
#include "toxvol/catalog/market.hpp"
#include "toxvol/catalog/market_streams.hpp"
#include "toxvol/catalog/sequence.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

struct DayFile {
  fs::path path;
  std::optional<Interval> interval;  // none: a name that says nothing
};

/// A folder's files in the order of their rows.
std::vector<DayFile> files_of(const fs::path& folder) {
  std::vector<DayFile> files;
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) return files;
  for (const auto& item : fs::directory_iterator{folder}) {
    if (item.path().extension() != ".parquet") continue;
    files.push_back(
        {.path = item.path(), .interval = interval_of(item.path().filename().string())});
  }
  std::sort(files.begin(), files.end(), [](const DayFile& a, const DayFile& b) {
    const Timestamp left = a.interval ? a.interval->first : Timestamp::min();
    const Timestamp right = b.interval ? b.interval->first : Timestamp::min();
    return left != right ? left < right : a.path < b.path;
  });
  return files;
}

/// All rows of a table that may lie in [from, to); the edges are cut by `MeasuredStream`.
template <class Record>
class FileStream final : public BlockStream<Record> {
 public:
  FileStream(const fs::path& folder, Timestamp from, Timestamp to) : from_{from}, to_{to} {
    for (DayFile& file : files_of(folder)) {
      // Names go by ts_init, which a file of another program may have long after ts_event.
      if (file.interval && (file.interval->last < from || file.interval->first > to + kDay)) {
        continue;
      }
      files_.push_back(std::move(file.path));
    }
  }

  std::span<const Record> next() override {
    for (;;) {
      if (!reader_) {
        if (files_.empty()) return {};
        path_ = files_.front();
        files_.pop_front();
        reader_.emplace(path_.string());
        if (reader_->ours()) reader_->skip_outside(from_, to_ + kMillisecond);
      }
      const auto rows = reader_->next();
      if (rows.empty()) {
        reader_.reset();
        continue;
      }
      return reader_->ours() ? rows : stamped(rows);
    }
  }

 private:
  /// Another program's `ts_init` may tie; ours never does.
  std::span<const Record> stamped(std::span<const Record> rows) {
    if constexpr (std::is_same_v<Record, columnar::KlineFlow>) {
      return rows;
    } else {
      block_.assign(rows.begin(), rows.end());
      for (Record& row : block_) {
        if constexpr (std::is_same_v<Record, Bar>) {
          if ((row.ts_event - Timestamp{}) % kMinute != Duration{}) {
            throw Error{
                fmt::format("{}: a bar at {} does not end with a minute; write bars "
                            "with ts_event at their end",
                            path_.string(), to_string(row.ts_event))};
          }
        }
        if (!clock_.stamp(row)) {
          throw Error{fmt::format("{}: too many rows in the millisecond of {}", path_.string(),
                                  to_string(row.ts_event))};
        }
      }
      return block_;
    }
  }

  struct NoClock {};
  Timestamp from_;
  Timestamp to_;
  std::deque<fs::path> files_;
  fs::path path_;
  std::optional<columnar::MarketReader<Record>> reader_;
  std::vector<Record> block_;
  std::conditional_t<std::is_same_v<Record, columnar::KlineFlow>, NoClock, InitClock<Record>>
      clock_;
};

/// Bars with what their klines said beyond.
class BarStream final : public BlockStream<Bar> {
 public:
  BarStream(const fs::path& catalog, std::string_view symbol, Timestamp from, Timestamp to,
            bool flow_needed)
      : bars_{catalog / folder_of(Table::Bars, symbol), from, to},
        flows_{catalog / folder_of(Table::Flow, symbol), from, to},
        has_flow_{!files_of(catalog / folder_of(Table::Flow, symbol)).empty()},
        from_{from},
        to_{to} {
    if (!has_flow_ && flow_needed && !files_of(catalog / folder_of(Table::Bars, symbol)).empty()) {
      throw Error{
          fmt::format("{}: bars of {} but no custom_kline_flow_data, which a run without "
                      "trades needs; ingest the klines with toxvol",
                      catalog.string(), symbol)};
    }
  }

  std::span<const Bar> next() override {
    const auto rows = bars_.next();
    if (!has_flow_ || rows.empty()) return rows;
    block_.assign(rows.begin(), rows.end());
    for (Bar& bar : block_) join(bar);
    return block_;
  }

 private:
  void join(Bar& bar) {
    for (;;) {
      if (index_ >= flow_rows_.size()) {
        flow_rows_ = flows_.next();
        index_ = 0;
        if (flow_rows_.empty()) break;
      }
      const columnar::KlineFlow& flow = flow_rows_[index_];
      if (flow.ts_event > bar.ts_event) break;
      ++index_;
      if (flow.ts_event < bar.ts_event) continue;
      bar.quote_volume = flow.quote_volume;
      bar.count = flow.count;
      bar.taker_buy_volume = flow.taker_buy_volume;
      bar.taker_buy_quote_volume = flow.taker_buy_quote_volume;
      return;
    }
    // Outside the range the flow's row groups may have been left out.
    if (bar.ts_event >= from_ && bar.ts_event < to_) {
      throw Error{fmt::format("the bar at {} has no kline flow; ingest its day again",
                              to_string(bar.ts_event))};
    }
  }

  FileStream<Bar> bars_;
  FileStream<columnar::KlineFlow> flows_;
  bool has_flow_;
  Timestamp from_;
  Timestamp to_;
  std::vector<Bar> block_;
  std::span<const columnar::KlineFlow> flow_rows_;
  std::size_t index_ = 0;
};

template <class Record>
std::unique_ptr<BlockStream<Record>> table_stream(const fs::path& catalog, Table table,
                                                  std::string_view symbol, Timestamp from,
                                                  Timestamp to,
                                                  const std::shared_ptr<InputLog>& log) {
  return std::make_unique<MeasuredStream<Record>>(
      std::make_unique<FileStream<Record>>(catalog / folder_of(table, symbol), from, to), from, to,
      log);
}

constexpr std::pair<Table, Kind> kTables[] = {{Table::Trades, Kind::AggTrades},
                                              {Table::Quotes, Kind::BookTicker},
                                              {Table::Bars, Kind::Klines},
                                              {Table::Metrics, Kind::Metrics},
                                              {Table::Funding, Kind::Funding}};

/// The days that a file's name says it has: of funding whole months.
DayWindow days_of_file(const Interval& interval, Table table) {
  DayWindow days{.first = unit_of(interval.first, table), .last = unit_of(interval.last, table)};
  if (table == Table::Funding) {
    const std::chrono::year_month_day month{days.last};
    days.last = Day{month.year() / month.month() / std::chrono::last};
  }
  return days;
}

void require_catalog(const fs::path& catalog) {
  std::error_code failure;
  if (fs::is_directory(catalog / "data", failure)) return;
  // An ingest of which no file could be used has left its manifest, which names them.
  if (fs::is_regular_file(own_folder(catalog) / "manifest.json", failure)) return;
  throw Error{fmt::format("{}: no catalog there; make one with: toxvol ingest RAW --catalog {}",
                          catalog.string(), catalog.string())};
}

}  // namespace

OpenedMarket open(const fs::path& catalog, std::string_view symbol, Timestamp from, Timestamp to,
                  Inputs inputs) {
  require_catalog(catalog);
  OpenedMarket market;
  market.inputs = std::make_shared<InputLog>();
  const auto& log = market.inputs;
  if (inputs.trades) {
    market.data.trades = table_stream<Trade>(catalog, Table::Trades, symbol, from, to, log);
  }
  if (inputs.quotes) {
    market.data.quotes = table_stream<Quote>(catalog, Table::Quotes, symbol, from, to, log);
  }
  if (inputs.bars) {
    // A bar belongs to the range that its minute opens in (G2).
    const Timestamp first = from + kMinute;
    const Timestamp end = to + kMinute;
    market.data.bars = std::make_unique<MeasuredStream<Bar>>(
        std::make_unique<BarStream>(catalog, symbol, first, end, !inputs.trades), first, end, log);
  }
  if (inputs.metrics) {
    market.data.metrics = table_stream<Metrics>(catalog, Table::Metrics, symbol, from, to, log);
  }
  if (inputs.funding) {
    market.data.funding = table_stream<Funding>(catalog, Table::Funding, symbol, from, to, log);
  }
  return market;
}

Coverage coverage(const fs::path& catalog, std::string_view symbol) {
  require_catalog(catalog);
  Coverage result;
  for (const auto& [table, kind] : kTables) {
    std::set<Day> days;
    for (const DayFile& file : files_of(catalog / folder_of(table, symbol))) {
      if (!file.interval) continue;
      const DayWindow covered = days_of_file(*file.interval, table);
      for (Day day = covered.first; day <= covered.last; day += std::chrono::days{1}) {
        days.insert(day);
      }
    }
    if (!days.empty()) result.days[kind].assign(days.begin(), days.end());
  }
  return result;
}

std::vector<std::string> symbols(const fs::path& catalog) {
  require_catalog(catalog);
  constexpr std::string_view kSuffix = "-PERP.BINANCE";
  std::set<std::string> found;
  std::error_code failure;
  for (const auto& [table, kind] : kTables) {
    const fs::path folder = (catalog / folder_of(table, "")).parent_path();
    if (!fs::is_directory(folder, failure)) continue;
    for (const auto& item : fs::directory_iterator{folder}) {
      const std::string name = item.path().filename().string();
      const std::size_t end = name.find(kSuffix);
      if (end != std::string::npos) found.insert(name.substr(0, end));
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace toxvol::catalog
