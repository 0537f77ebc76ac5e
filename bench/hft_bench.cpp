// One side of hft_bench.py: the engine, on rows in memory. Two post-only orders always working,
// replaced each second, and one MARKET a second; queue, two latencies, fees, funding, ledger.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "bench/instrument.hpp"
#include "tests/support/rows.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/realistic_run.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace {

using namespace toxvol;
using bench::kLot;
using bench::kTick;

constexpr std::size_t kBlock = 8'192;  // rows
constexpr Duration kHalf = std::chrono::microseconds{500};

/// Rows that stay in memory, in blocks that are given away without a copy.
template <class Record>
class Held {
 public:
  void add(const Record& record) {
    if (blocks_.empty() || blocks_.back()->size() == kBlock) {
      blocks_.push_back(std::make_shared<std::vector<Record>>());
      blocks_.back()->reserve(kBlock);
    }
    blocks_.back()->push_back(record);
    ++size_;
  }
  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] const Record& back() const { return blocks_.back()->back(); }

  class Stream final : public BlockStream<Record> {
   public:
    explicit Stream(const Held& rows) : rows_{rows} {}
    std::span<const Record> next() override {
      if (at_ == rows_.blocks_.size()) return {};
      return *rows_.blocks_[at_++];
    }
    SharedRows<Record> next_shared() override {
      if (at_ == rows_.blocks_.size()) return {};
      const auto& block = rows_.blocks_[at_++];
      return {.owner = block, .rows = *block};
    }

   private:
    const Held& rows_;
    std::size_t at_ = 0;
  };

 private:
  std::vector<std::shared_ptr<std::vector<Record>>> blocks_;
  std::int64_t size_ = 0;
};

/// Calls `use` for each row of `kColumns` numbers.
template <std::size_t kColumns, class Use>
void read(const std::string& path, Use use) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error(path + ": cannot be read");
  std::array<std::int64_t, kColumns> row{};
  while (file.read(reinterpret_cast<char*>(row.data()), sizeof(row))) use(row);
}

struct Rows {
  Held<Quote> quotes;
  Held<Trade> trades;

  explicit Rows(const std::string& folder) {
    read<5>(folder + "/quotes.i64", [this](const auto& row) {
      Quote quote;
      quote.ts_event = quote.ts_init = quote.ts_sent = from_ms(row[0]);
      quote.update_id = quotes.size();
      quote.bid = Price::from_raw(row[1] * kTick);
      quote.bid_qty = Qty::from_raw(row[2] * kLot);
      quote.ask = Price::from_raw(row[3] * kTick);
      quote.ask_qty = Qty::from_raw(row[4] * kLot);
      quotes.add(quote);
    });
    read<4>(folder + "/trades.i64", [this](const auto& row) {
      Trade trade;
      trade.ts_event = trade.ts_init = from_ms(row[0]);
      trade.agg_trade_id = trades.size();
      trade.price = Price::from_raw(row[1] * kTick);
      trade.qty = Qty::from_raw(row[2] * kLot);
      trade.aggressor = row[3] > 0 ? Side::Buy : Side::Sell;
      trades.add(trade);
    });
  }
};

/// Counts what the strategy sees, and keeps the touch for it.
struct LastTouch {
  MinuteRow row;
  std::int64_t quotes = 0;
  std::int64_t trades = 0;
  Price bid{};
  Price ask{};
  Qty bid_qty{};
  Qty ask_qty{};

  void on(const Trade&) { ++trades; }
  void on(const Quote& quote) {
    ++quotes;
    bid = quote.bid;
    ask = quote.ask;
    bid_qty = quote.bid_qty;
    ask_qty = quote.ask_qty;
  }
  void on(std::span<const Trade> rows) { trades += std::ssize(rows); }
  void on(std::span<const Quote> rows) {
    if (rows.empty()) return;
    quotes += std::ssize(rows) - 1;
    on(rows.back());
  }
  const MinuteRow& close(const Bar& bar) {
    row.bar = bar;
    return row;
  }
};

