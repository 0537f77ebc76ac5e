#include "toxvol/engine/market_touch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::engine {
namespace {

// A quote that is so much older than the last trade may be left behind by it.
constexpr Duration kLag = std::chrono::seconds{1};

}  // namespace

MarketTouch::MarketTouch(std::vector<Dated<Price>> ticks, Qty lot, Duration max_age)
    : ticks_{std::move(ticks)}, max_age_{max_age}, trades_{lot} {}

std::optional<Quote> MarketTouch::at(Timestamp now) {
  if (is_of_quote(now)) return quote_;
  if (is_of_trade(now)) return trades_.quote(tick());
  return std::nullopt;
}

Price MarketTouch::taken_at(Side side, Price price) const {
  const Trade* trade = trades_.trade();
  if (!quote_ || !trade || trade->ts_event - quote_->ts_event <= kLag) return price;
  return side == Side::Buy ? std::max(price, trade->price) : std::min(price, trade->price);
}

}  // namespace toxvol::engine
