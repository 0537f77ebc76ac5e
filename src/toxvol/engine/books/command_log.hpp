#pragma once

#include <cstddef>
#include <deque>

#include "toxvol/core/time.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

/// Every command and what became of it, written in the order in which they were given, each as soon
/// as it and all before it are known.
class CommandLog {
 public:
  explicit CommandLog(trading::Recorder& recorder) : recorder_{recorder} {}

  /// The command's number, for `settle`.
  std::size_t add(trading::CommandKind kind, trading::OrderId id, Timestamp ts_sent);
  void settle(std::size_t command, trading::CommandOutcome outcome, Timestamp ts_arrive);
  /// What is still on its way never arrives.
  void finish();

 private:
  struct Entry {
    trading::CommandRecord record;
    bool known = false;
  };

  void write_known();

  trading::Recorder& recorder_;
  std::deque<Entry> waiting_;  // not written yet
  std::size_t written_ = 0;
};

}  // namespace toxvol::engine
