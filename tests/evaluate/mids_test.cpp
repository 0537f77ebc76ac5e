#include "toxvol/evaluate/mids.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "tests/evaluate/support.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::evaluate {
namespace {

using test::kStart;
using test::quote;

TEST(Mids, AreOfTheLastQuoteStrictlyBefore) {
  const Timestamp then = kStart + std::chrono::milliseconds{10};
  Mids mids;
  mids.ask(then);
  mids.ask(then + Duration{1});
  mids.ask(kStart);
  mids.add(quote(0, 100.0));
  mids.add(quote(9, 101.0));
  mids.add(quote(9, 102.0));
  mids.add(quote(10, 103.0));
  mids.finish();
  EXPECT_EQ(mids.before(then)->value, 102.0);
  EXPECT_EQ(mids.before(then)->ts_event, kStart + std::chrono::milliseconds{9});
  EXPECT_EQ(mids.before(then + Duration{1})->value, 103.0);
  EXPECT_FALSE(mids.before(kStart));
}

TEST(Mids, AfterTheLastQuoteAreThatQuote) {
  Mids mids;
  mids.ask(kStart + std::chrono::hours{5});
  mids.add(quote(0, 100.0));
  mids.finish();
  EXPECT_EQ(mids.before(kStart + std::chrono::hours{5})->value, 100.0);
  EXPECT_FALSE(mids.before(kStart));  // was not asked for
}

}  // namespace
}  // namespace toxvol::evaluate
