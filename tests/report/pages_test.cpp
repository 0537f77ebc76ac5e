#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/report/unpack.hpp"
#include "tests/run/sample_run.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/report/closeup.hpp"
#include "toxvol/report/index_page.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/report.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

namespace fs = std::filesystem;
using run::test::SampleRun;
using run::test::TemporaryFolder;
using std::chrono::minutes;
using std::chrono::seconds;
using test::find;

Json data_with(const SampleRun& sample, const MarketReader& market = {}) {
  const TemporaryFolder place;
  run::test::write(sample, place.path() / "run");
  return test::page_json(
      page_data(place.path() / "run", {.baseline_config = "{}", .presets = {}, .market = market}));
}

template <class Record>
class Rows final : public BlockStream<Record> {
 public:
  explicit Rows(std::vector<Record> rows) : rows_{std::move(rows)} {}
  std::span<const Record> next() override {
    if (is_done_) return {};
    is_done_ = true;
    return rows_;
  }

 private:
  std::vector<Record> rows_;
  bool is_done_ = false;
};

/// Bars with the closes of the sample's decisions, a quote a second, a trade every two.
MarketReader market_of(const SampleRun& sample, Price more = {},
                       std::vector<Funding> funding = {}) {
  return [&sample, more, funding = std::move(funding)](
             std::span<const TimeRange> parts, const Inputs& kinds,
             const std::function<void(MarketData&)>& use) {
    std::vector<Bar> bars;
    for (const strategy::DecisionRow& row : sample.decisions) {
      const Price close = row.factors.close + more;
      bars.push_back({.ts_event = row.factors.ts,
                      .open = close,
                      .high = close + run::test::price_e2(200),
                      .low = close,
                      .close = close,
                      .volume = run::test::btc(3)});
    }
    std::vector<Quote> quotes;
    std::vector<Trade> trades;
    for (const TimeRange& part : parts) {
      for (Timestamp ts = part.from; ts < part.to; ts += seconds{1}) {
        quotes.push_back({.ts_event = ts,
                          .bid = run::test::price_e2(6'000'000),
                          .ask = run::test::price_e2(6'000'010)});
        if ((ts - part.from) % seconds{2} == Duration{}) {
          trades.push_back({.ts_event = ts,
                            .ts_init = ts,
                            .price = run::test::price_e2(6'000'010),
                            .qty = run::test::btc(1)});
        }
      }
    }
    MarketData data;
    if (kinds.bars) data.bars = std::make_unique<Rows<Bar>>(std::move(bars));
    if (kinds.quotes) data.quotes = std::make_unique<Rows<Quote>>(std::move(quotes));
    if (kinds.trades) data.trades = std::make_unique<Rows<Trade>>(std::move(trades));
    if (kinds.funding) data.funding = std::make_unique<Rows<Funding>>(funding);
    use(data);
  };
}

const Json& tile(const Json& data, std::string_view label) {
  return find(data.at("tiles"), "label", label);
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Numbers, ASharpeRatioOfAYearNeedsAMonth) {
  SampleRun sample = run::test::sample_run();
  sample.info.to = run::test::kStart + minutes{30 * 1440 - 2};
  EXPECT_EQ(tile(data_with(sample), "Sharpe, a year").at("value"), "\u2013");
  EXPECT_TRUE(has(tile(data_with(sample), "Sharpe, a year").at("note").get<std::string>(),
                  "too few to speak of a year"));
  sample.info.to = run::test::kStart + minutes{31 * 1440};
  EXPECT_NE(tile(data_with(sample), "Sharpe, a year").at("value"), "\u2013");
}

TEST(Numbers, ABreakEvenFeeBelowZeroIsASentence) {
  SampleRun sample = run::test::sample_run();
  const std::string before = tile(data_with(sample), "Break-even fee").at("value");
  EXPECT_TRUE(has(before, "bp")) << before;
  sample.positions[0].realised = run::test::money_e5(-5'000'000);
  for (trading::EquityRecord& row : sample.equity) {
    if (row.realised <= Money{}) continue;
    row.equity -= row.realised;
    row.realised = run::test::money_e5(-5'000'000);
    row.equity += row.realised;
  }
  const Json lost = tile(data_with(sample), "Break-even fee");
  EXPECT_EQ(lost.at("value"), "none");
  EXPECT_EQ(lost.at("note"), "it would have lost without any fee");
}

