#include "toxvol/study/points.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/io/temp_folder.hpp"
#include "tests/study/in_turn.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/study/study_folder.hpp"

namespace toxvol::study {
namespace {

class Listener final : public Progress {
 public:
  void begin(std::string_view, std::int64_t wanted) override { total = wanted; }
  void advance(std::int64_t units, std::int64_t) override { done += units; }
  void tell(std::string_view line) override { lines.emplace_back(line); }

  std::int64_t total = 0;
  std::int64_t done = 0;
  std::vector<std::string> lines;
};

class PointsTest : public toxvol::test::TempFolder {
 protected:
  void SetUp() override {
    TempFolder::SetUp();
    study.emplace(folder / "study", "{}", "", false);
  }
  std::map<std::size_t, std::string> run(const std::vector<std::size_t>& points,
                                         std::size_t side_by_side, auto each) {
    return run_points(*study, points,
                      {.cut =
                           [side_by_side](std::span<const std::size_t> pending) {
                             std::vector<Batch> batches;
                             for (const std::size_t point : pending) {
                               const bool is_full =
                                   batches.empty() || batches.back().size() == side_by_side;
                               if (is_full) batches.emplace_back();
                               batches.back().push_back(point);
                             }
                             return batches;
                           },
                       .run = in_turn([&](const Batch& batch, const Done& done) {
                         calls.push_back(batch);
                         for (const std::size_t point : batch) done(point, each(point));
                       })},
                      progress);
  }

  std::optional<StudyFolder> study;
  Listener progress;
  std::vector<std::vector<std::size_t>> calls;
};

TEST_F(PointsTest, AreRunSideBySideAndKept) {
  const auto failed = run({4, 5, 6}, 2, [](std::size_t p) { return std::to_string(p * p); });
  EXPECT_TRUE(failed.empty());
  EXPECT_EQ(calls, (std::vector<std::vector<std::size_t>>{{4, 5}, {6}}));
  EXPECT_EQ(study->point(5), "25");
  EXPECT_EQ(progress.total, 3);
  EXPECT_EQ(progress.done, 3);
}

TEST_F(PointsTest, ThatAreThereAreNotRunAgain) {
  study->keep(1, "before");
  static_cast<void>(run({0, 1, 2}, 8, [](std::size_t) { return std::string{"now"}; }));
  EXPECT_EQ(calls, (std::vector<std::vector<std::size_t>>{{0, 2}}));
  EXPECT_EQ(study->point(1), "before");
  EXPECT_EQ(progress.lines, (std::vector<std::string>{"1 of 3 points were done before"}));
  EXPECT_EQ(progress.total, 2);
}

TEST_F(PointsTest, ThatFailAreTriedOnceMoreAloneAndTheOthersAreKept) {
  const auto failed = run({0, 1, 2, 3}, 4, [](std::size_t point) -> std::string {
    if (point == 1) throw Error{"no such file"};
    return "good";
  });
  EXPECT_EQ(failed, (std::map<std::size_t, std::string>{{1, "no such file"}}));
  EXPECT_EQ(calls, (std::vector<std::vector<std::size_t>>{{0, 1, 2, 3}, {1}, {2}, {3}}));
  EXPECT_EQ(study->point(1), std::nullopt);
  EXPECT_EQ(study->point(0), "good");
  EXPECT_EQ(study->point(3), "good") << "it was not reached at first";
  EXPECT_EQ(progress.done, 4);
}

TEST_F(PointsTest, ThatSucceedTheSecondTimeHaveNotFailed) {
  int times = 0;
  const auto failed = run({7}, 1, [&times](std::size_t) -> std::string {
    if (++times == 1) throw Error{"a hiccup"};
    return "good";
  });
  EXPECT_TRUE(failed.empty());
  EXPECT_EQ(study->point(7), "good");
  EXPECT_EQ(progress.lines, (std::vector<std::string>{"point 7: a hiccup; it is tried once more"}));
}

TEST_F(PointsTest, StopWhereTheUserStopsThem) {
  EXPECT_THROW(static_cast<void>(run({0, 1, 2}, 1,
                                     [](std::size_t point) -> std::string {
                                       if (point == 1) throw Interrupted{};
                                       return "good";
                                     })),
               Interrupted);
  EXPECT_EQ(study->point(0), "good");
  EXPECT_EQ(calls.size(), 2U) << "nothing is tried again";
}

}  // namespace
}  // namespace toxvol::study
