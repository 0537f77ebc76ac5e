#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

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
  void stop() {
    stop_ = true;
    const std::scoped_lock lock{mutex_};
    turn_.notify_all();
  }

  /// Has the thread that is Python's do `task`, with the GIL, and waits for it. Throws what it
  /// throws; `Interrupted` where that was an exception of Python's, which comes out of `watched`.
  void have_done(const std::function<void()>& task) {
    std::unique_lock lock{mutex_};
    task_ = &task;
    turn_.notify_all();
    turn_.wait(lock, [&] { return task_ == nullptr || stop_.load(); });
    if (std::exchange(task_, nullptr) != nullptr || stop_.load()) throw Interrupted{};
    if (const auto failure = std::exchange(task_failure_, nullptr)) std::rethrow_exception(failure);
  }
  /// For that thread: does what is to be done, if anything.
  void do_task() {
    const std::function<void()>* task = nullptr;
    {
      const std::scoped_lock lock{mutex_};
      task = task_;
    }
    if (task == nullptr) return;
    std::exception_ptr failure;
    try {
      (*task)();
    } catch (const nanobind::python_error&) {
      throw;
    } catch (...) {  // carried to the thread that asked
      failure = std::current_exception();
    }
    const std::scoped_lock lock{mutex_};
    task_failure_ = failure;
    task_ = nullptr;
    turn_.notify_all();
  }

  /// The work is over.
  void finish() {
    const std::scoped_lock lock{mutex_};
    is_over_ = true;
    turn_.notify_all();
  }
  /// Waits for the end, or so long, or until there is something to do; whether it is over.
  bool wait_until(std::chrono::steady_clock::time_point then) {
    std::unique_lock lock{mutex_};
    turn_.wait_until(lock, then, [&] { return is_over_ || task_ != nullptr; });
    return is_over_;
  }
  void wait_for_end() {
    std::unique_lock lock{mutex_};
    turn_.wait(lock, [&] { return is_over_; });
  }
  [[nodiscard]] bool has_task() {
    const std::scoped_lock lock{mutex_};
    return task_ != nullptr;
  }

 private:
  std::mutex mutex_;
  State state_;
  bool changed_ = false;
  std::vector<std::string> told_;
  std::atomic<bool> stop_ = false;
  std::condition_variable turn_;
  const std::function<void()>* task_ = nullptr;
  std::exception_ptr task_failure_;
  bool is_over_ = false;
  std::optional<app::TerminalProgress> terminal_;
};

/// Does `work(Watch&)` on a thread of its own without the GIL. The calling thread stays
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
  std::optional<decltype(work(watch))> result;
  std::exception_ptr failure;
  std::thread worker{[&] {
    try {
      result.emplace(work(watch));
    } catch (...) {  // carried to the thread that asked
      failure = std::current_exception();
    }
    watch.finish();
  }};
  /// Some time, or until the end; meanwhile what the work has to be done here.
  const auto wait = [&] {
    const auto then = std::chrono::steady_clock::now() + kPause;
    for (;;) {
      const bool over = [&] {
        const nb::gil_scoped_release release;
        return watch.wait_until(then);
      }();
      if (over || !watch.has_task()) return over;
      watch.do_task();
      if (std::chrono::steady_clock::now() >= then) return false;
    }
  };
  bool raised = false;
  std::optional<nb::python_error> error;
  for (bool over = false; !over && !raised;) {
    try {
      over = wait();
      for (const std::string& line : watch.take_told()) {
        const auto told =
            nb::cast<std::string>(nb::module_::import_("toxvol._errors").attr("in_python")(line));
        if (PyErr_WarnEx(PyExc_UserWarning, told.c_str(), 1) != 0) throw nb::python_error{};
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
  {
    const nb::gil_scoped_release release;
    watch.wait_for_end();
  }
  worker.join();
  if (error) throw std::move(*error);
  if (failure) std::rethrow_exception(failure);
  return *std::move(result);
}

}  // namespace toxvol::python
