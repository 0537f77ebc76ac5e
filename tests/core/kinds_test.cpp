#include "toxvol/core/kinds.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol {
namespace {

TEST(Kinds, FactsStandInTheOrderOfTheEnum) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(kKinds[i]), i);
  EXPECT_EQ(facts(Kind::Klines).in_file_names, "1m");
  EXPECT_EQ(facts(Kind::Funding).records, "funding");
}

TEST(Kinds, ANameLeadsBackToItsKind) {
  for (const Kind kind : kKinds) EXPECT_EQ(kind_named(name(kind)), kind);
  EXPECT_EQ(kind_named("1m"), std::nullopt);
  EXPECT_EQ(kind_named(""), std::nullopt);
}

TEST(Kinds, OnlyFundingComesByTheMonth) {
  for (const Kind kind : kKinds) EXPECT_EQ(facts(kind).by_month, kind == Kind::Funding);
}

TEST(Kinds, WithKindGivesTheRecordOfTheKind) {
  for (const Kind kind : kKinds) {
    const Kind found = with_kind(
        kind, []<class Record>(std::type_identity<Record>) { return KindOf<Record>::kKind; });
    EXPECT_EQ(found, kind);
  }
}

TEST(Kinds, EachIsVisitedOnceInOrder) {
  std::vector<Kind> seen;
  for_each_kind(
      [&]<class Record>(std::type_identity<Record>) { seen.push_back(KindOf<Record>::kKind); });
  EXPECT_EQ(seen, (std::vector<Kind>{kKinds.begin(), kKinds.end()}));
}

TEST(Inputs, AreFoundByKind) {
  Inputs inputs;
  inputs[Kind::Klines] = true;
  EXPECT_EQ(inputs, (Inputs{.bars = true}));
  EXPECT_EQ(only(Kind::AggTrades), (Inputs{.trades = true}));
  EXPECT_EQ(only(Kind::BookTicker), (Inputs{.quotes = true}));
  EXPECT_EQ(only(Kind::Metrics), (Inputs{.metrics = true}));
  EXPECT_EQ(only(Kind::Funding), (Inputs{.funding = true}));
  const Inputs fixed{.funding = true};
  for (const Kind kind : kKinds) EXPECT_EQ(fixed[kind], kind == Kind::Funding);
}

class NoTrades final : public BlockStream<Trade> {
 public:
  std::span<const Trade> next() override { return {}; }
};

TEST(MarketData, HasItsStreamsByRecord) {
  MarketData data;
  data.trades = std::make_unique<NoTrades>();
  EXPECT_EQ(stream_of<Trade>(data), data.trades.get());
  EXPECT_EQ(stream_of<Quote>(data), nullptr);
}

TEST(KlineFlow, GivesABarBackWhatItTookFromIt) {
  const Bar whole{.ts_event = from_ms(60'000),
                  .ts_init = from_ms(60'000) + Duration{800'000},
                  .close = Price::from_raw(5),
                  .quote_volume = Money::from_raw(1),
                  .count = 2,
                  .taker_buy_volume = Qty::from_raw(3),
                  .taker_buy_quote_volume = Money::from_raw(4)};
  const KlineFlow flow = flow_of(whole);
  EXPECT_EQ(flow.ts_init, whole.ts_init - Duration{1});
  Bar bar{.ts_event = whole.ts_event};
  ASSERT_TRUE(join(bar, flow));
  EXPECT_EQ(bar.quote_volume.raw(), 1);
  EXPECT_EQ(bar.count, 2);
  EXPECT_EQ(bar.taker_buy_volume.raw(), 3);
  EXPECT_EQ(bar.taker_buy_quote_volume.raw(), 4);
}

TEST(KlineFlow, IsNotJoinedToTheBarOfAnotherMinute) {
  Bar bar{.ts_event = from_ms(120'000), .count = 7};
  EXPECT_FALSE(join(bar, KlineFlow{.ts_event = from_ms(60'000), .count = 2}));
  EXPECT_EQ(bar.count, 7);
}

}  // namespace
}  // namespace toxvol
