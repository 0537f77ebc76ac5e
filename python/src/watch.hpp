#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>

#include "toxvol/app/terminal_progress.hpp"
#include "toxvol/core/progress.hpp"

namespace toxvol::python {

/// What the working threads tell, and how they are told to stop.
class Watch final : public Progress {
 public:
  explicit Watch(bool terminal) {
    if (terminal) terminal_.emplace(false);
  }

  void begin(std::string_view stage, std::int64_t total) override {
    const std::scoped_lock lock{mutex_};
    if (terminal_) terminal_->begin(stage, total);
    state_ = {.stage = std::string{stage}, .total = total};
    changed_ = true;
  }
  void advance(std::int64_t units, std::int64_t rows) override {
    if (stop_.load(std::memory_order_relaxed)) throw Interrupted{};
    const std::scoped_lock lock{mutex_};
    if (terminal_) terminal_->advance(units, rows);
    state_.done += units;
    state_.rows += rows;
    changed_ = true;
  }

  void tell(std::string_view line) override {
    const std::scoped_lock lock{mutex_};
    told_.emplace_back(line);
  }

  struct State {
    std::string stage;
    std::int64_t done = 0;
    std::int64_t total = 0;
    std::int64_t rows = 0;
  };
  /// What is new since the last call.
  [[nodiscard]] std::optional<State> take() {
    const std::scoped_lock lock{mutex_};
    if (!std::exchange(changed_, false) || state_.stage.empty()) return std::nullopt;
    return state_;
  }
  [[nodiscard]] std::vector<std::string> take_told() {
    const std::scoped_lock lock{mutex_};
    return std::exchange(told_, {});
  }
  void stop() { stop_ = true; }

 private:
  std::mutex mutex_;
  State state_;
  bool changed_ = false;
  std::vector<std::string> told_;
  std::atomic<bool> stop_ = false;
  std::optional<app::TerminalProgress> terminal_;
};

/// Does `work(Progress&)` on a thread of its own without the GIL. The calling thread stays
/// Python's: it runs signal handlers (Ctrl-C stops the work and raises KeyboardInterrupt) and calls
/// `progress` – None, True for the command's own bar on stderr, or `f(stage, done, total, rows)` –
/// some times a second. What is told becomes a UserWarning. An exception of either stops the work
/// and comes out.
template <class Work>
auto watched(const nanobind::object& progress, Work work) {
  namespace nb = nanobind;
  constexpr std::chrono::milliseconds kPause{50};
  const bool callable = PyCallable_Check(progress.ptr()) != 0;
  Watch watch{!callable && nb::cast<bool>(nb::bool_(progress))};
  std::optional<decltype(work(static_cast<Progress&>(watch)))> result;
  std::exception_ptr failure;
  std::mutex mutex;
  std::condition_variable finished;
  bool done = false;
  std::thread worker{[&] {
    try {
      result.emplace(work(static_cast<Progress&>(watch)));
    } catch (...) {  // carried to the thread that asked
      failure = std::current_exception();
    }
    const std::scoped_lock lock{mutex};
    done = true;
    finished.notify_one();
  }};
  const auto wait = [&](bool to_the_end) {
    const nb::gil_scoped_release release;
    std::unique_lock lock{mutex};
    if (to_the_end) {
      finished.wait(lock, [&] { return done; });
    } else {
      finished.wait_for(lock, kPause, [&] { return done; });
    }
    return done;
  };
  bool raised = false;
  std::optional<nb::python_error> error;
  for (bool over = false; !over && !raised;) {
    over = wait(false);
    try {
      for (const std::string& line : watch.take_told()) {
        if (PyErr_WarnEx(PyExc_UserWarning, line.c_str(), 1) != 0) throw nb::python_error{};
      }
      if (PyErr_CheckSignals() != 0) throw nb::python_error{};
      if (!callable) continue;
      if (const auto state = watch.take()) {
        progress(state->stage, state->done, state->total, state->rows);
      }
    } catch (nb::python_error& thrown) {
      raised = true;
      error.emplace(std::move(thrown));
      watch.stop();
    }
  }
  wait(true);
  worker.join();
  if (error) throw std::move(*error);
  if (failure) std::rethrow_exception(failure);
  return *std::move(result);
}

}  // namespace toxvol::python
