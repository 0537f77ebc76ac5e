#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/market/flow_joiner.hpp"
#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/catalog/market/known_rows.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/market/measured_stream.hpp"
#include "toxvol/catalog/market/parts_stream.hpp"
#include "toxvol/catalog/market/window_files.hpp"
#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/catalog/raw/init_clock.hpp"
#include "toxvol/catalog/raw/rows_hash.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/quality/detectors.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

/// The hash of the first so many rows of a file.
template <class Record>
std::string hash_of_first(const fs::path& file, std::int64_t rows) {
  RowsHash hash;
  columnar::MarketReader<Record> reader{file.string()};
  for (auto block = reader.next(); rows > 0 && !block.empty(); block = reader.next()) {
    block = block.first(std::min(block.size(), static_cast<std::size_t>(rows)));
    hash.add(block);
    rows -= static_cast<std::int64_t>(block.size());
  }
  return hash.hex();
}

/// Tells the log of a run what ingest knows of days that are read whole.
template <class Record>
class Foreteller {
 public:
  Foreteller(std::shared_ptr<InputLog> log, Timestamp from, Timestamp to)
      : log_{std::move(log)}, from_{from}, to_{to} {}

  /// `file` is about to be read, and no other file has rows of its days.
  void operator()(const DataFile& file, const FileOfRows& known) const {
    if (!file.interval || known.rows_sha256.empty()) return;
    const Day day = day_of(file.interval->first);
    if (Timestamp{day} < from_ || Timestamp{day} + kDay > to_) return;
    if (day_of(file.interval->last) != day) return;
    log_->foretell(
        {.kind = KindOf<Record>::kKind,
         .day = day,
         .rows = known.rows,
         .sha256 = known.rows_sha256},
        [path = file.path](std::int64_t rows) { return hash_of_first<Record>(path, rows); });
  }

 private:
  std::shared_ptr<InputLog> log_;
  Timestamp from_;
  Timestamp to_;
};

bool lies_in(const std::vector<TimeRange>& parts, Timestamp ts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](const TimeRange& part) { return ts >= part.from && ts < part.to; });
}

/// All rows of a table that may lie in any of `parts`; the edges are cut by who reads them.
template <class Record>
class FileStream final : public BlockStream<Record> {
 public:
  /// Is shown each file that ingest wrote, before it is read.
  using OnOpen = std::function<void(const DataFile&, const FileOfRows&)>;

  /// Refuses files that `known` does: see there.
  /// `log` is told of rows that are left out; null: nobody is.
  FileStream(std::vector<DataFile> files, std::vector<TimeRange> parts,
             std::shared_ptr<const KnownRows> known, std::shared_ptr<InputLog> log,
             OnOpen on_open = {}, Workers* workers = nullptr)
      : parts_{std::move(parts)},
        known_{std::move(known)},
        log_{std::move(log)},
        workers_{workers},
        on_open_{std::move(on_open)},
        files_{std::move_iterator{files.begin()}, std::move_iterator{files.end()}} {
    groups_.reserve(parts_.size());
    for (const TimeRange& part : parts_) groups_.push_back({part.from, part.to + kMillisecond});
    if (!days_are_apart()) on_open_ = {};
  }

  std::span<const Record> next() override {
    given_ = {};  // its block may be used again
    given_ = next_shared();
    return given_.rows;
  }
  SharedRows<Record> next_shared() override {
    while (auto* const reader = opened()) {
      SharedRows<Record> rows = reader->next_shared();
      if (rows.rows.empty()) {
        reader_.reset();
        continue;
      }
      if (!reader->ours()) rows = judged(rows);
      if (!rows.rows.empty()) return rows;
    }
    return {};
  }

  /// Files that are left out have been checked all the same.
  bool skip_before(Timestamp ts) override {
    bool any = false;
    while (auto* const reader = opened()) {
      if (!reader->ours()) return any;
      any |= reader->skip_before(ts);
      if (!reader->at_end()) return any;
      reader_.reset();
    }
    return any;
  }

