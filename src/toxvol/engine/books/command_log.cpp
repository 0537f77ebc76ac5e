#include "toxvol/engine/books/command_log.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

std::size_t CommandLog::add(trading::CommandKind kind, trading::OrderId id, Timestamp ts_sent) {
  const std::size_t index = written_ + waiting_.size();
  waiting_.push_back({.record = {.seq = static_cast<std::int64_t>(index) + 1,
                                 .ts_sent = ts_sent,
                                 .ts_arrive = std::nullopt,
                                 .kind = kind,
                                 .order = id}});
  return index;
}

void CommandLog::settle(std::size_t command, trading::CommandOutcome outcome, Timestamp ts_arrive) {
  Entry& entry = waiting_[command - written_];
  entry.record.ts_arrive = ts_arrive;
  entry.record.outcome = outcome;
  entry.known = true;
  write_known();
}

void CommandLog::write_known() {
  while (!waiting_.empty() && waiting_.front().known) {
    recorder_.record(waiting_.front().record);
    waiting_.pop_front();
    ++written_;
  }
}

void CommandLog::finish() {
  for (Entry& entry : waiting_) entry.known = true;  // outcome `never`
  write_known();
}

}  // namespace toxvol::engine
