#include "toxvol/explain/known_inputs.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/explain/explanation.hpp"

namespace toxvol::explain {

namespace {

using Values = std::vector<std::pair<std::string_view, std::string>>;

template <class Tag>
std::string text(Fixed<Tag> value) {
  return decimal_text(value.raw());
}
std::string text(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "null";
}

Values values_of(const Trade& trade) {
  return {{"price", text(trade.price)},
          {"qty", text(trade.qty)},
          {"aggressor", trade.aggressor == Side::Buy ? "buy" : "sell"}};
}
Values values_of(const Quote& quote) {
  return {{"bid", text(quote.bid)},
          {"ask", text(quote.ask)},
          {"bid_qty", text(quote.bid_qty)},
          {"ask_qty", text(quote.ask_qty)}};
}
Values values_of(const Bar& bar) {
  return {{"open", text(bar.open)},
          {"high", text(bar.high)},
          {"low", text(bar.low)},
          {"close", text(bar.close)},
          {"volume", text(bar.volume)}};
}
Values values_of(const Metrics& metrics) {
  return {{"open_interest", text(metrics.open_interest)},
          {"count_ls", text(metrics.count_ls)},
          {"toptrader_count_ls", text(metrics.toptrader_count_ls)},
          {"toptrader_sum_ls", text(metrics.toptrader_sum_ls)},
          {"taker_ls", text(metrics.taker_ls)}};
}
Values values_of(const Funding& funding) {
  return {{"rate", text(funding.rate)}, {"interval_hours", std::to_string(funding.interval_hours)}};
}

}  // namespace

std::vector<KnownInput> KnownInputs::list() const {
  std::vector<KnownInput> known;
  const auto add = [&](Kind kind, const auto& record) {
    if (!record) return;
    const std::chrono::duration<double> age = ts_ - record->ts_event;
    known.push_back({.kind = kind,
                     .ts_event = record->ts_event,
                     .age_s = age.count(),
                     .values = values_of(*record)});
  };
  add(Kind::AggTrades, trade_);
  add(Kind::BookTicker, quote_);
  add(Kind::Klines, bar_);
  add(Kind::Metrics, metrics_);
  add(Kind::Funding, funding_);
  return known;
}

}  // namespace toxvol::explain
