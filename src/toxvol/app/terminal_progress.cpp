#include "toxvol/app/terminal_progress.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "toxvol/core/progress.hpp"

namespace toxvol::app {

namespace {

// A signal handler can reach nothing but a global.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<bool> stop_requested{false};

void request_stop(int signal) {
  if (stop_requested.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

std::string rate_text(double rows_per_second) {
  if (rows_per_second >= 1e6) return fmt::format("{:.1f} M rows/s", rows_per_second / 1e6);
  if (rows_per_second >= 1e3) return fmt::format("{:.0f} k rows/s", rows_per_second / 1e3);
  return fmt::format("{:.0f} rows/s", rows_per_second);
}

constexpr int kUsualColumns = 80;

int terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

/// Whether stderr is a terminal that can draw a line again.
bool can_redraw() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view{term} != "dumb";
}

}  // namespace

std::string progress_line(const ProgressText& text, std::optional<int> columns) {
  constexpr std::size_t kWidestBar = 24;
  constexpr std::size_t kNarrowestBar = 6;
  // The last column stays free: a full line would begin the next one.
  const auto room =
      columns ? static_cast<std::size_t>(std::max(*columns - 1, 1)) : std::string::npos;
  const std::string begin = text.stage + " ";
  std::string end = text.share ? fmt::format("{:.0f} %", *text.share * 100) : "";
  const bool has_bar = columns && text.share;
  const std::size_t least = has_bar ? kNarrowestBar + 3 : 0;
  const auto add = [&](const std::string& part) {
    const std::string longer = end.empty() ? part : end + ", " + part;
    if (begin.size() + least + longer.size() <= room) end = longer;
  };
  if (text.left_s) add(fmt::format("{}:{:02} left", *text.left_s / 60, *text.left_s % 60));
  add(rate_text(text.rows_per_second));
  std::string bar;
  const std::size_t used = begin.size() + end.size() + 3;
  if (has_bar && used + kNarrowestBar <= room) {
    const std::size_t width = std::min(kWidestBar, room - used);
    const auto filled = static_cast<std::size_t>(*text.share * static_cast<double>(width));
    bar = fmt::format("[{}{}] ", std::string(filled, '='), std::string(width - filled, ' '));
  }
  return (begin + bar + end).substr(0, room);
}

void watch_for_interrupt() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  // A file size limit then is a failed write with its one line, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
}

TerminalProgress::TerminalProgress(bool quiet) : quiet_{quiet}, terminal_{can_redraw()} {}

TerminalProgress::~TerminalProgress() {
  clear();
}

void TerminalProgress::begin(std::string_view stage, std::int64_t total) {
  const std::scoped_lock lock{mutex_};
  clear();
  stage_ = stage;
  total_ = total;
  done_ = 0;
  rows_ = 0;
  started_ = Clock::now();
  drawn_ = started_;
}

void TerminalProgress::advance(std::int64_t units, std::int64_t rows) {
  if (stop_requested.load(std::memory_order_relaxed)) throw Interrupted{};
  if (quiet_) return;
  const std::scoped_lock lock{mutex_};
  done_ += units;
  rows_ += rows;
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds{150} : std::chrono::seconds{10};
  if (now - drawn_ >= pause) draw(now);
}

void TerminalProgress::tell(std::string_view line) {
  if (quiet_) return;
  const std::scoped_lock lock{mutex_};
  clear();
  fmt::print(stderr, "toxvol: note: {}\n", line);
}

void TerminalProgress::draw(Clock::time_point now) {
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - started_).count();
  ProgressText text{.stage = stage_,
                    .share = std::nullopt,
                    .left_s = std::nullopt,
                    .rows_per_second = static_cast<double>(rows_) / std::max(seconds, 1e-3)};
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    text.share = share;
    if (share > 0.01) {
      text.left_s = std::lround(seconds / share * (1 - share));
    }
  }
  const std::string line =
      progress_line(text, terminal_ ? std::optional{terminal_columns()} : std::nullopt);
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", line, terminal_ ? "" : "\n");
  std::fflush(stderr);
  visible_ = terminal_;
}

void TerminalProgress::clear() {
  if (visible_) fmt::print(stderr, "\r\x1b[K");
  visible_ = false;
}

}  // namespace toxvol::app
