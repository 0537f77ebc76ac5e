#include "toxvol/study/folds.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::study {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Timestamp kFrom{};

constexpr Timestamp day(int number) {
  return kFrom + days{number};
}

constexpr Fold fold(int train_from, int train_to, int test_from, int test_to) {
  return {.train_from = day(train_from),
          .train_to = day(train_to),
          .test_from = day(test_from),
          .test_to = day(test_to)};
}

FoldRule rule(FoldScheme scheme) {
  return {.scheme = scheme, .train = days{30}, .test = days{14}, .gap = days{1}};
}

TEST(Folds, RollWithTheirTrainingWindow) {
  const std::vector<Fold> wanted = {fold(0, 30, 31, 45), fold(14, 44, 45, 59), fold(28, 58, 59, 73),
                                    fold(42, 72, 73, 87)};
  EXPECT_EQ(folds(rule(FoldScheme::Rolling), kFrom, day(92)), wanted)
      << "five days at the end are shorter than half a test window";
}

TEST(Folds, KeepTheirFirstDayWhenAnchored) {
  const std::vector<Fold> wanted = {fold(0, 30, 31, 45), fold(0, 44, 45, 59), fold(0, 58, 59, 73),
                                    fold(0, 72, 73, 87)};
  EXPECT_EQ(folds(rule(FoldScheme::Anchored), kFrom, day(92)), wanted);
}

TEST(Folds, CutTheLastTestWindowDownToHalf) {
  EXPECT_EQ(folds(rule(FoldScheme::Rolling), kFrom, day(94)).back(), fold(56, 86, 87, 94));
  EXPECT_EQ(folds(rule(FoldScheme::Rolling), kFrom, day(94) - minutes{1}).back(),
            fold(42, 72, 73, 87));
}

TEST(Folds, NameTheLeastEndThatWouldDo) {
  EXPECT_EQ(folds(rule(FoldScheme::Rolling), kFrom, day(38)).size(), 1U);
  try {
    (void)folds(rule(FoldScheme::Rolling), kFrom, day(38) - hours{1});
    FAIL() << "six days and 23 hours are no test window of 14 days";
  } catch (const Error& error) {
    EXPECT_EQ(
        std::string{error.what()},
        "walkforward: no fold fits between 1970-01-01T00:00:00Z and 1970-02-07T23:00:00Z; the "
        "first needs data to 1970-02-08T00:00:00Z, or a shorter train or test");
  }
}

}  // namespace
}  // namespace toxvol::study
