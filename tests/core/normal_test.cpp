#include "toxvol/core/normal.hpp"

#include <gtest/gtest.h>

namespace toxvol {
namespace {

TEST(Normal, InverseHasItsTabulatedValues) {
  EXPECT_DOUBLE_EQ(inverse_normal(0.5), 0.0);
  EXPECT_NEAR(inverse_normal(0.975), 1.9599639845400545, 1e-14);
  EXPECT_NEAR(inverse_normal(0.3), -0.5244005127080409, 1e-15);
  EXPECT_NEAR(inverse_normal(0.9999), 3.719016485455709, 1e-13);
  EXPECT_NEAR(inverse_normal(1e-10), -6.361340902404056, 1e-13);
  EXPECT_DOUBLE_EQ(inverse_normal(0.25), -inverse_normal(0.75));
}

TEST(Normal, InverseInvertsTheDistribution) {
  EXPECT_NEAR(normal_cdf(1.96), 0.9750021048517795, 1e-15);
  for (const double p : {1e-9, 0.01, 0.3, 0.5, 0.9, 0.999999}) {
    EXPECT_NEAR(normal_cdf(inverse_normal(p)), p, 1e-15 + 1e-14 * p);
  }
}

}  // namespace
}  // namespace toxvol
