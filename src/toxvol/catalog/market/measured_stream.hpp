#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/catalog/market/order_proof.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

/// Cuts a stream to [from, to) by ts_event, proves its order and tells the log what went by.
template <class Record>
class MeasuredStream final : public BlockStream<Record> {
 public:
  MeasuredStream(std::unique_ptr<BlockStream<Record>> inner, Timestamp from, Timestamp to,
                 std::shared_ptr<InputLog> log)
      : inner_{std::move(inner)}, from_{from}, to_{to}, log_{std::move(log)} {}

  std::span<const Record> next() override {
    given_ = {};  // its block may be used again
    given_ = next_shared();
    return given_.rows;
  }
  SharedRows<Record> next_shared() override {
    while (!done_) {
      SharedRows<Record> shared = inner_->next_shared();
      std::span<const Record>& rows = shared.rows;
      if (rows.empty()) break;
      proof_.check(rows);
      const auto before = [](const Record& row, Timestamp ts) { return row.ts_event < ts; };
      const auto first = std::lower_bound(rows.begin(), rows.end(), from_, before);
      const auto last = std::lower_bound(first, rows.end(), to_, before);
      if (last != rows.end()) done_ = true;
      rows = rows.subspan(static_cast<std::size_t>(first - rows.begin()),
                          static_cast<std::size_t>(last - first));
      if (rows.empty()) continue;
      log_->add(rows);
      return shared;
    }
    done_ = true;
    return {};
  }
  bool skip_before(Timestamp ts) override { return !done_ && inner_->skip_before(ts); }

 private:
  std::unique_ptr<BlockStream<Record>> inner_;
  Timestamp from_;
  Timestamp to_;
  std::shared_ptr<InputLog> log_;
  OrderProof<Record> proof_;
  bool done_ = false;
  SharedRows<Record> given_;  // by `next`
};

}  // namespace toxvol::catalog
