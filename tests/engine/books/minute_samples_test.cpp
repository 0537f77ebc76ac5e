#include "toxvol/engine/books/minute_samples.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/engine/support.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::engine::test {
namespace {

/// `60000 minute`: ms after the start, and why.
template <class Time>
std::vector<std::string> taken(MinuteSamples<Time>& samples, std::int64_t until) {
  std::vector<std::string> lines;
  samples.take_until(exchange_time(ms(until)), [&](Time at, trading::EquityCause cause) {
    lines.push_back(std::to_string(floor_ms(at) - kStart) + " " + std::string{name(cause)});
  });
  return lines;
}

using SampleLines = std::vector<std::string>;

TEST(MinuteSamples, AreTheStartEachMinuteAndTheEnd) {
  MinuteSamples<Timestamp> samples{ms(30'000), ms(150'000)};
  EXPECT_EQ(taken(samples, 29'999), SampleLines{});
  EXPECT_EQ(taken(samples, 30'000), SampleLines{"30000 start"});
  EXPECT_EQ(taken(samples, 59'999), SampleLines{});
  EXPECT_EQ(samples.next(), ms(60'000));
  EXPECT_EQ(taken(samples, 149'999), (SampleLines{"60000 minute", "120000 minute"}));
  EXPECT_EQ(taken(samples, 900'000), SampleLines{"150000 end"});
  EXPECT_EQ(samples.next(), Timestamp::max());
  EXPECT_EQ(taken(samples, 900'000), SampleLines{});
}

TEST(MinuteSamples, AnEndThatIsAMinuteIsBoth) {
  MinuteSamples<ExchangeTime> samples{exchange_time(ms(0)), exchange_time(ms(60'000))};
  EXPECT_EQ(taken(samples, 60'000), (SampleLines{"0 start", "60000 minute", "60000 end"}));
  EXPECT_EQ(samples.next(), kNever);
}

TEST(MinuteSamples, AnEndThatWasNotKnownComesAfterTheMinuteThatItIs) {
  MinuteSamples<Timestamp> samples{ms(0), Timestamp::max() - kDay};
  EXPECT_EQ(taken(samples, 60'000), (SampleLines{"0 start", "60000 minute"}));
  SampleLines lines;
  samples.end(ms(60'000),
              [&](Timestamp, trading::EquityCause cause) { lines.emplace_back(name(cause)); });
  EXPECT_EQ(lines, SampleLines{"end"});
  EXPECT_EQ(samples.next(), Timestamp::max());
}

}  // namespace
}  // namespace toxvol::engine::test
