#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "toxvol/core/progress.hpp"

namespace toxvol::app {

/// Shows long work on stderr: one line that is redrawn on a terminal, otherwise a plain line every
/// ten seconds; what is told as `toxvol: note: …`; nothing with `quiet`. Ctrl-C becomes
/// `Interrupted` at the next block.
class TerminalProgress : public Progress {
 public:
  explicit TerminalProgress(bool quiet);
  ~TerminalProgress() override;

  void begin(std::string_view stage, std::int64_t total) override;
  void advance(std::int64_t units, std::int64_t rows) override;
  void tell(std::string_view line) override;

 private:
  using Clock = std::chrono::steady_clock;

  void draw(Clock::time_point now);
  void clear();

  bool quiet_;
  bool terminal_;
  std::mutex mutex_;
  std::string stage_;
  std::int64_t total_ = 0;
  std::int64_t done_ = 0;
  std::int64_t rows_ = 0;
  Clock::time_point started_;
  Clock::time_point drawn_;
  bool visible_ = false;
};

/// Makes SIGINT and SIGTERM ask for a stop; a second one ends the program at once.
void watch_for_interrupt();

}  // namespace toxvol::app
