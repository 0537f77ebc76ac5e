#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/market/measured_stream.hpp"
#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/sequence.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"

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
        if (first == nullptr || cursor->here().unit < first->here().unit) first = cursor.get();
      }
      const bool another = next_file_ < files_.size() &&
                           (first == nullptr || files_[next_file_].first_day <= first->here().unit);
      if (!another) {
        if (first == nullptr) return {};
        current_ = first;
        return first->here().rows;
      }
      open_file(files_[next_file_++]);
    }
  }

 private:
  struct Cursor {
    fs::path path;
    SequencedFile<Record> file;
    std::optional<SequencedBlock<Record>> block;  // of one that is open: there

    [[nodiscard]] const SequencedBlock<Record>& here() const { return held(block); }
    void advance() {
      block = file.next();
      if (!block && file.is_disordered()) {
        throw Error{fmt::format("{}: changed while it was read; run it again", path.string())};
      }
    }
  };

  void open_file(const SourceFile& file) {
    SequenceOptions options;
    options.spill_folder = spill_folder_;
    options.detect = false;
    // Rows once given out cannot be called back, so the order is looked at first.
    const Reading reading = is_ordered<Record>(file) ? Reading::InOrder : Reading::Sorted;
    auto cursor = std::make_unique<Cursor>(Cursor{
        .path = file.path, .file = {file, std::move(options), reading}, .block = std::nullopt});
    cursor->advance();
    if (cursor->block) open_.push_back(std::move(cursor));
  }

  void advance(Cursor& cursor) {
    cursor.advance();
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
    const TimeRange period = file.period();
    // Its last bar and its last metrics stand exactly at the period's end.
    if (file.symbol == symbol && file.kind == kind && period.to >= from && period.from < to) {
      result.push_back(file);
    }
  }
  return result;
}

}  // namespace

OpenedMarket open_raw(const std::vector<fs::path>& raw, std::string_view symbol, Timestamp from,
                      Timestamp to, Inputs inputs, const fs::path& spill_folder) {
  const Discovery found = discover(raw);
  OpenedMarket market;
  market.inputs = std::make_shared<InputLog>();
  for_each_kind([&]<class Record>(std::type_identity<Record>) {
    constexpr Kind kKind = KindOf<Record>::kKind;
    if (!inputs[kKind]) return;
    const Timestamp first = from + length_of(kKind);
    const Timestamp end = to + length_of(kKind);
    market.data.*KindOf<Record>::kStream = std::make_unique<MeasuredStream<Record>>(
        std::make_unique<RawStream<Record>>(files_of(found, symbol, kKind, first, end),
                                            spill_folder),
        first, end, market.inputs);
  });
  return market;
}

}  // namespace toxvol::catalog