 private:
  void open_next() {
    const FileOfRows* known = known_->checked(files_.front().path);
    if (known != nullptr && on_open_) on_open_(files_.front(), *known);
    path_ = files_.front().path;
    files_.pop_front();
    auto& reader = reader_.emplace(path_.string(), workers_);
    if (reader.ours()) reader.skip_outside(groups_);
  }

  /// Of the file being read or else the next one; null after the last.
  columnar::MarketReader<Record>* opened() {
    if (!reader_ && !files_.empty()) open_next();
    return reader_ ? &*reader_ : nullptr;
  }

  /// Whether no two files have rows of one day.
  [[nodiscard]] bool days_are_apart() const {
    std::optional<Day> last;
    for (const DataFile& file : files_) {
      if (!file.interval || (last && day_of(file.interval->first) <= *last)) return false;
      last = day_of(file.interval->last);
    }
    return true;
  }

  /// Rows of another program, which nobody has looked at: without those that ingest would have
  /// quarantined (G9), and with a `ts_init` of ours, for its own may tie.
  SharedRows<Record> judged(const SharedRows<Record>& given) {
    if constexpr (std::is_same_v<Record, KlineFlow>) {
      return given;
    } else {
      const auto& block = blocks_.spare();
      block->clear();
      for (const Record& read : given.rows) {
        if (const auto defect = quality::defect_of(read)) {
          leave_out(read, *defect);
          continue;
        }
        Record& row = block->emplace_back(read);
        if constexpr (std::is_same_v<Record, Bar>) {
          if ((row.ts_event - Timestamp{}) % kMinute != Duration{}) {
            throw FileError{path_.string(),
                            fmt::format("a bar at {} does not end with a minute; write bars "
                                        "with ts_event at their end",
                                        to_string(row.ts_event)),
                            ErrorCode::Corrupt};
          }
        }
        if (!clock_.stamp(row)) {
          throw FileError{
              path_.string(),
              fmt::format("too many rows in the millisecond of {}", to_string(row.ts_event)),
              ErrorCode::Corrupt};
        }
      }
      return {.owner = block, .rows = *block};
    }
  }

  /// Said of what lies in any of the parts.
  void leave_out(const Record& row, quality::Code why) const {
    if (log_ && lies_in(parts_, row.ts_event)) log_->leave_out(why, unit_day(row));
  }

  struct NoClock {};
  std::vector<TimeRange> parts_;
  std::vector<TimeRange> groups_;  // of which row groups are read
  std::shared_ptr<const KnownRows> known_;
  std::shared_ptr<InputLog> log_;
  Workers* workers_;  // who may read ahead, or nobody
  OnOpen on_open_;
  std::deque<DataFile> files_;
  fs::path path_;
  std::optional<columnar::MarketReader<Record>> reader_;
  BlockPool<Record> blocks_;  // of rows that were judged
  SharedRows<Record> given_;  // by `next`
  std::conditional_t<std::is_same_v<Record, KlineFlow>, NoClock, InitClock<Record>> clock_;
};

