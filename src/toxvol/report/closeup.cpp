#include "toxvol/report/closeup.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/sampler.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kMaxQuotes = 600;
constexpr std::size_t kMaxTrades = 300;
constexpr int kMilliseconds = 3;  // decimals of a second
constexpr int kQtyDecimals = 3;

double exact_seconds(Timestamp from, Timestamp ts) {
  return std::chrono::duration<double>(ts - from).count();
}

/// The rows of one window after another, of a stream that is read once. Windows begin and end in
/// the order of time.
template <class Record>
class Sliding {
 public:
  explicit Sliding(BlockStream<Record>* stream) : stream_{stream} {}

  const std::deque<Record>& rows(Timestamp from, Timestamp to) {
    while (!rows_.empty() && rows_.front().ts_event < from) rows_.pop_front();
    for (; stream_ != nullptr; ++at_) {
      if (at_ == block_.size()) {
        block_ = stream_->next();
        at_ = 0;
        if (block_.empty()) {
          stream_ = nullptr;
          break;
        }
      }
      const Record& row = block_[at_];
      if (row.ts_event >= to) break;
      if (row.ts_event >= from) rows_.push_back(row);
    }
    return rows_;
  }

 private:
  BlockStream<Record>* stream_;
  std::span<const Record> block_;
  std::size_t at_ = 0;
  std::deque<Record> rows_;
};

Json close_up(const RunFolder& folder, Timestamp from, Timestamp to,
              const std::deque<Quote>& quotes, const std::deque<Trade>& all) {
  if (quotes.empty() && all.empty()) return nullptr;
  std::vector<Trade> trades(all.begin(), all.end());
  const int digits = tick_decimals(folder);
  Sampler sampler{{.from = 0.0,
                   .to = exact_seconds(from, to),
                   .rows = static_cast<std::int64_t>(quotes.size()),
                   .series = 2,
                   .max_points = kMaxQuotes}};
  for (const Quote& quote : quotes) {
    const std::optional<double> touch[] = {quote.bid.to_double(), quote.ask.to_double()};
    sampler.add(exact_seconds(from, quote.ts_event), touch);
  }
  const Sampled sampled = sampler.finish();

  const std::size_t all_trades = trades.size();
  if (all_trades > kMaxTrades) {
    std::sort(trades.begin(), trades.end(), [](const Trade& a, const Trade& b) {
      return a.qty != b.qty ? a.qty > b.qty : a.agg_trade_id < b.agg_trade_id;
    });
    trades.resize(kMaxTrades);
    std::sort(trades.begin(), trades.end(),
              [](const Trade& a, const Trade& b) { return a.agg_trade_id < b.agg_trade_id; });
  }
  std::vector<double> times;
  std::vector<double> prices;
  std::vector<double> sizes;
  std::vector<double> sides;
  for (const Trade& trade : trades) {
    times.push_back(exact_seconds(from, trade.ts_event));
    prices.push_back(trade.price.to_double());
    sizes.push_back(trade.qty.to_double());
    sides.push_back(trade.aggressor == Side::Buy ? 1.0 : -1.0);
  }
  const PackedColumn bid = packed_column(sampled.values[0], digits);
  std::string note = fmt::format("{} quotes", count(static_cast<std::int64_t>(quotes.size())));
  if (quotes.size() > kMaxQuotes) note += " (of each moment the extremes are drawn)";
  note += fmt::format(", {} trades", count(static_cast<std::int64_t>(all_trades)));
  if (all_trades > kMaxTrades) {
    note += fmt::format(" (the {} largest are drawn)", count(kMaxTrades));
  }
  return {{"from", static_cast<double>(to_ns(from)) / 1e9},
          {"seconds", exact_seconds(from, to)},
          {"quotes",
           {{"frame", packed(sampled.times, kMilliseconds)},
            {"bid", bid.json},
            {"ask", packed_column(sampled.values[1], digits, {.how = "most", .of = {bid}}).json}}},
          {"trades",
           {{"frame", packed(times, kMilliseconds)},
            {"price", packed(prices, digits)},
            {"qty", packed(sizes, kQtyDecimals)},
            {"side", packed(sides, 0)}}},
          {"note", note + "."}};
}

}  // namespace

std::vector<Json> close_ups(const RunFolder& folder, const MarketReader& market,
                            std::span<const Timestamp> moments) {
  std::vector<Json> made(moments.size());
  Inputs kinds;
  kinds.quotes = is_input(folder, "bookTicker");
  kinds.trades = is_input(folder, "aggTrades");
  if (moments.empty() || (!kinds.quotes && !kinds.trades)) return made;
  std::vector<std::size_t> order(moments.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return moments[a] != moments[b] ? moments[a] < moments[b] : a < b;
  });
  std::vector<TimeRange> parts;
  for (const std::size_t which : order) {
    const TimeRange part{.from = moments[which] - kCloseUp, .to = moments[which] + kCloseUp};
    if (!parts.empty() && part.from <= parts.back().to) {
      parts.back().to = part.to;
    } else {
      parts.push_back(part);
    }
  }
  market(parts, kinds, [&](MarketData& data) {
    Sliding<Quote> quotes{data.quotes.get()};
    Sliding<Trade> trades{data.trades.get()};
    for (const std::size_t which : order) {
      const Timestamp from = moments[which] - kCloseUp;
      const Timestamp to = moments[which] + kCloseUp;
      made[which] = close_up(folder, from, to, quotes.rows(from, to), trades.rows(from, to));
    }
  });
  return made;
}

}  // namespace toxvol::report