TEST(Numbers, AnAbsentKindIsExplainedInWords) {
  const SampleRun sample = run::test::sample_run();
  const Json modes = find(data_with(sample).at("data"), "title", "Minutes without a kind");
  ASSERT_FALSE(modes.at("rows").empty());
  for (const Json& row : modes.at("rows")) EXPECT_GT(row.at(3).get<std::string>().size(), 20U);
}

TEST(Tables, ACostThatIsAGainIsKnownAsOne) {
  const Json data = data_with(run::test::sample_run());
  const Json& columns = data.at("positions").at("columns");
  EXPECT_EQ(find(columns, "label", "net").at("gain"), 1);
  EXPECT_EQ(find(columns, "label", "fees").at("gain"), -1);
  EXPECT_FALSE(find(columns, "label", "quantity").contains("gain"));
  EXPECT_EQ(columns.at(1).at("label"), "net");  // in sight on a phone
}

TEST(Candles, AreThoseOfTheRunsMarket) {
  const SampleRun sample = run::test::sample_run();
  const Json data = data_with(sample, market_of(sample));
  const Json& candles = data.at("chart_data").at("candles");
  EXPECT_EQ(test::unpack(candles.at("close")).size(), sample.decisions.size());
  EXPECT_EQ(test::unpack(candles.at("high")).at(0).get<double>(),
            sample.decisions[0].factors.close.to_double() + 2.0);
  EXPECT_EQ(data.at("chart_data").at("note"), "");
}

TEST(Candles, OfAnotherMarketAreNotShown) {
  const SampleRun sample = run::test::sample_run();
  const Json data = data_with(sample, market_of(sample, run::test::price_e2(10)));
  EXPECT_TRUE(data.at("chart_data").at("candles").is_null());
  EXPECT_TRUE(has(data.at("chart_data").at("note").get<std::string>(), "not those of the run"));
  EXPECT_TRUE(data.at("stories").at("rows").at(0).at("entry").is_null());
}

TEST(Candles, WithoutAMarketThePageSaysSo) {
  const Json data = data_with(run::test::sample_run());
  EXPECT_TRUE(data.at("chart_data").at("candles").is_null());
  EXPECT_TRUE(has(data.at("chart_data").at("note").get<std::string>(), "not at hand"));
  EXPECT_TRUE(has(data.at("stories").at("note").get<std::string>(), "not at hand"));
}

TEST(Stories, TellWhyAPositionWasEnteredAndLeft) {
  const SampleRun sample = run::test::sample_run();
  const Json story = data_with(sample).at("stories").at("rows").at(0);
  EXPECT_EQ(story.at("id"), "P-1");
  EXPECT_TRUE(has(story.at("title").get<std::string>(), "+33.85"));
  EXPECT_EQ(story.at("orders").at("rows").size(), 2U);
  EXPECT_EQ(story.at("orders").at("rows").at(0).at(6), "21.0");  // ms to the exchange
  EXPECT_EQ(story.at("fills").at("rows").size(), 2U);
  EXPECT_EQ(story.at("marks").size(), 2U);
  EXPECT_EQ(story.at("command"), "toxvol explain RUN --position 1");
}

TEST(Stories, ShowTwoMinutesOfQuotesAndTradesAroundBothEnds) {
  SampleRun sample = run::test::sample_run();
  sample.info.config_json = R"({"run": {"inputs": ["klines", "bookTicker", "aggTrades"]}})";
  const Json story = data_with(sample, market_of(sample)).at("stories").at("rows").at(0);
  for (const char* end : {"entry", "exit"}) {
    const Json& close_up = story.at(end);
    EXPECT_EQ(close_up.at("seconds"), 240.0);
    EXPECT_EQ(test::unpack(close_up.at("quotes").at("bid")).size(), 240U) << end;
    EXPECT_EQ(test::unpack(close_up.at("trades").at("price")).size(), 120U) << end;
  }
}