/// Bars with what their klines said beyond.
class BarStream final : public BlockStream<Bar> {
 public:
  BarStream(const fs::path& catalog, std::string_view symbol, const std::vector<TimeRange>& parts,
            const std::shared_ptr<const KnownRows>& known, const std::shared_ptr<InputLog>& log,
            bool flow_needed)
      : bars_{files_in(catalog, Table::Bars, symbol, parts), parts, known, log},
        flows_{files_in(catalog, Table::Flow, symbol, parts), parts, known, log},
        has_flow_{!data_files(catalog / folder_of(Table::Flow, symbol)).empty()},
        parts_{parts},
        joiner_{[this] { return flows_.next(); }} {
    if (!has_flow_ && flow_needed &&
        !data_files(catalog / folder_of(Table::Bars, symbol)).empty()) {
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
    for (Bar& bar : block_) {
      // Outside the parts the flow's row groups may have been left out.
      if (joiner_.join_next(bar) || !lies_in(parts_, bar.ts_event)) continue;
      throw Error{fmt::format("the bar at {} has no kline flow; ingest its day again",
                              to_string(bar.ts_event))};
    }
    return block_;
  }

 private:
  FileStream<Bar> bars_;
  FileStream<KlineFlow> flows_;
  bool has_flow_;
  std::vector<TimeRange> parts_;
  FlowJoiner joiner_;
  std::vector<Bar> block_;
};

/// Of one kind, by the time that its rows have.
std::vector<TimeRange> shifted(std::span<const TimeRange> parts, Kind kind) {
  std::vector<TimeRange> made;
  made.reserve(parts.size());
  for (const TimeRange& part : parts) {
    made.push_back({part.from + length_of(kind), part.to + length_of(kind)});
  }
  return made;
}

/// The files of a kind as a stream; its edges are not cut.
template <class Record>
std::unique_ptr<BlockStream<Record>> stored(
    const fs::path& catalog, std::string_view symbol, const std::vector<TimeRange>& parts,
    const std::shared_ptr<const KnownRows>& known, const std::shared_ptr<InputLog>& log,
    const Inputs& inputs, [[maybe_unused]] typename FileStream<Record>::OnOpen&& on_open = {},
    [[maybe_unused]] Workers* workers = nullptr) {
  constexpr Kind kKind = KindOf<Record>::kKind;
  if constexpr (kKind == Kind::Klines) {
    return std::make_unique<BarStream>(catalog, symbol, parts, known, log, !inputs.trades);
  } else {
    return std::make_unique<FileStream<Record>>(files_in(catalog, table_of(kKind), symbol, parts),
                                                parts, known, log, std::move(on_open), workers);
  }
}

}  // namespace

OpenedMarket open(const fs::path& catalog, std::string_view symbol, Timestamp from, Timestamp to,
                  Inputs inputs, Workers* workers) {
  require_current_catalog(catalog);
  OpenedMarket market;
  market.inputs = std::make_shared<InputLog>();
  const auto known = std::make_shared<const KnownRows>(catalog);
  const TimeRange whole{.from = from, .to = to};
  for_each_kind([&]<class Record>(std::type_identity<Record>) {
    constexpr Kind kKind = KindOf<Record>::kKind;
    if (!inputs[kKind]) return;
    const std::vector<TimeRange> parts = shifted({&whole, 1}, kKind);
    const auto [first, end] = parts.front();
    typename FileStream<Record>::OnOpen on_open;
    if constexpr (kKind == Kind::AggTrades || kKind == Kind::BookTicker) {
      on_open = Foreteller<Record>{market.inputs, first, end};
    }
    market.data.*KindOf<Record>::kStream = std::make_unique<MeasuredStream<Record>>(
        stored<Record>(catalog, symbol, parts, known, market.inputs, inputs, std::move(on_open),
                       workers),
        first, end, market.inputs);
  });
  return market;
}

MarketData open_parts(const fs::path& catalog, std::string_view symbol,
                      std::span<const TimeRange> parts, Inputs inputs) {
  require_current_catalog(catalog);
  MarketData data;
  const auto known = std::make_shared<const KnownRows>(catalog);
  for_each_kind([&]<class Record>(std::type_identity<Record>) {
    constexpr Kind kKind = KindOf<Record>::kKind;
    if (!inputs[kKind]) return;
    std::vector<TimeRange> own = shifted(parts, kKind);
    auto rows = stored<Record>(catalog, symbol, own, known, nullptr, inputs);
    data.*KindOf<Record>::kStream =
        std::make_unique<PartsStream<Record>>(std::move(rows), std::move(own));
  });
  return data;
}

}  // namespace toxvol::catalog
