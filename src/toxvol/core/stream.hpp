#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {

/// Rows for as long as somebody holds them; several may. Without rows at the end of a stream.
template <class Record>
struct SharedRows {
  std::shared_ptr<const std::vector<Record>> owner;
  std::span<const Record> rows;
};

/// Blocks that are filled one after another, each used again once nobody holds it.
template <class Record>
class BlockPool {
 public:
  /// A block that nobody else holds, with whatever it had.
  [[nodiscard]] const std::shared_ptr<std::vector<Record>>& spare() {
    const auto free = std::find_if(blocks_.begin(), blocks_.end(),
                                   [](const auto& block) { return block.use_count() == 1; });
    if (free != blocks_.end()) return *free;
    return blocks_.emplace_back(std::make_shared<std::vector<Record>>());
  }

 private:
  std::vector<std::shared_ptr<std::vector<Record>>> blocks_;
};

/// Records of one kind in strictly ascending `ts_init`, block by block. One virtual call a block
/// (thousands of rows), none a row.
template <class Record>
class BlockStream {
 public:
  BlockStream() = default;
  BlockStream(const BlockStream&) = delete;
  BlockStream& operator=(const BlockStream&) = delete;
  virtual ~BlockStream() = default;

  /// The next rows, valid until the next call; empty at the end, for ever. Throws `Error`.
  [[nodiscard]] virtual std::span<const Record> next() = 0;
  /// The same, to be held: a copy, where the stream has none to share. Not for several threads.
  [[nodiscard]] virtual SharedRows<Record> next_shared() {
    const std::span<const Record> rows = next();
    if (rows.empty()) return {};
    const auto& copy = copies_.spare();
    copy->assign(rows.begin(), rows.end());
    return {.owner = copy, .rows = *copy};
  }
  /// Leaves out blocks that lie wholly before `ts` by `ts_event`, where the stream can do that
  /// without reading them. Gives whether it left any out.
  virtual bool skip_before(Timestamp /*ts*/) { return false; }

 private:
  BlockPool<Record> copies_;
};

/// What a run reads: a stream for each kind, null where the kind is not read at all.
struct MarketData {
  std::unique_ptr<BlockStream<Trade>> trades;
  std::unique_ptr<BlockStream<Quote>> quotes;
  std::unique_ptr<BlockStream<Bar>> bars;
  std::unique_ptr<BlockStream<Metrics>> metrics;
  std::unique_ptr<BlockStream<Funding>> funding;
};

}  // namespace toxvol
