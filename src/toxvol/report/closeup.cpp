#include "toxvol/report/closeup.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
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

}  // namespace

Json close_up(const RunFolder& folder, const MarketReader& market, Timestamp moment) {
  const Timestamp from = moment - kCloseUp;
  const Timestamp to = moment + kCloseUp;
  std::vector<Quote> quotes;
  std::vector<Trade> trades;
  Inputs kinds;
  kinds.quotes = is_input(folder, "bookTicker");
  kinds.trades = is_input(folder, "aggTrades");
  if (!kinds.quotes && !kinds.trades) return nullptr;
  market(from, to, kinds, [&](MarketData& data) {
    for_each(data.quotes, [&quotes](const Quote& quote) { quotes.push_back(quote); });
    for_each(data.trades, [&trades](const Trade& trade) { trades.push_back(trade); });
  });
  if (quotes.empty() && trades.empty()) return nullptr;

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

}  // namespace toxvol::report
