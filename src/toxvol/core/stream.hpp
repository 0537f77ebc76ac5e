#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "toxvol/core/market.hpp"

namespace toxvol {

/// Rows for as long as somebody holds them; several may.
template <class Record>
using SharedRows = std::shared_ptr<const std::vector<Record>>;

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
  /// The same, to be held: a copy, where the stream has none to share. Null at the end. Not for
  /// several threads.
  [[nodiscard]] virtual SharedRows<Record> next_shared() {
    const std::span<const Record> rows = next();
    if (rows.empty()) return nullptr;
    auto copy = std::find_if(copies_.begin(), copies_.end(),
                             [](const auto& made) { return made.use_count() == 1; });
    if (copy == copies_.end()) {
      copy = copies_.insert(copy, std::make_shared<std::vector<Record>>());
    }
    (*copy)->assign(rows.begin(), rows.end());
    return *copy;
  }

 private:
  std::vector<std::shared_ptr<std::vector<Record>>> copies_;  // used again once nobody holds them
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
