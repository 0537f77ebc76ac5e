#include "toxvol/jobs/study/batches.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/points.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {
namespace {

/// Points 0, 1, … of models that differ in a window.
class Tasks {
 public:
  /// Gives the last one's configuration.
  config::Config& add(std::size_t points, int model, int fold = 0) {
    for (std::size_t i = 0; i < points; ++i) {
      StudyTask& task = tasks_.emplace_back();
      task.number = tasks_.size() - 1;
      task.spec.config.strategy.factors.pressure.z_window = std::chrono::hours{100 + model};
      const Timestamp from{std::chrono::hours{fold}};
      task.window =
          study::Window{.instrument = {}, .from = from, .to = from + std::chrono::hours{1}};
    }
    return tasks_.back().spec.config;
  }
  [[nodiscard]] std::vector<study::Batch> cut(const BatchSize& size) const {
    const std::vector<StudyTask> ordered = in_order(tasks_);
    TasksByNumber by_number;
    std::vector<std::size_t> numbers;
    for (const StudyTask& task : ordered) {
      by_number.emplace(task.number, &task);
      numbers.push_back(task.number);
    }
    return jobs::cut(numbers, by_number, size);
  }

 private:
  std::vector<StudyTask> tasks_;
};

using Batches = std::vector<study::Batch>;

// Multiples of the golden ratio, without their whole part: 0.62, 0.24, 0.85, 0.47, 0.09, 0.71. So
// the models 1 to 6 come in the order 5, 2, 4, 1, 6, 3.
TEST(Batches, AreAboutAsMuchWorkAsEachOther) {
  Tasks tasks;
  tasks.add(6, 0);
  for (int model = 1; model <= 6; ++model) tasks.add(1, model);
  // A model and six runs, then six times a model and a run: 9 beside 10 of 19.
  EXPECT_EQ(tasks.cut({.usual = 6, .most = 12}),
            (Batches{{0, 1, 2, 3, 4, 5, 10, 7}, {9, 6, 11, 8}}));
}

TEST(Batches, OfRunsThatFoldForThemselvesAreSmallerStill) {
  Tasks tasks;
  tasks.add(4, 0);
  tasks.add(1, 0).exchange.data_latency.value = std::chrono::milliseconds{5};
  tasks.add(1, 0).exchange.data_latency.value = std::chrono::milliseconds{6};
  // Five; then five each.
  EXPECT_EQ(tasks.cut({.usual = 2, .most = 6}), (Batches{{0, 1, 2, 3}, {5}, {4}}));
}

TEST(Batches, HaveNoMorePointsThanMemoryHas) {
  Tasks tasks;
  tasks.add(6, 0);
  for (int model = 1; model <= 6; ++model) tasks.add(1, model);
  EXPECT_EQ(tasks.cut({.usual = 6, .most = 6}),
            (Batches{{0, 1, 2, 3, 4, 5}, {10, 7}, {9, 6, 11, 8}}));
}

TEST(Batches, OfOneModelAreAboutTheSameNumberOfPoints) {
  Tasks tasks;
  tasks.add(7, 0);
  EXPECT_EQ(tasks.cut({.usual = 3, .most = 6}), (Batches{{0, 1}, {2, 3, 4}, {5, 6}}));
}

TEST(Batches, AreOfOneReadingOfTheMarketAndOneModelStandsTogether) {
  Tasks tasks;
  tasks.add(1, 0);
  tasks.add(1, 0, 1);
  tasks.add(1, 1);
  tasks.add(1, 0);
  EXPECT_EQ(tasks.cut({.usual = 9, .most = 9}), (Batches{{0, 3, 2}, {1}}));
}

/// The trial log has them in one order, whatever the number of threads.
TEST(Batches, OfAnySizeHaveThePointsInOneOrder) {
  Tasks tasks;
  tasks.add(5, 0);
  tasks.add(3, 1);
  tasks.add(1, 0).exchange.data_latency.value = std::chrono::milliseconds{5};
  tasks.add(4, 2);
  std::vector<std::size_t> one;
  for (std::size_t usual = 1; usual <= 13; ++usual) {
    std::vector<std::size_t> all;
    for (const study::Batch& batch : tasks.cut({.usual = usual, .most = 2 * usual})) {
      all.insert(all.end(), batch.begin(), batch.end());
    }
    if (usual == 1) one = all;
    EXPECT_EQ(all, one) << usual;
  }
  EXPECT_EQ(one.size(), 13U);
}

TEST(Batches, OfNoPointsAreNone) {
  EXPECT_EQ(Tasks{}.cut({.usual = 3, .most = 3}), Batches{});
}

TEST(BatchSize, OfMoreThreadsIsLessSoThatMemoryIsBounded) {
  EXPECT_EQ(batch_size_here(96, 1), (BatchSize{.usual = 48, .most = 96}));
  EXPECT_EQ(batch_size_here(96, 4), (BatchSize{.usual = 12, .most = 24}));
  EXPECT_EQ(batch_size_here(6, 4), (BatchSize{.usual = 2, .most = 4}));
  EXPECT_EQ(batch_size_here(1, 4), (BatchSize{.usual = 1, .most = 2}));
  EXPECT_EQ(batch_size_here(0, 4), (BatchSize{.usual = 1, .most = 2}));
  EXPECT_EQ(batch_size_here(1'000, 500), (BatchSize{.usual = 1, .most = 2}));
}

TEST(BatchSize, LetsAllThreadsEndAtAboutTheSameTime) {
  EXPECT_EQ(batch_size_here(112, 2).usual, 28U);  // four of them, not three of 32 and one of 16
  EXPECT_EQ(batch_size_here(70, 1).usual, 35U);
}

TEST(BatchSize, OfWorkersElsewhereIsForTwoOfEach) {
  EXPECT_EQ(batch_size_elsewhere(1'000, 2), (BatchSize{.usual = 64, .most = 64}));  // docs/scale.md
  EXPECT_EQ(batch_size_elsewhere(1'000, 32), (BatchSize{.usual = 16, .most = 32}));
  EXPECT_EQ(batch_size_elsewhere(1'000, 1'000), (BatchSize{.usual = 1, .most = 2}));
  EXPECT_EQ(batch_size_elsewhere(10, 0), (BatchSize{.usual = 5, .most = 10}));
}

}  // namespace
}  // namespace toxvol::jobs
