#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <span>
#include <stop_token>
#include <thread>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/study/points.hpp"

namespace toxvol::jobs {

/// Batches of points on threads of this process, each batch on one of them.
class BatchThreads {
 public:
  /// Is called by several threads; may throw. `progress` throws `Interrupted` once this object
  /// goes.
  using Run =
      std::function<std::vector<FinishedPoint>(const study::Batch& batch, Progress& progress)>;

  /// Begins with the first `threads` of them. `batches` and `progress` outlive this object.
  BatchThreads(std::span<const study::Batch> batches, std::size_t threads, Run run,
               Progress& progress);
  BatchThreads(const BatchThreads&) = delete;
  BatchThreads& operator=(const BatchThreads&) = delete;
  /// Calls off what still runs.
  ~BatchThreads();

  /// Waits for a moment; what has ended since, each batch once, in any order. A batch that threw
  /// has its message, but `Interrupted` comes out of here.
  [[nodiscard]] std::vector<ReturnedBatch> take();

 private:
  void serve(const std::stop_token& stop);
  void run_one(std::size_t batch, const std::stop_token& stop);

  std::span<const study::Batch> batches_;
  Run run_;
  Progress& progress_;
  std::mutex mutex_;
  std::condition_variable ended_;
  // Under the mutex:
  std::size_t next_ = 0;
  std::vector<ReturnedBatch> returned_;
  std::exception_ptr interrupted_{};
  std::vector<std::jthread> threads_;  // the last member: they use the others
};

}  // namespace toxvol::jobs