/// The quotes of a close-up rise with the time, so that each has other ones.
MarketReader counting(const SampleRun& sample, int& times) {
  return [&times, bars = market_of(sample)](std::span<const TimeRange> parts, const Inputs& kinds,
                                            const std::function<void(MarketData&)>& use) {
    if (!kinds.quotes) return bars(parts, kinds, use);
    ++times;
    std::vector<Quote> quotes;
    std::vector<Trade> trades;
    for (const TimeRange& part : parts) {
      for (Timestamp ts = part.from; ts < part.to; ts += seconds{1}) {
        const Price bid = Price::from_raw((to_ns(ts) / 1'000'000'000 % 100'000) * 1'000'000);
        quotes.push_back({.ts_event = ts, .bid = bid, .ask = bid + run::test::price_e2(10)});
        trades.push_back({.ts_event = ts, .ts_init = ts, .price = bid, .qty = run::test::btc(1)});
      }
    }
    MarketData data;
    data.quotes = std::make_unique<Rows<Quote>>(std::move(quotes));
    if (kinds.trades) data.trades = std::make_unique<Rows<Trade>>(std::move(trades));
    use(data);
  };
}

TEST(CloseUps, ReadInOneGoAreThoseThatEachMomentHasAlone) {
  SampleRun sample = run::test::sample_run();
  sample.info.config_json = R"({"run": {"inputs": ["klines", "bookTicker", "aggTrades"]}})";
  const TemporaryFolder place;
  run::test::write(sample, place.path() / "run");
  const RunFolder folder = run::open_run(place.path() / "run");
  const Timestamp first = sample.positions[0].ts_open;
  // Not in order; twice the same; overlapping, touching, apart.
  const std::vector<Timestamp> moments{first + minutes{9}, first, first + minutes{1},
                                       first + minutes{5}, first, first + minutes{60}};
  int times = 0;
  const MarketReader market = counting(sample, times);
  const std::vector<Json> together = close_ups(folder, market, moments);
  EXPECT_EQ(times, 1);
  ASSERT_EQ(together.size(), moments.size());
  for (std::size_t i = 0; i < moments.size(); ++i) {
    EXPECT_EQ(together[i], close_ups(folder, market, {&moments[i], 1}).at(0)) << i;
    EXPECT_EQ(together[i].at("trades").at("price").at("n"), 240) << i;
  }
  EXPECT_NE(together[0], together[1]);
  EXPECT_TRUE(close_ups(folder, market, {}).empty());
}

TEST(Answers, ThePriceOfTheBreakEvenIsTheCrossing) {
  const Json data = data_with(run::test::sample_run());
  const Json& figure = find(data.at("answers"), "id", "by-fee");
  // By hand: 33.84995 and 60.05005 of fees over 120 100.1 traded are 7.818 bp; paid were 5.
  EXPECT_TRUE(
      has(figure.at("text").get<std::string>(), "zero at 7.82 bp a side; this run paid 5.00"))
      << figure.at("text");
  const Json& values = figure.at("series").at(0).at("values");
  EXPECT_NEAR(values.at(0).get<double>(), 93.9, 1e-9);  // without any fee
}

TEST(Answers, APositionIsInItsHourAndWeekday) {
  const Json data = data_with(run::test::sample_run());  // opened on Monday, 1 January 2024, 00:02
  const Json& hours = find(data.at("answers"), "id", "hours").at("series").at(0).at("values");
  EXPECT_NEAR(hours.at(0).get<double>(), 33.84995, 1e-9);
  EXPECT_TRUE(hours.at(1).is_null());
  const Json& weekdays = find(data.at("answers"), "id", "weekdays");
  const Json& days = weekdays.at("series").at(0).at("values");
  EXPECT_NEAR(days.at(0).get<double>(), 33.84995, 1e-9);
  // A day without a position is neither the highest nor the lowest.
  EXPECT_EQ(weekdays.at("text"), "Highest: Mon with +33.85 USDT; lowest: Mon with +33.85 USDT.");
}

