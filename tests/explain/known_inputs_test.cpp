#include "toxvol/explain/known_inputs.hpp"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/explanation.hpp"

namespace toxvol::explain {
namespace {

using std::chrono::seconds;

constexpr Timestamp kEnd{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1} + kMinute};
constexpr Timestamp kInit = kEnd + kMillisecond;  // the row's

KnownInputs known() {
  return {kEnd, kInit, {.bar = seconds{2}, .metrics = seconds{60}, .funding = seconds{30}}};
}

template <class Record>
Record at(Timestamp event, Timestamp init) {
  Record record;
  record.ts_event = event;
  record.ts_init = init;
  return record;
}

TEST(KnownInputs, TakeTheNewestTickBeforeTheRow) {
  KnownInputs inputs = known();
  inputs.add(at<Quote>(kEnd - seconds{3}, kEnd - seconds{3}));
  inputs.add(at<Quote>(kEnd - seconds{2}, kInit - Duration{1}));
  inputs.add(at<Quote>(kEnd, kInit));
  inputs.add(at<Trade>(kEnd - seconds{1}, kInit));
  const std::vector<KnownInput> list = inputs.list();
  ASSERT_EQ(list.size(), 1U) << "the trade came with the row, not before it";
  EXPECT_EQ(list[0].kind, Kind::BookTicker);
  EXPECT_EQ(list[0].ts_event, kEnd - seconds{2});
  EXPECT_EQ(list[0].age_s, 2.0);
  EXPECT_EQ(list[0].values[0].first, "bid");
}

TEST(KnownInputs, TakeTheRowsOwnBar) {
  KnownInputs inputs = known();
  inputs.add(at<Bar>(kEnd, kInit));
  inputs.add(at<Bar>(kEnd + kMinute, kInit + kMinute));
  ASSERT_EQ(inputs.list().size(), 1U);
  EXPECT_EQ(inputs.list()[0].ts_event, kEnd);
  EXPECT_EQ(inputs.list()[0].age_s, 0.0);
}

TEST(KnownInputs, CountPublicationsOnceTheirDelayIsOver) {
  // C2: ts_init + delay < the bar's ts_init + bar_delay; 58 s and 28 s before it are one too late.
  KnownInputs inputs = known();
  inputs.add(at<Metrics>(kEnd - seconds{400}, kInit - seconds{58} - Duration{1}));
  inputs.add(at<Metrics>(kEnd - seconds{100}, kInit - seconds{58}));
  inputs.add(at<Funding>(kEnd - seconds{300}, kInit - seconds{28} - Duration{1}));
  inputs.add(at<Funding>(kEnd - seconds{29}, kInit - seconds{28}));
  const std::vector<KnownInput> list = inputs.list();
  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].kind, Kind::Metrics);
  EXPECT_EQ(list[0].age_s, 400.0);
  EXPECT_EQ(list[0].values[0].second, "null") << "a blank field";
  EXPECT_EQ(list[1].kind, Kind::Funding);
  EXPECT_EQ(list[1].age_s, 300.0);
}

}  // namespace
}  // namespace toxvol::explain
