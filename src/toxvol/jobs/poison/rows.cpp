#include "toxvol/jobs/poison/rows.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::jobs {

namespace {

constexpr std::int64_t kMostTimesLarger = 4;
constexpr std::int64_t kWidestSpreadTicks = 20;
constexpr std::int64_t kHighestRate = Rate::kOne / 200;  // 0.5 % to either side

/// Values in place of those of one row, by its place in time alone.
class Drawn {
 public:
  template <class Record>
  Drawn(const Record& row, const Poison& poison)
      : words_{stats::Draws{poison.seed, stats::Stream::PoisonRows}.row(
            static_cast<std::uint64_t>(to_ns(row.ts_init)))},
        tick_{at(poison.instrument.tick, row.ts_event).raw()},
        lot_{poison.instrument.lot.raw()} {}

  /// From 0 to `most`.
  std::int64_t up_to(std::int64_t most) {
    return static_cast<std::int64_t>(stats::below(
        words_(next_++), static_cast<std::uint64_t>(std::max<std::int64_t>(most, 0)) + 1));
  }
  Price price(Price was) {
    const std::int64_t raw = was.raw() / 2 + up_to(was.raw());
    return Price::from_raw(std::max(raw / tick_, std::int64_t{1}) * tick_);
  }
  Price ticks(std::int64_t least, std::int64_t most) {
    return Price::from_raw((least + up_to(most - least)) * tick_);
  }
  /// At least a lot.
  Qty qty(Qty was) {
    return Qty::from_raw((1 + up_to(kMostTimesLarger * (was.raw() / lot_))) * lot_);
  }
  Qty qty_up_to(Qty most) { return Qty::from_raw(up_to(most.raw() / lot_) * lot_); }
  Money money(Money was) { return Money::from_raw(was.raw() / 2 + up_to(was.raw())); }
  Money money_up_to(Money most) { return Money::from_raw(up_to(most.raw())); }
  void number(std::optional<double>& value) {
    const double factor = 0.5 + stats::uniform(words_(next_++));
    if (value) *value *= factor;
  }
  [[nodiscard]] Price tick() const { return Price::from_raw(tick_); }

 private:
  stats::Draws::Row words_;
  std::uint64_t next_ = 0;
  std::int64_t tick_;
  std::int64_t lot_;
};

/// A stream whose rows change at the moment and stop at the end.
template <class Record>
class PoisonedStream final : public BlockStream<Record> {
 public:
  PoisonedStream(std::unique_ptr<BlockStream<Record>> inner, const Poison& poison)
      : inner_{std::move(inner)}, poison_{poison} {}

  std::span<const Record> next() override {
    if (is_over_) return {};
    const std::span<const Record> rows = inner_->next();
    if (!is_reached(rows)) return rows;
    change(rows, changed_);
    return changed_;
  }
  SharedRows<Record> next_shared() override {
    if (is_over_) return {};
    SharedRows<Record> shared = inner_->next_shared();
    if (!is_reached(shared.rows)) return shared;
    const auto& block = blocks_.spare();
    change(shared.rows, *block);
    if (block->empty()) return {};
    return {.owner = block, .rows = *block};
  }
  bool skip_before(Timestamp ts) override { return inner_->skip_before(ts); }

 private:
  [[nodiscard]] bool is_reached(std::span<const Record> rows) const {
    return !rows.empty() && rows.back().ts_init >= poison_.moment;
  }
  void change(std::span<const Record> rows, std::vector<Record>& into) {
    into.clear();
    for (const Record& row : rows) {
      if (row.ts_init >= poison_.end) {
        is_over_ = true;
        return;
      }
      into.push_back(row.ts_init < poison_.moment ? row : poisoned(row, poison_));
    }
  }

  std::unique_ptr<BlockStream<Record>> inner_;
  Poison poison_;
  std::vector<Record> changed_;
  BlockPool<Record> blocks_;
  bool is_over_ = false;
};

}  // namespace

Trade poisoned(Trade row, const Poison& poison) {
  if (!is_sound(row)) return row;
  Drawn drawn{row, poison};
  row.price = drawn.price(row.price);
  row.qty = drawn.qty(row.qty);
  row.aggressor = drawn.up_to(1) == 0 ? Side::Buy : Side::Sell;
  return row;
}

Quote poisoned(Quote row, const Poison& poison) {
  if (!is_sound(row)) return row;
  Drawn drawn{row, poison};
  row.bid = drawn.price(row.bid);
  row.ask = row.bid + drawn.ticks(1, kWidestSpreadTicks);
  row.bid_qty = drawn.qty(row.bid_qty);
  row.ask_qty = drawn.qty(row.ask_qty);
  return row;
}

Bar poisoned(Bar row, const Poison& poison) {
  if (!is_sound(row)) return row;
  Drawn drawn{row, poison};
  const bool had_begun = row.ts_event - kMinute < poison.moment;
  if (!had_begun) row.open = drawn.price(row.open);
  row.close = drawn.price(row.close);
  row.high = std::max(row.open, row.close) + drawn.ticks(0, kWidestSpreadTicks);
  row.low =
      std::max(drawn.tick(), std::min(row.open, row.close) - drawn.ticks(0, kWidestSpreadTicks));
  row.low = std::min({row.low, row.open, row.close});
  if (row.volume == Qty{}) return row;
  row.volume = drawn.qty(row.volume);
  if (row.count == 0) return row;  // its flow is unknown
  row.count = 1 + drawn.up_to(kMostTimesLarger * row.count);
  row.quote_volume = drawn.money(row.quote_volume);
  row.taker_buy_volume = drawn.qty_up_to(row.volume);
  row.taker_buy_quote_volume = drawn.money_up_to(row.quote_volume);
  return row;
}

Metrics poisoned(Metrics row, const Poison& poison) {
  if (!is_sound(row)) return row;
  Drawn drawn{row, poison};
  for (auto* value : {&row.open_interest, &row.open_interest_value, &row.toptrader_count_ls,
                      &row.toptrader_sum_ls, &row.count_ls, &row.taker_ls}) {
    drawn.number(*value);
  }
  return row;
}

Funding poisoned(Funding row, const Poison& poison) {
  if (!is_sound(row)) return row;
  Drawn drawn{row, poison};
  row.rate = Rate::from_raw(drawn.up_to(2 * kHighestRate) - kHighestRate);
  return row;
}

void poison_streams(MarketData& data, const Poison& poison) {
  for_each_kind([&]<class Record>(std::type_identity<Record>) {
    auto& stream = data.*KindOf<Record>::kStream;
    if (stream) stream = std::make_unique<PoisonedStream<Record>>(std::move(stream), poison);
  });
}

}  // namespace toxvol::jobs
