#include "tests/golden/nautilus/replay.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/rows.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/nautilus_ledger.hpp"
#include "toxvol/engine/parity/parity_run.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/strategy/script.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine::test {
namespace {

using toxvol::test::Rows;

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t end = std::min(line.find(','), line.size());
    fields.emplace_back(line.substr(0, end));
    if (end == line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

/// A decimal without sign, as units of 1e-8.
std::int64_t raw(const std::string& text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string digits = text.substr(0, point);
  std::string fraction = point < text.size() ? text.substr(point + 1) : "";
  fraction.resize(8, '0');
  return std::stoll(digits + fraction);
}

struct Folder {
  MinuteRow row;
  void on(const Trade& /*trade*/) {}
  void on(const Quote& /*quote*/) {}
  void on(std::span<const Trade> /*trades*/) {}
  void on(std::span<const Quote> /*quotes*/) {}
  const MinuteRow& close(const Bar& /*bar*/) { return row; }
};

/// Sixteen decimals, as NautilusTrader keeps them.
template <class T>
std::string wide(T value) {
  return value.raw() == 0 ? "0" : std::to_string(value.raw()) + "00000000";
}

/// Writes what happens in the order in which the strategy is told.
class Teller final : public trading::Recorder {
 public:
  explicit Teller(Money deposit) : ledger_{deposit} {}

  void record(const trading::OrderRecord& order) override {
    text += "order," + std::to_string(static_cast<std::int64_t>(order.submit.id)) + "," +
            std::string{name(order.status)} + "," + wide(order.filled_qty) + "\n";
  }
  void record(const trading::CommandRecord& /*command*/) override {}
  void record(const trading::FillRecord& fill) override { fills_.push_back(fill); }
  void record(const trading::PositionRecord& /*position*/) override {}
  void record(const trading::EquityRecord& sample) override { last_ = sample; }

  void on(const trading::FillSeen& seen) {
    const trading::FillRecord fill = fills_.front();
    fills_.pop_front();
    ledger_.fill(fill.side, fill.price, fill.qty, fill.fee);
    line("fill", seen.ts_event, seen.id);
    text.pop_back();
    text += std::string{fill.side == Side::Buy ? ",buy," : ",sell,"} + wide(fill.price) + "," +
            wide(fill.qty) + "," + std::string{name(fill.liquidity)} + "," + wide(fill.fee) + "," +
            wide(fill.position_after) + "," +
            std::to_string(std::bit_cast<std::int64_t>(ledger_.average())) + "," +
            wide(ledger_.position_pnl()) + "," + wide(fill.balance_after) + "\n";
  }
  void on(const trading::OrderSeen& seen) {
    using What = trading::OrderSeen::What;
    static const std::map<What, std::string> names = {
        {What::Accepted, "accepted"}, {What::Rejected, "rejected"}, {What::Canceled, "canceled"}};
    line(names.at(seen.what), seen.ts_event, seen.id);
  }
  void finish() {
    text += "end," + wide(last_.position) + "," + wide(last_.equity - last_.unrealised) + "\n";
  }

  std::string text;

 private:
  void line(const std::string& what, Timestamp ts, trading::OrderId id) {
    text += what + "," + std::to_string(to_ns(ts)) + "," +
            std::to_string(static_cast<std::int64_t>(id)) + "\n";
  }

  NautilusLedger ledger_;
  std::deque<trading::FillRecord> fills_;
  trading::EquityRecord last_;
};

struct ScriptTold {
  strategy::Script script;
  Teller& teller;
  template <class Event>
  void on(const Event& event, std::vector<trading::Command>& out) {
    script.on(event, out);
  }
  void on(const trading::OrderSeen& seen) { teller.on(seen); }
  void on(const trading::FillSeen& seen) { teller.on(seen); }
  [[nodiscard]] const trading::Wake& wake() const { return script.wake(); }
  [[nodiscard]] std::optional<Price> stop() const { return std::nullopt; }
  [[nodiscard]] std::optional<Price> take_profit() const { return std::nullopt; }
};

}  // namespace

std::string_view golden_log(std::string_view text) {
  constexpr std::string_view kMark = "\nlog\n";
  return text.substr(text.find(kMark) + kMark.size());
}

std::string replay(std::string_view text, const Rules& rules) {
  std::map<std::string, std::string> settings;
  std::vector<Quote> quotes;
  std::vector<Trade> trades;
  std::vector<Bar> bars;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line == "orders") break;
    const std::vector<std::string> f = split(line);
    if (f.size() == 2) {
      settings[f[0]] = f[1];
      continue;
    }
    const Timestamp ts = from_ns(std::stoll(f.at(1)));
    const auto number = static_cast<std::int64_t>(quotes.size() + trades.size() + 1);
    if (f[0] == "quote") {
      quotes.push_back({.ts_event = ts,
                        .ts_init = ts,
                        .update_id = number,
                        .bid = Price::from_raw(raw(f.at(2))),
                        .ask = Price::from_raw(raw(f.at(4))),
                        .bid_qty = Qty::from_raw(raw(f.at(3))),
                        .ask_qty = Qty::from_raw(raw(f.at(5))),
                        .ts_sent = ts});
    } else if (f[0] == "trade") {
      trades.push_back({.ts_event = ts,
                        .ts_init = ts,
                        .agg_trade_id = number,
                        .price = Price::from_raw(raw(f.at(2))),
                        .qty = Qty::from_raw(raw(f.at(3))),
                        .aggressor = f.at(4) == "buy" ? Side::Buy : Side::Sell,
                        .first_trade_id = number,
                        .last_trade_id = number});
    } else {
      Bar bar;
      bar.ts_event = bar.ts_init = ts;
      bar.open = Price::from_raw(raw(f.at(2)));
      bar.high = Price::from_raw(raw(f.at(3)));
      bar.low = Price::from_raw(raw(f.at(4)));
      bar.close = Price::from_raw(raw(f.at(5)));
      bar.volume = Qty::from_raw(raw(f.at(6)));
      bars.push_back(bar);
    }
  }
  const std::string_view script = rest.substr(0, rest.find("\nlog\n") + 1);

  Instrument instrument;
  instrument.symbol = "BTCUSDT";
  instrument.tick = {{Timestamp{}, Price::from_raw(raw(settings.at("tick")))}};
  instrument.lot = Qty::from_raw(raw(settings.at("lot")));
  instrument.min_qty = Qty::from_raw(raw(settings.at("min_qty")));
  instrument.min_notional = {{Timestamp{}, Money::from_raw(5 * Money::kOne)}};
  instrument.fees = {{Timestamp{},
                      {Fee{"VIP0", Rate::from_raw(raw(settings.at("maker"))),
                           Rate::from_raw(raw(settings.at("taker")))}}}};
  EngineParams params;
  params.exchange.profile = Profile::Nautilus1221;
  params.exchange.order_latency.value = Duration{std::stoll(settings.at("latency_ns"))};
  params.exchange.trade_execution = settings.at("trade_execution") == "1";
  params.costs.bnb_discount = settings["bnb_discount"] == "1";
  params.deposit = Money::from_raw(raw(settings.at("balance")));
  params.inputs = {.trades = !trades.empty(), .quotes = !quotes.empty(), .bars = !bars.empty()};
  params.from = from_ns(1);
  params.to = from_ns(std::stoll(settings.at("to")));

  constexpr std::size_t kBlock = 8'192;
  MarketData data;
  data.quotes = std::make_unique<Rows<Quote>>(std::move(quotes), kBlock);
  data.trades = std::make_unique<Rows<Trade>>(std::move(trades), kBlock);
  data.bars = std::make_unique<Rows<Bar>>(std::move(bars), kBlock);

  Teller teller{params.deposit};
  ScriptTold told{.script = strategy::Script{strategy::parse_script(script, "case")},
                  .teller = teller};
  Folder folder;
  Progress progress;
  ParityRun<ScriptTold, Folder> run{params, instrument, told, folder, teller, rules};
  try {
    run.run(data, progress);
  } catch (const Error& error) {
    return std::string{"aborts: "} + error.what() + "\n";
  }
  teller.finish();
  return teller.text;
}

}  // namespace toxvol::engine::test
