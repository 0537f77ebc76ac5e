#include "toxvol/jobs/study/batch_threads.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <span>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/study/points.hpp"

namespace toxvol::jobs {

namespace {

constexpr std::chrono::milliseconds kMoment{100};

/// Says `Interrupted` to one thread when it is told to stop.
class StoppedProgress final : public Progress {
 public:
  StoppedProgress(Progress& progress, const std::stop_token& stop)
      : progress_{progress}, stop_{stop} {}

  void begin(std::string_view stage, std::int64_t total) override { progress_.begin(stage, total); }
  void advance(std::int64_t units, std::int64_t rows) override {
    if (stop_.stop_requested()) throw Interrupted{};
    progress_.advance(units, rows);
  }
  void tell(std::string_view line) override { progress_.tell(line); }

 private:
  Progress& progress_;
  const std::stop_token& stop_;
};

}  // namespace

BatchThreads::BatchThreads(std::span<const study::Batch> batches, std::size_t threads, Run run,
                           Progress& progress)
    : batches_{batches}, run_{std::move(run)}, progress_{progress} {
  const std::size_t count = std::min(std::max<std::size_t>(threads, 1), batches.size());
  for (std::size_t i = 0; i < count; ++i) {
    threads_.emplace_back([this](const std::stop_token& stop) { serve(stop); });
  }
}

BatchThreads::~BatchThreads() {
  for (std::jthread& thread : threads_) thread.request_stop();
}

std::vector<ReturnedBatch> BatchThreads::take() {
  std::unique_lock lock{mutex_};
  ended_.wait_for(lock, kMoment, [this] { return !returned_.empty() || interrupted_; });
  if (interrupted_) std::rethrow_exception(interrupted_);
  return std::exchange(returned_, {});
}

void BatchThreads::serve(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::size_t batch = 0;
    {
      const std::scoped_lock lock{mutex_};
      if (next_ == batches_.size()) return;
      batch = next_++;
    }
    run_one(batch, stop);
  }
}

void BatchThreads::run_one(std::size_t batch, const std::stop_token& stop) {
  StoppedProgress progress{progress_, stop};
  ReturnedBatch returned{.batch = batch, .result = {}};
  std::exception_ptr interrupted;
  try {
    returned.result.points = run_(batches_[batch], progress);
  } catch (const Interrupted&) {
    interrupted = std::current_exception();
  } catch (const std::exception& error) {
    returned.result.failure = error.what();
  }
  const std::scoped_lock lock{mutex_};
  if (interrupted) {
    interrupted_ = interrupted;
  } else {
    returned_.push_back(std::move(returned));
  }
  ended_.notify_one();
}

}  // namespace toxvol::jobs