TEST(Answers, OfARunWithoutPositionsThereAreNone) {
  SampleRun sample = run::test::sample_run();
  sample.orders.clear();
  sample.fills.clear();
  sample.positions.clear();
  EXPECT_TRUE(data_with(sample).at("answers").empty());
}

/// The mid is 60 000.05 at first and rises by 1 each second after `sample`'s first fill.
MarketReader rising(const SampleRun& sample) {
  return [begin = sample.fills[0].ts, bars = market_of(sample)](
             std::span<const TimeRange> parts, const Inputs& kinds,
             const std::function<void(MarketData&)>& use) {
    if (!kinds.quotes) return bars(parts, kinds, use);
    std::vector<Quote> quotes;
    for (int second = -60; second <= 1000; ++second) {
      const Timestamp ts = begin + seconds{second};
      const Price more = run::test::price_e2(second > 0 ? 100 * second : 0);
      const bool is_wanted = std::any_of(parts.begin(), parts.end(), [&](const TimeRange& part) {
        return ts >= part.from && ts < part.to;
      });
      if (!is_wanted) continue;
      quotes.push_back({.ts_event = ts,
                        .bid = run::test::price_e2(6'000'000) + more,
                        .ask = run::test::price_e2(6'000'010) + more});
    }
    MarketData data;
    data.quotes = std::make_unique<Rows<Quote>>(std::move(quotes));
    use(data);
  };
}