struct Plan {
  std::string folder;
  std::int64_t first = 0;  // ms
  std::int64_t decisions = 0;
  std::int64_t order_latency = 0;  // ms
  std::int64_t data_latency = 0;   // ms
  std::int64_t lots = 0;
};

/// Each second, half a millisecond late: cancels both orders, posts a BUY at the bid and a SELL at
/// the ask, and sends one MARKET.
class Maker {
 public:
  Maker(const Plan& plan, const LastTouch& touch) : plan_{plan}, touch_{touch} {
    wake_.alarm = from_ms(plan.first) + kHalf;
  }

  void on(const trading::AlarmSeen&, std::vector<trading::Command>& out) {
    const std::int64_t number = 3 * decision_ + 1;
    for (const std::int64_t old : {number - 3, number - 2}) {
      if (working_[old & 7U]) out.emplace_back(trading::Cancel{trading::OrderId{old}});
    }
    const std::int64_t shown = touch_.bid.raw() / kTick + 3 * (touch_.ask.raw() / kTick) +
                               5 * (touch_.bid_qty.raw() / kLot) +
                               7 * (touch_.ask_qty.raw() / kLot);
    digest_ = digest_ * 1'000'003U + static_cast<std::uint64_t>(shown);
    post(number, Side::Buy, touch_.bid, out);
    post(number + 1, Side::Sell, touch_.ask, out);
    out.emplace_back(trading::Submit{.id = trading::OrderId{number + 2},
                                     .side = decision_ % 2 == 0 ? Side::Buy : Side::Sell,
                                     .qty = Qty::from_raw(plan_.lots * kLot)});
    ++decision_;
    *wake_.alarm += std::chrono::seconds{1};
    if (decision_ == plan_.decisions) wake_.alarm.reset();
  }
  void on(const trading::RowSeen&, std::vector<trading::Command>&) {}
  void on(const trading::QuoteSeen&, std::vector<trading::Command>&) {}
  void on(const trading::TradeSeen&, std::vector<trading::Command>&) {}
  void on(const trading::MetricsSeen&, std::vector<trading::Command>&) {}
  void on(const trading::FundingSeen&, std::vector<trading::Command>&) {}
  void on(const trading::OrderSeen& seen) {
    if (seen.what != trading::OrderSeen::What::Accepted) forget(seen.id);
  }
  void on(const trading::FillSeen& seen) {
    if (seen.order_done) forget(seen.id);
  }
  [[nodiscard]] const trading::Wake& wake() const { return wake_; }
  [[nodiscard]] std::optional<Price> stop() const { return std::nullopt; }
  [[nodiscard]] std::optional<Price> take_profit() const { return std::nullopt; }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  void post(std::int64_t number, Side side, Price price, std::vector<trading::Command>& out) {
    out.emplace_back(trading::Submit{.id = trading::OrderId{number},
                                     .side = side,
                                     .type = trading::OrderType::Limit,
                                     .post_only = true,
                                     .price = price,
                                     .qty = Qty::from_raw(plan_.lots * kLot)});
    working_[number & 7U] = true;
  }
  void forget(trading::OrderId id) { working_[static_cast<std::int64_t>(id) & 7U] = false; }

  const Plan& plan_;
  const LastTouch& touch_;
  trading::Wake wake_;
  std::int64_t decision_ = 0;
  std::array<bool, 8> working_{};  // by the last bits of the number: six follow each other
  std::uint64_t digest_ = 0;
};

/// What became of an order; the file of `--detail` in hft_bench.py.
struct Fate {
  std::int64_t lots = 0;   // filled
  std::int64_t at = 0;     // ms; of the first fill
  std::int64_t price = 0;  // ticks; of the last fill
};

