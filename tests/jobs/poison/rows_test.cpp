#include "toxvol/jobs/poison/rows.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::jobs {
namespace {

constexpr std::int64_t kTickRaw = Price::kOne / 10;
constexpr std::int64_t kLotRaw = Qty::kOne / 1000;
constexpr Timestamp kStart = from_ms(1'705'017'600'000);

Instrument contract_of_rows() {
  Instrument instrument;
  instrument.symbol = "BTCUSDT";
  instrument.tick = {{.from = {}, .value = Price::from_raw(kTickRaw)}};
  instrument.lot = Qty::from_raw(kLotRaw);
  return instrument;
}

Poison poison_at(Timestamp moment) {
  return {.moment = moment, .end = moment + kDay, .seed = 3, .instrument = contract_of_rows()};
}

Price price(std::int64_t ticks) {
  return Price::from_raw(ticks * kTickRaw);
}
Qty qty(std::int64_t lots) {
  return Qty::from_raw(lots * kLotRaw);
}

Quote quote_at(Timestamp ts, std::int64_t bid = 420'000) {
  return {.ts_event = ts,
          .ts_init = ts + Duration{300'000},
          .update_id = 7,
          .bid = price(bid),
          .ask = price(bid + 1),
          .bid_qty = qty(2),
          .ask_qty = qty(9),
          .ts_sent = ts};
}

Bar bar_ending(Timestamp ts) {
  return {.ts_event = ts,
          .ts_init = ts + Duration{800'000},
          .open = price(420'000),
          .high = price(420'010),
          .low = price(419'990),
          .close = price(420'005),
          .volume = qty(5'000),
          .quote_volume = Money::from_raw(210'000 * Money::kOne),
          .count = 40,
          .taker_buy_volume = qty(2'000),
          .taker_buy_quote_volume = Money::from_raw(84'000 * Money::kOne)};
}

class Blocks final : public BlockStream<Quote> {
 public:
  explicit Blocks(std::vector<std::vector<Quote>> blocks) : blocks_{std::move(blocks)} {}
  std::span<const Quote> next() override {
    if (next_ == blocks_.size()) return {};
    return blocks_[next_++];
  }

 private:
  std::vector<std::vector<Quote>> blocks_;
  std::size_t next_ = 0;
};

std::vector<Quote> all_of(BlockStream<Quote>& stream, bool is_shared) {
  std::vector<Quote> rows;
  while (true) {
    SharedRows<Quote> shared;
    if (is_shared) {
      shared = stream.next_shared();
    } else {
      shared.rows = stream.next();
    }
    if (shared.rows.empty()) break;
    rows.insert(rows.end(), shared.rows.begin(), shared.rows.end());
  }
  EXPECT_TRUE(is_shared ? stream.next_shared().rows.empty() : stream.next().empty());
  return rows;
}

TEST(PoisonedRows, AreSoundOnTheGridAndElsewhere) {
  const Poison poison = poison_at(kStart);
  std::int64_t moved = 0;
  std::int64_t sellers = 0;
  constexpr int kRows = 2'000;
  for (int i = 0; i < kRows; ++i) {
    const Timestamp ts = kStart + i * kMillisecond;
    const Quote quote = poisoned(quote_at(ts), poison);
    EXPECT_TRUE(is_sound(quote));
    EXPECT_EQ(quote.ts_event, ts);
    EXPECT_EQ(quote.ts_init, ts + Duration{300'000});
    EXPECT_EQ(quote.update_id, 7);
    for (const Price one : {quote.bid, quote.ask}) EXPECT_EQ(one.raw() % kTickRaw, 0);
    for (const Qty one : {quote.bid_qty, quote.ask_qty}) EXPECT_EQ(one.raw() % kLotRaw, 0);
    EXPECT_GE(quote.bid, price(210'000));
    EXPECT_LE(quote.bid, price(630'000));
    if (quote.bid != price(420'000)) ++moved;

    const Trade trade =
        poisoned(Trade{.ts_event = ts, .ts_init = ts, .price = price(3), .qty = qty(1)}, poison);
    EXPECT_TRUE(is_sound(trade));
    EXPECT_EQ(trade.price.raw() % kTickRaw, 0);
    EXPECT_EQ(trade.qty.raw() % kLotRaw, 0);
    if (trade.aggressor == Side::Sell) ++sellers;

    const Bar bar = poisoned(bar_ending(ts + 2 * kMinute), poison);
    EXPECT_TRUE(is_sound(bar));
    EXPECT_LE(bar.taker_buy_volume, bar.volume);
    EXPECT_LE(bar.taker_buy_quote_volume, bar.quote_volume);
    EXPECT_GT(bar.count, 0);
    for (const Price one : {bar.open, bar.high, bar.low, bar.close}) {
      EXPECT_EQ(one.raw() % kTickRaw, 0);
    }
  }
  EXPECT_GT(moved, kRows - 10);
  EXPECT_GT(sellers, kRows / 3);
  EXPECT_LT(sellers, kRows * 2 / 3);
}

TEST(PoisonedRows, KeepTheOpenOfAMinuteThatHadBegun) {
  const Bar bar = bar_ending(kStart + kMinute);
  EXPECT_EQ(poisoned(bar, poison_at(kStart + kMillisecond)).open, bar.open);
  EXPECT_NE(poisoned(bar, poison_at(kStart + kMillisecond)).close, bar.close);
  EXPECT_NE(poisoned(bar, poison_at(kStart)).open, bar.open);
}

TEST(PoisonedRows, LeaveWhatIsBlankOrZero) {
  const Poison poison = poison_at(kStart);
  Bar bar = bar_ending(kStart + kMinute);
  bar.count = 0;  // its flow is unknown
  EXPECT_EQ(poisoned(bar, poison).taker_buy_volume, bar.taker_buy_volume);
  EXPECT_EQ(poisoned(bar, poison).count, 0);
  EXPECT_NE(poisoned(bar, poison).volume, bar.volume);
  bar.volume = {};
  EXPECT_EQ(poisoned(bar, poison).volume, Qty{});
  const Metrics metrics = poisoned(Metrics{.ts_event = kStart,
                                           .ts_init = kStart,
                                           .open_interest = 80'000.0,
                                           .open_interest_value = 0.0,
                                           .toptrader_count_ls = {},
                                           .toptrader_sum_ls = {},
                                           .count_ls = 1.5,
                                           .taker_ls = {}},
                                   poison);
  EXPECT_NE(metrics.open_interest, 80'000.0);
  EXPECT_EQ(metrics.open_interest_value, 0.0);
  EXPECT_NE(metrics.count_ls, 1.5);
  EXPECT_FALSE(metrics.taker_ls);
  const Funding funding = poisoned(
      Funding{.ts_event = kStart, .ts_init = kStart, .rate = Rate::from_raw(10'000)}, poison);
  EXPECT_NE(funding.rate, Rate::from_raw(10'000));
  EXPECT_LE(magnitude(funding.rate), Rate::from_raw(Rate::kOne / 200));
  EXPECT_EQ(funding.interval_hours, 8);
  Quote crossed = quote_at(kStart);
  crossed.ask = crossed.bid;
  EXPECT_EQ(poisoned(crossed, poison).bid, crossed.bid);
}

TEST(PoisonedRows, AreOfTheirSeedAlone) {
  Poison poison = poison_at(kStart);
  const Price first = poisoned(quote_at(kStart), poison).bid;
  EXPECT_EQ(poisoned(quote_at(kStart), poison).bid, first);
  poison.seed = 4;
  EXPECT_NE(poisoned(quote_at(kStart), poison).bid, first);
}

TEST(PoisonedStreams, ChangeAtTheMomentAndStopAtTheEnd) {
  std::vector<std::vector<Quote>> blocks(4);
  constexpr int kABlock = 5;
  for (int i = 0; i < 4 * kABlock; ++i) {
    blocks[static_cast<std::size_t>(i / kABlock)].push_back(quote_at(kStart + i * kMillisecond));
  }
  // How far after `ts_event`: before the row's `ts_init`, and just at it.
  for (const Duration after : {Duration{}, Duration{300'000}}) {
    for (const bool is_shared : {false, true}) {
      // 7 is inside of a block; 15 and 10 begin one.
      for (const auto& [moment, end] : {std::pair{7, 15}, {10, 12}, {10, 30}}) {
        MarketData data;
        data.quotes = std::make_unique<Blocks>(blocks);
        Poison poison = poison_at(kStart + moment * kMillisecond + after);
        poison.end = kStart + end * kMillisecond + after;
        poison_streams(data, poison);
        const std::vector<Quote> rows = all_of(*data.quotes, is_shared);
        ASSERT_EQ(rows.size(), static_cast<std::size_t>(std::min(end, 4 * kABlock)));
        for (std::size_t i = 0; i < rows.size(); ++i) {
          EXPECT_EQ(rows[i].ts_event, kStart + static_cast<int>(i) * kMillisecond);
          EXPECT_EQ(rows[i].bid == price(420'000), static_cast<int>(i) < moment) << i;
        }
      }
    }
  }
}

}  // namespace
}  // namespace toxvol::jobs
