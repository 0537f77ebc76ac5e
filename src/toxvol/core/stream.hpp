#pragma once

#include <memory>
#include <span>

#include "toxvol/core/market.hpp"

namespace toxvol {

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
