#include "toxvol/jobs/study_batches.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/study/points.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {
namespace {

/// Points 0, 1, … of models that differ in a window of minutes.
class Tasks {
 public:
  /// Gives the last one's configuration.
  config::Config& add(std::size_t points, int model, int fold = 0) {
    for (std::size_t i = 0; i < points; ++i) {
      StudyTask& task = tasks_.emplace_back();
      task.number = numbers_.size();
      task.spec.config.strategy.factors.pressure.z_window = std::chrono::hours{100 + model};
      const Timestamp from{std::chrono::hours{fold}};
      task.window =
          study::Window{.instrument = {}, .from = from, .to = from + std::chrono::hours{1}};
      by_number_.emplace(task.number, &task);
      numbers_.push_back(task.number);
    }
    return tasks_.back().spec.config;
  }
  [[nodiscard]] std::vector<study::Batch> cut(const BatchSize& size) const {
    return jobs::cut(numbers_, by_number_, size);
  }

 private:
  std::deque<StudyTask> tasks_;  // each stays where it is
  TasksByNumber by_number_;
  std::vector<std::size_t> numbers_;
};

using Batches = std::vector<study::Batch>;

TEST(Batches, AreAboutAsMuchWorkAsEachOther) {
  Tasks tasks;
  tasks.add(5, 0);
  for (int model = 1; model <= 4; ++model) tasks.add(1, model);
  // Five runs and a model, then four times a run and a model: 8 beside 6.
  EXPECT_EQ(tasks.cut({.usual = 5, .most = 9}), (Batches{{0, 1, 2, 3, 4, 8}, {5, 6, 7}}));
}

TEST(Batches, OfDearPointsAreSmallerThanOfCheapOnes) {
  Tasks tasks;
  tasks.add(6, 0);
  for (int model = 1; model <= 6; ++model) tasks.add(1, model);
  // 7 + 2 beside 5 × 2.
  EXPECT_EQ(tasks.cut({.usual = 6, .most = 8}),
            (Batches{{0, 1, 2, 3, 4, 5, 10}, {6, 7, 8, 9, 11}}));
}

TEST(Batches, OfRunsThatFoldForThemselvesAreSmallerStill) {
  Tasks tasks;
  tasks.add(4, 0);
  tasks.add(1, 0).exchange.data_latency.value = std::chrono::milliseconds{5};
  tasks.add(1, 1);
  // Four runs and a model beside a run, a model and a folding; the last one to either.
  EXPECT_EQ(tasks.cut({.usual = 4, .most = 6}), (Batches{{0, 1, 2, 3, 5}, {4}}));
}

TEST(Batches, HaveNoMorePointsThanMemoryHas) {
  Tasks tasks;
  tasks.add(6, 0);
  for (int model = 1; model <= 6; ++model) tasks.add(1, model);
  EXPECT_EQ(tasks.cut({.usual = 6, .most = 6}),
            (Batches{{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}}));
}

TEST(Batches, OfOneModelAreTheSameNumberOfPoints) {
  Tasks tasks;
  tasks.add(7, 0);
  EXPECT_EQ(tasks.cut({.usual = 3, .most = 6}), (Batches{{0, 1, 2}, {3, 4}, {5, 6}}));
}

TEST(Batches, WherePiecesDoNotFitAreOneMore) {
  Tasks tasks;
  for (int model = 0; model < 3; ++model) tasks.add(2, model);
  EXPECT_EQ(tasks.cut({.usual = 3, .most = 3}), (Batches{{0, 1}, {2, 3}, {4, 5}}));
}

TEST(Batches, AreOfOneReadingOfTheMarket) {
  Tasks tasks;
  tasks.add(2, 0);
  tasks.add(1, 0, 1);
  tasks.add(1, 1, 0);
  EXPECT_EQ(tasks.cut({.usual = 9, .most = 9}), (Batches{{0, 1, 3}, {2}}));
}

TEST(Batches, OfNoPointsAreNone) {
  EXPECT_EQ(Tasks{}.cut({.usual = 3, .most = 3}), Batches{});
}

TEST(BatchSize, OfMoreThreadsIsLessSoThatMemoryIsBounded) {
  EXPECT_EQ(batch_size_here(96, 1), (BatchSize{.usual = 48, .most = 64}));
  EXPECT_EQ(batch_size_here(96, 4), (BatchSize{.usual = 12, .most = 16}));
  EXPECT_EQ(batch_size_here(6, 4), (BatchSize{.usual = 2, .most = 16}));
  EXPECT_EQ(batch_size_here(1, 4), (BatchSize{.usual = 1, .most = 16}));
  EXPECT_EQ(batch_size_here(0, 4), (BatchSize{.usual = 1, .most = 16}));
  EXPECT_EQ(batch_size_here(1'000, 500), (BatchSize{.usual = 1, .most = 1}));
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
