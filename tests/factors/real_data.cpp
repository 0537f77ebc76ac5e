#include "tests/factors/real_data.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::factors::test {
namespace {

using Fields = std::vector<std::string>;

std::string root() {
  const char* chosen = std::getenv("TOXVOL_DATA");
  return chosen != nullptr ? chosen : std::string{TOXVOL_SOURCE_DIR} + "/../shared/data/raw";
}

std::int64_t e8(const std::string& text) {
  const bool is_negative = text.front() == '-';
  const std::string digits = is_negative ? text.substr(1) : text;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  std::string fraction = point < digits.size() ? digits.substr(point + 1) : "";
  fraction.resize(8, '0');
  const std::int64_t value = std::stoll(digits.substr(0, point)) * Qty::kOne + std::stoll(fraction);
  return is_negative ? -value : value;
}

void each_row(const std::string& path, const std::function<void(const Fields&)>& use) {
  std::ifstream file{root() + path};
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line.front() < '0' || line.front() > '9') continue;
    Fields fields;
    std::istringstream cells{line};
    for (std::string cell; std::getline(cells, cell, ',');) fields.push_back(cell);
    use(fields);
  }
}

/// ms·10⁶ + band + k, k counting inside the millisecond (design, "Values and time").
class InitClock {
 public:
  explicit InitClock(Duration band) : band_{band} {}
  Timestamp next(Timestamp ts) {
    k_ = ts == last_ ? k_ + 1 : 0;
    last_ = ts;
    return ts + band_ + Duration{k_};
  }

 private:
  Duration band_;
  Timestamp last_{};
  std::int64_t k_ = 0;
};

}  // namespace

std::vector<Trade> recorded_trades(const std::string& day) {
  std::vector<Trade> trades;
  InitClock clock{Duration{}};
  each_row("/futures/daily/aggTrades/BTCUSDT-aggTrades-" + day + ".csv", [&](const Fields& f) {
    Trade t;
    t.ts_event = from_ms(std::stoll(f[5]));
    t.ts_init = clock.next(t.ts_event);
    t.agg_trade_id = std::stoll(f[0]);
    t.price = Price::from_raw(e8(f[1]));
    t.qty = Qty::from_raw(e8(f[2]));
    t.aggressor = f[6] == "true" ? Side::Sell : Side::Buy;
    trades.push_back(t);
  });
  return trades;
}

std::vector<Quote> recorded_quotes(const std::string& day) {
  std::vector<Quote> quotes;
  InitClock clock{Duration{300'000}};
  each_row("/futures/daily/bookTicker/BTCUSDT-bookTicker-" + day + ".csv", [&](const Fields& f) {
    Quote q;
    q.update_id = std::stoll(f[0]);
    q.bid = Price::from_raw(e8(f[1]));
    q.bid_qty = Qty::from_raw(e8(f[2]));
    q.ask = Price::from_raw(e8(f[3]));
    q.ask_qty = Qty::from_raw(e8(f[4]));
    q.ts_event = from_ms(std::stoll(f[5]));
    q.ts_init = clock.next(q.ts_event);
    q.ts_sent = from_ms(std::stoll(f[6]));
    quotes.push_back(q);
  });
  return quotes;
}

namespace {

std::vector<Bar> bars_of(const std::string& path) {
  std::vector<Bar> bars;
  each_row(path, [&](const Fields& f) {
    Bar b;
    b.ts_event = from_ms(std::stoll(f[0])) + kMinute;
    b.ts_init = b.ts_event + Duration{800'000};
    b.open = Price::from_raw(e8(f[1]));
    b.high = Price::from_raw(e8(f[2]));
    b.low = Price::from_raw(e8(f[3]));
    b.close = Price::from_raw(e8(f[4]));
    b.volume = Qty::from_raw(e8(f[5]));
    b.quote_volume = Money::from_raw(e8(f[7]));
    b.count = std::stoll(f[8]);
    b.taker_buy_volume = Qty::from_raw(e8(f[9]));
    b.taker_buy_quote_volume = Money::from_raw(e8(f[10]));
    bars.push_back(b);
  });
  return bars;
}

}  // namespace

std::vector<Bar> recorded_bars(const std::string& day) {
  return bars_of("/futures/daily/klines_1m/BTCUSDT-1m-" + day + ".csv");
}

std::vector<Bar> recorded_near_bars(const std::string& month) {
  return bars_of("/futures/monthly/klines_1m/NEARUSDT-1m-" + month + ".csv");
}

std::vector<Funding> recorded_funding(const std::string& month) {
  std::vector<Funding> settlements;
  each_row("/futures/monthly/fundingRate/BTCUSDT-fundingRate-" + month + ".csv",
           [&](const Fields& f) {
             Funding s;
             s.ts_event = from_ms(std::stoll(f[0]));
             s.ts_init = s.ts_event + Duration{950'000};
             s.interval_hours = std::stoi(f[1]);
             s.rate = Rate::from_raw(e8(f[2]));
             settlements.push_back(s);
           });
  return settlements;
}

}  // namespace toxvol::factors::test
