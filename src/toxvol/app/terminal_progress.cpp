#include "toxvol/app/terminal_progress.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <unistd.h>

#include "toxvol/core/progress.hpp"

namespace toxvol::app {

namespace {

// A signal handler can reach nothing but a global.
std::atomic<bool> stop_requested{
    false};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

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

}  // namespace

void watch_for_interrupt() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  // A file size limit then is a failed write with its one line, as a full disk is.
  std::signal(SIGXFSZ, SIG_IGN);
}

TerminalProgress::TerminalProgress(bool quiet)
    : quiet_{quiet}, terminal_{isatty(STDERR_FILENO) == 1} {}

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
  std::string line = fmt::format("{} ", stage_);
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
    constexpr int kWidth = 24;
    const auto filled = static_cast<std::size_t>(share * kWidth);
    if (terminal_) {
      line += fmt::format("[{}{}] ", std::string(filled, '='), std::string(kWidth - filled, ' '));
    }
    line += fmt::format("{:.0f} %, ", share * 100);
    if (share > 0.01) {
      const auto left = static_cast<std::int64_t>(seconds / share * (1 - share) + 0.5);
      line += fmt::format("{}:{:02} left, ", left / 60, left % 60);
    }
  }
  line += rate_text(static_cast<double>(rows_) / std::max(seconds, 1e-3));
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", line, terminal_ ? "" : "\n");
  std::fflush(stderr);
  visible_ = terminal_;
}

void TerminalProgress::clear() {
  if (visible_) fmt::print(stderr, "\r\x1b[K");
  visible_ = false;
}

}  // namespace toxvol::app
