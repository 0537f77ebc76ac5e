#include "toxvol/core/splitmix64.hpp"

#include <gtest/gtest.h>

namespace toxvol {
namespace {

// The first number of the published sequences from 0 and from 1234567.
TEST(Splitmix64, GivesItsPublishedNumbers) {
  EXPECT_EQ(splitmix64(0), 0xe220a8397b1dcdafU);
  EXPECT_EQ(splitmix64(1234567U), 6457827717110365317U);
}

// R11, by an independent implementation.
TEST(Splitmix64, GivesTheNumbersOfAnIndependentImplementation) {
  EXPECT_EQ(splitmix64(1), 0x910a2dec89025cc1U);
  EXPECT_EQ(splitmix64(7), 0x63cbe1e459320dd7U);
}

}  // namespace
}  // namespace toxvol