class Counter final : public trading::Recorder {
 public:
  explicit Counter(std::size_t orders) : fates(orders) {}
  void record(const trading::OrderRecord& order) override {
    if (order.filled_qty == Qty{}) return;
    const bool is_market = order.submit.type == trading::OrderType::Market;
    ++(is_market ? taker : maker);
    if (order.filled_qty < order.submit.qty) ++partial;
  }
  void record(const trading::CommandRecord&) override {}
  void record(const trading::FillRecord& fill) override {
    ++rows;
    if (fates.empty()) return;
    Fate& fate = fates.at(static_cast<std::size_t>(fill.order));
    if (fate.lots == 0) fate.at = fill.ts.time_since_epoch() / std::chrono::milliseconds{1};
    fate.lots += fill.qty.raw() / kLot;
    fate.price = fill.price.raw() / kTick;
  }
  void record(const trading::PositionRecord&) override {}
  void record(const trading::EquityRecord&) override {}

  std::int64_t maker = 0;    // orders that were filled, wholly or in part
  std::int64_t taker = 0;    // the same of MARKET orders
  std::int64_t partial = 0;  // of both: in part
  std::int64_t rows = 0;     // of fills
  std::vector<Fate> fates;
};

/// A settlement every eight hours.
std::vector<Funding> fundings(Timestamp from, Timestamp to) {
  constexpr std::chrono::hours kEvery{8};
  std::vector<Funding> result;
  for (Timestamp at = from - from.time_since_epoch() % kEvery + kEvery; at < to; at += kEvery) {
    Funding funding;
    funding.ts_event = funding.ts_init = at;
    funding.rate = Rate::from_raw(10'000);
    result.push_back(funding);
  }
  return result;
}

/// One replay, as a line of JSON. `detail`: a file for the fates.
std::string replay(const Plan& plan, const Rows& rows, const char* detail) {
  engine::EngineParams params;
  params.exchange.order_latency.value = std::chrono::milliseconds{plan.order_latency};
  params.exchange.data_latency.value = std::chrono::milliseconds{plan.data_latency};
  params.inputs = {.trades = true, .quotes = true, .funding = true};
  params.deposit = Money::from_raw(10'000'000 * Money::kOne);
  params.from = from_ms(plan.first);
  const Timestamp last = std::max(rows.quotes.back().ts_event, rows.trades.back().ts_event);
  params.to = last + std::chrono::milliseconds{plan.data_latency + 1};

  MarketData data;
  data.quotes = std::make_unique<Held<Quote>::Stream>(rows.quotes);
  data.trades = std::make_unique<Held<Trade>::Stream>(rows.trades);
  data.funding =
      std::make_unique<toxvol::test::Rows<Funding>>(fundings(params.from, params.to), kBlock);
  LastTouch touch;
  Maker maker{plan, touch};
  Counter counter{detail == nullptr ? 0 : static_cast<std::size_t>(3 * plan.decisions + 1)};
  Progress silent;
  engine::RealisticRun<Maker, LastTouch> run{params, bench::instrument(100'000'000), maker, touch,
                                             counter};

  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  run.run(data, silent);
  const double cpu_seconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;

  if (detail != nullptr) {
    std::ofstream file{detail, std::ios::binary};
    file.write(reinterpret_cast<const char*>(counter.fates.data()),
               static_cast<std::streamsize>(counter.fates.size() * sizeof(Fate)));
  }
  return fmt::format(
      R"({{"seconds": {}, "cpu": {}, "maker": {}, "taker": {}, "partial": {}, "fill_rows": {}, "digest": {}, )"
      R"("quotes": {}, "trades": {}}})",
      seconds.count(), cpu_seconds, counter.maker, counter.taker, counter.partial, counter.rows,
      maker.digest(), touch.quotes, touch.trades);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 7) throw std::runtime_error("usage: FOLDER FIRST DECISIONS ORDER DATA LOTS [FILE]");
    const std::vector<std::string> args(argv, argv + argc);
    const Plan plan{.folder = args[1],
                    .first = std::stoll(args[2]),
                    .decisions = std::stoll(args[3]),
                    .order_latency = std::stoll(args[4]),
                    .data_latency = std::stoll(args[5]),
                    .lots = std::stoll(args[6])};
    const Rows rows{plan.folder};
    (void)replay(plan, rows, argc > 7 ? argv[7] : nullptr);  // as the peers': not counted
    fmt::print("{}\n", replay(plan, rows, nullptr));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "hft_bench: {}\n", error.what());
    return EXIT_FAILURE;
  }
}
