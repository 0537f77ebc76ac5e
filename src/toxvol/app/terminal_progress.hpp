#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/core/progress.hpp"

namespace toxvol::app {

/// What a line of progress tells.
struct ProgressText {
  std::string stage;
  std::optional<double> share;         // of the work that is done, 0 to 1
  std::optional<std::int64_t> left_s;  // estimated
  double rows_per_second = 0.0;
};

/// One line of at most `columns` characters, the bar included; what has no room is left out: first
/// the rate, then the time, then the bar. Without `columns` there is no bar.
[[nodiscard]] std::string progress_line(const ProgressText& text, std::optional<int> columns);

/// Shows long work on stderr: one line that is redrawn on a terminal, otherwise (TERM=dumb too) a
/// plain line every ten seconds; what is told as `toxvol: note: …`; nothing with `quiet`. Ctrl-C
/// becomes `Interrupted` at the next block.
class TerminalProgress : public Progress {
 public:
  explicit TerminalProgress(bool quiet);
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;
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