TEST(Markouts, AreWhereTheMidStoodAfterAFill) {
  SampleRun sample = run::test::sample_run();
  sample.info.config_json = R"({"run": {"inputs": ["klines", "bookTicker"]}})";
  sample.fills[0].liquidity = trading::Liquidity::Maker;
  const Json data = data_with(sample, rising(sample));
  const Json& figure = find(data.at("answers"), "id", "markouts");
  const Json& makers = figure.at("series").at(0).at("values");
  // By hand: bought at 60 000.10; the mid was 60 000.05 and is 60 001.05, 60 060.05 later.
  EXPECT_NEAR(makers.at(0).get<double>(), -0.05 / 60'000.1 * 1e4, 1e-9);
  EXPECT_NEAR(makers.at(1).get<double>(), 0.95 / 60'000.1 * 1e4, 1e-9);
  EXPECT_NEAR(makers.at(5).get<double>(), 59.95 / 60'000.1 * 1e4, 1e-9);
  EXPECT_TRUE(makers.at(7).is_null());                               // the run has ended
  EXPECT_TRUE(figure.at("series").at(0).at("low").at(1).is_null());  // one fill has no interval
  // Sold at 60 100.00 two minutes later, when the mid was 60 100.05, by its record.
  const Json& takers = figure.at("series").at(1).at("values");
  EXPECT_NEAR(takers.at(0).get<double>(), -0.05 / 60'100.0 * 1e4, 1e-9);
  EXPECT_NEAR(takers.at(1).get<double>(), (60'100.0 - 60'121.05) / 60'100.0 * 1e4, 1e-9);
}

TEST(Markouts, OfAMarketThatIsNotAtHandAreNotTold) {
  SampleRun sample = run::test::sample_run();
  sample.info.config_json = R"({"run": {"inputs": ["klines", "bookTicker"]}})";
  const Json data = data_with(sample);
  const Json& figure = find(data.at("answers"), "id", "markouts");
  EXPECT_TRUE(figure.at("series").empty());
  EXPECT_TRUE(has(figure.at("text").get<std::string>(), "not at hand"));
  sample.info.config_json = R"({"run": {"inputs": ["klines"]}})";
  const Json bare = data_with(sample, market_of(sample));
  EXPECT_TRUE(has(find(bare.at("answers"), "id", "markouts").at("text").get<std::string>(),
                  "The run has no quotes"));
}

TEST(Holding, PaysAPositiveRateOnTheCloseBeforeItAndReceivesANegativeOne) {
  SampleRun sample = run::test::sample_run();
  const std::int64_t closes[] = {100, 110, 120, 90, 95};
  for (std::size_t i = 0; i < sample.decisions.size(); ++i) {
    sample.decisions[i].factors.close = run::test::price_e2(closes[i] * 100);
  }
  const auto rate = [&](std::size_t bar, std::int64_t e8) {
    return Funding{.ts_event = sample.decisions[bar].factors.ts - seconds{30},
                   .rate = Rate::from_raw(e8)};
  };
  const Json data =
      data_with(sample, market_of(sample, {}, {rate(2, 1'000'000), rate(4, -2'000'000)}));
  const Json& chart = find(data.at("chart_data").at("charts"), "id", "holding");
  const Json held = test::unpack(find(chart.at("series"), "label", "holding").at("values"));
  // By hand, in % of 100: 1 % of 110 is paid in the third minute, 2 % of 90 received in the fifth.
  const double wanted[] = {0.0, 10.0, 20.0 - 1.1, -10.0 - 1.1, -5.0 - 1.1 + 1.8};
  ASSERT_EQ(held.size(), std::size(wanted));
  for (std::size_t i = 0; i < std::size(wanted); ++i) {
    EXPECT_NEAR(held.at(i).get<double>(), wanted[i], 1e-9) << i;
  }
}

TEST(Holding, IsNotToldWithoutBars) {
  const Json data = data_with(run::test::sample_run());
  const Json& charts = data.at("chart_data").at("charts");
  EXPECT_TRUE(std::none_of(charts.begin(), charts.end(),
                           [](const Json& chart) { return chart.at("id") == "holding"; }));
}

TEST(Index, ListsRunsAndStudiesAndWhatIsDamaged) {
  const TemporaryFolder place;
  run::test::write(run::test::sample_run(), place.path() / "b" / "run");
  run::test::write(run::test::sample_run(), place.path() / "a#1");
  std::ofstream{place.path() / "a#1" / "report.html"} << "page";
  fs::create_directories(place.path() / "study");
  std::ofstream{place.path() / "study" / "study.json"}
      << R"({"kind": "sweep", "M": 6, "points": {"ok": 6}, "verdict": "nothing here"})";
  fs::create_directories(place.path() / "z");
  std::ofstream{place.path() / "z" / "run.json"} << "{";
  const Json data = test::page_json(index_data(place.path()));
  const Json& runs = data.at("tables").at(0);
  ASSERT_EQ(runs.at("rows").size(), 3U);
  EXPECT_EQ(runs.at("rows").at(0).at(0), "a#1");
  EXPECT_EQ(runs.at("rows").at(0).at(2), "+33.85");
  EXPECT_EQ(runs.at("links").at(0), "a%231/report.html");
  EXPECT_TRUE(runs.at("links").at(1).is_null());
  EXPECT_GT(runs.at("sparks").at(0).size(), 2U);
  EXPECT_EQ(runs.at("rows").at(2).at(0), "z");
  const Json counted = test::page_json(index_data(place.path(),
                                                  [](const RunFolder&) -> Json {
                                                    return {{"M", 4},
                                                            {"dsr_null", 0.754},
                                                            {"as_of", "2026-12-01T05:13:32Z"}};
                                                  }))
                           .at("tables")
                           .at(0)
                           .at("rows")
                           .at(0);
  EXPECT_EQ(counted.at(7), "0.7540");
  EXPECT_EQ(counted.at(8), "4");
  EXPECT_EQ(counted.at(9), "2026-12-01T05:13:32Z");
  const Json& studies = data.at("tables").at(1);
  EXPECT_EQ(studies.at("rows").at(0).at(2), "nothing here");
  EXPECT_EQ(studies.at("rows").at(0).at(4), "6");
}

}  // namespace

}  // namespace toxvol::report
