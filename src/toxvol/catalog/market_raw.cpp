#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "toxvol/catalog/coverage.hpp"
#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/input_log.hpp"
#include "toxvol/catalog/market.hpp"
#include "toxvol/catalog/market_streams.hpp"
#include "toxvol/catalog/sequence.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

/// Rows of many files by unit. A monthly file and the daily ones that win over some of its days
/// take turns, so more than one can be open.
template <class Record>
class RawStream final : public BlockStream<Record> {
 public:
  RawStream(std::vector<SourceFile> files, fs::path spill_folder)
      : files_{std::move(files)}, spill_folder_{std::move(spill_folder)} {
    std::sort(files_.begin(), files_.end(), [](const SourceFile& a, const SourceFile& b) {
      return std::tie(a.first_day, a.monthly, a.relative) <
             std::tie(b.first_day, b.monthly, b.relative);
    });
  }

  std::span<const Record> next() override {
    if (current_ != nullptr) advance(*current_);
    current_ = nullptr;
    for (;;) {
      Cursor* first = nullptr;
      for (auto& cursor : open_) {
        if (first == nullptr || cursor->block->unit < first->block->unit) first = cursor.get();
      }
      const bool another = next_file_ < files_.size() &&
                           (first == nullptr || files_[next_file_].first_day <= first->block->unit);
      if (!another) {
        if (first == nullptr) return {};
        current_ = first;
        return first->block->rows;
      }
      open_file(files_[next_file_++]);
    }
  }

 private:
  struct Cursor {
    SequencedFile<Record> file;
    std::optional<SequencedBlock<Record>> block;
  };

  void open_file(const SourceFile& file) {
    SequenceOptions options;
    options.spill_folder = spill_folder_;
    options.detect = false;
    // Rows once given out cannot be called back, so the order is looked at first.
    const Reading reading = is_ordered<Record>(file) ? Reading::InOrder : Reading::Sorted;
    auto cursor = std::make_unique<Cursor>(
        Cursor{.file = SequencedFile<Record>{file, options, reading}, .block = std::nullopt});
    cursor->block = cursor->file.next();
    if (cursor->block) open_.push_back(std::move(cursor));
  }

  void advance(Cursor& cursor) {
    cursor.block = cursor.file.next();
    if (cursor.block) return;
    std::erase_if(open_, [&](const auto& item) { return item.get() == &cursor; });
  }

  std::vector<SourceFile> files_;
  fs::path spill_folder_;
  std::size_t next_file_ = 0;
  std::vector<std::unique_ptr<Cursor>> open_;
  Cursor* current_ = nullptr;
};

std::vector<SourceFile> files_of(const Discovery& found, std::string_view symbol, Kind kind,
                                 Timestamp from, Timestamp to) {
  std::vector<SourceFile> result;
  for (const SourceFile& file : found.files) {
    const quality::Period period = file.period();
    // Its last bar and its last metrics stand exactly at the period's end.
    if (file.symbol == symbol && file.kind == kind && period.to >= from && period.from < to) {
      result.push_back(file);
    }
  }
  return result;
}

template <class Record>
std::unique_ptr<BlockStream<Record>> raw_stream(const Discovery& found, std::string_view symbol,
                                                Kind kind, Timestamp from, Timestamp to,
                                                const fs::path& spill_folder,
                                                const std::shared_ptr<InputLog>& log) {
  return std::make_unique<MeasuredStream<Record>>(
      std::make_unique<RawStream<Record>>(files_of(found, symbol, kind, from, to), spill_folder),
      from, to, log);
}

}  // namespace

OpenedMarket open_raw(const std::vector<fs::path>& raw, std::string_view symbol, Timestamp from,
                      Timestamp to, Inputs inputs, const fs::path& spill_folder) {
  const Discovery found = discover(raw);
  OpenedMarket market;
  market.inputs = std::make_shared<InputLog>();
  const auto& log = market.inputs;
  if (inputs.trades) {
    market.data.trades =
        raw_stream<Trade>(found, symbol, Kind::AggTrades, from, to, spill_folder, log);
  }
  if (inputs.quotes) {
    market.data.quotes =
        raw_stream<Quote>(found, symbol, Kind::BookTicker, from, to, spill_folder, log);
  }
  if (inputs.bars) {
    // A bar belongs to the range that its minute opens in (G2).
    market.data.bars = raw_stream<Bar>(found, symbol, Kind::Klines, from + kMinute, to + kMinute,
                                       spill_folder, log);
  }
  if (inputs.metrics) {
    market.data.metrics =
        raw_stream<Metrics>(found, symbol, Kind::Metrics, from, to, spill_folder, log);
  }
  if (inputs.funding) {
    market.data.funding =
        raw_stream<Funding>(found, symbol, Kind::Funding, from, to, spill_folder, log);
  }
  return market;
}

Coverage coverage(const Discovery& found, std::string_view symbol) {
  std::map<Kind, std::set<Day>> days;
  for (const SourceFile& file : found.files) {
    if (file.symbol != symbol) continue;
    const quality::Period period = file.period();
    for (Day day = file.first_day; Timestamp{day} < period.to; day += std::chrono::days{1}) {
      days[file.kind].insert(day);
    }
  }
  Coverage result;
  for (const auto& [kind, list] : days) result.days[kind].assign(list.begin(), list.end());
  return result;
}

Coverage raw_coverage(const std::vector<fs::path>& raw, std::string_view symbol) {
  return coverage(discover(raw), symbol);
}

}  // namespace toxvol::catalog
