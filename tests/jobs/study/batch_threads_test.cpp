#include "toxvol/jobs/study/batch_threads.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/study/points.hpp"

namespace toxvol::jobs {
namespace {

using study::Batch;

/// Counts what it is told, by any thread, and says `Interrupted` from a number of units on.
class Counter final : public Progress {
 public:
  void advance(std::int64_t units, std::int64_t) override {
    done += units;
    if (done >= most) throw Interrupted{};
  }

  std::atomic<std::int64_t> done = 0;
  std::int64_t most = 1'000'000;
};

std::vector<Batch> numbered(std::size_t count) {
  std::vector<Batch> batches;
  batches.reserve(count);
  for (std::size_t i = 0; i < count; ++i) batches.push_back({i, 100 + i});
  return batches;
}

std::vector<FinishedPoint> finished(const Batch& batch) {
  std::vector<FinishedPoint> points;
  points.reserve(batch.size());
  for (const std::size_t point : batch) {
    points.push_back({.number = point, .trial = {}, .outcome = std::to_string(point)});
  }
  return points;
}

/// All that `threads` bring, by batch; each only once.
std::map<std::size_t, PartResult> all_of(BatchThreads& threads, std::size_t batches) {
  std::map<std::size_t, PartResult> results;
  while (results.size() < batches) {
    for (const ReturnedBatch& batch : threads.take()) {
      EXPECT_TRUE(results.emplace(batch.batch, batch.result).second) << batch.batch;
    }
  }
  return results;
}

TEST(BatchThreads, RunEachBatchOnceWhateverTheirNumber) {
  const std::vector<Batch> batches = numbered(7);
  for (const std::size_t count : {0U, 1U, 3U, 20U}) {
    Counter progress;
    BatchThreads threads{batches, count,
                         [](const Batch& batch, Progress& told) {
                           told.advance(1, 0);
                           return finished(batch);
                         },
                         progress};
    const auto results = all_of(threads, batches.size());
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const PartResult& result = results.at(i);
      ASSERT_EQ(result.points.size(), 2U);
      EXPECT_EQ(result.points[1].outcome, std::to_string(100 + i));
      EXPECT_TRUE(result.failure.empty());
    }
    EXPECT_EQ(progress.done, 7);
  }
}

TEST(BatchThreads, AreAsManyAsAskedForAtTheSameTime) {
  const std::vector<Batch> batches = numbered(2);
  std::atomic<int> inside = 0;
  Progress silent;
  BatchThreads threads{batches, 2,
                       [&](const Batch& batch, Progress&) {
                         ++inside;
                         while (inside < 2) std::this_thread::yield();  // waits for the other
                         return finished(batch);
                       },
                       silent};
  EXPECT_EQ(all_of(threads, 2).size(), 2U);
}

TEST(BatchThreads, ABatchThatThrowsHasItsMessageAndTheOthersGoOn) {
  const std::vector<Batch> batches = numbered(3);
  Progress silent;
  BatchThreads threads{batches, 2,
                       [](const Batch& batch, Progress&) {
                         if (batch.front() == 1) throw std::runtime_error{"no such day"};
                         return finished(batch);
                       },
                       silent};
  const auto results = all_of(threads, 3);
  EXPECT_EQ(results.at(1).failure, "no such day");
  EXPECT_TRUE(results.at(1).points.empty());
  EXPECT_EQ(results.at(2).points.size(), 2U);
}

TEST(BatchThreads, ThatAreInterruptedSaySo) {
  const std::vector<Batch> batches = numbered(50);
  Counter progress;
  progress.most = 5;
  BatchThreads threads{batches, 2,
                       [](const Batch& batch, Progress& told) {
                         told.advance(1, 0);
                         return finished(batch);
                       },
                       progress};
  EXPECT_THROW(static_cast<void>(all_of(threads, 50)), Interrupted);
}

TEST(BatchThreads, ThatAreLetGoOfStopAtTheNextWordOfProgress) {
  const std::vector<Batch> batches = numbered(9);
  Counter progress;
  std::atomic<int> begun = 0;
  {
    const BatchThreads threads{batches, 2,
                               [&](const Batch&, Progress& told) -> std::vector<FinishedPoint> {
                                 ++begun;
                                 for (;;) {
                                   told.advance(0, 0);
                                   std::this_thread::sleep_for(std::chrono::milliseconds{1});
                                 }
                               },
                               progress};
    while (begun < 2) std::this_thread::yield();
  }
  EXPECT_EQ(begun, 2);
}

}  // namespace
}  // namespace toxvol::jobs
