#include "toxvol/quality/cross_checker.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/quote_ranges.hpp"

namespace toxvol::quality {

namespace {

constexpr std::size_t kMinutes = 1'440;

}  // namespace

CrossChecker::CrossChecker(QuoteRanges quotes)
    : start_{Timestamp{quotes.day()}},
      day_{quotes.day()},
      minutes_(kMinutes),
      quotes_{std::move(quotes)},
      volume_{.code = Code::VolumeMismatch, .column = "volume", .pending = std::nullopt},
      taker_{.code = Code::TakerMismatch, .column = "taker_buy_volume", .pending = std::nullopt} {}

void CrossChecker::on(const Trade& trade, Findings& out) {
  const auto second = quotes_.second_of(trade.ts_event);
  if (!second) return;
  MinuteVolume& minute = minutes_[*second / 60];
  minute.volume_e8 += trade.qty.raw();
  if (trade.aggressor == Side::Buy) minute.taker_buy_e8 += trade.qty.raw();
  if (!first_trade_) first_trade_ = trade.ts_event;
  last_trade_ = trade.ts_event;

  const auto around = quotes_.around(*second);
  if (!around || (trade.price.raw() >= around->low && trade.price.raw() <= around->high)) return;
  Finding finding;
  finding.code = Code::TradeOutsideQuotes;
  finding.day = day_;
  const Timestamp begin = start_ + std::chrono::seconds{static_cast<std::int64_t>(*second)};
  finding.ts = begin;
  finding.ts_end = begin + std::chrono::seconds{1};
  finding.column = "price";
  finding.value = decimal_text(trade.price.raw());
  out.add(std::move(finding));
}

void CrossChecker::compare(Difference& difference, Timestamp open, std::int64_t trades,
                           std::int64_t kline, Findings& out) const {
  const std::int64_t raw = trades - kline;
  if (difference.pending) {
    // An aggTrade stands at its first fill and may hold fills of the next 100 ms: what it carries
    // over the end of a minute is missing in the next one. That is no defect.
    const bool explained =
        difference.pending->ts_end == open && difference.raw > 0 && raw == -difference.raw;
    if (!explained) out.add(*std::move(difference.pending));
    difference.pending.reset();
    if (explained) return;
  }
  if (raw == 0) return;
  Finding finding;
  finding.code = difference.code;
  finding.day = day_;
  finding.column = difference.column;
  finding.value = decimal_text(trades) + " in aggTrades, " + decimal_text(kline) + " in klines";
  finding.ts = open;
  finding.ts_end = open + kMinute;
  difference.pending = std::move(finding);
  difference.raw = raw;
}

void CrossChecker::on(const Bar& bar, Findings& out) {
  const Timestamp open = bar.ts_event - kMinute;
  // Only minutes that the trades cover whole: a recording that begins or ends inside one is no
  // fault.
  if (!first_trade_ || open < *first_trade_ - std::chrono::seconds{1} ||
      bar.ts_event > held(last_trade_) + std::chrono::seconds{1}) {
    return;
  }
  const auto second = quotes_.second_of(open);
  if (!second) return;
  const MinuteVolume& minute = minutes_[*second / 60];
  compare(volume_, open, minute.volume_e8, bar.volume.raw(), out);
  compare(taker_, open, minute.taker_buy_e8, bar.taker_buy_volume.raw(), out);
}

void CrossChecker::finish(Findings& out) {
  for (Difference* difference : {&volume_, &taker_}) {
    if (difference->pending) out.add(*std::move(difference->pending));
    difference->pending.reset();
  }
}

}  // namespace toxvol::quality
