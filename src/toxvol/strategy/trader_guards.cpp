// Trader: what forbids an entry whatever the signal.
#include <chrono>
#include <optional>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/strategy/trader.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {

using factors::FactorRow;
using trading::Reason;

void Trader::see_gap(const FactorRow& row) {
  // M19: the gap ends where the first bar after it opens.
  if (last_row_ && row.ts - *last_row_ > kMinute) gap_end_ = row.ts - kMinute;
  last_row_ = row.ts;
}

void Trader::roll_day(Timestamp now) {
  if (day_ == day_of(now)) return;
  day_ = day_of(now);
  day_equity_ = account_.equity();
}

std::optional<double> Trader::day_loss_bp() const {
  if (day_equity_ <= Money{}) return std::nullopt;
  return (day_equity_ - account_.equity()).to_double() / (day_equity_.to_double() * kOneBasisPoint);
}

void Trader::judge_loss(Timestamp now) {
  const std::optional<double>& limit_bp = setup_.params.guards.daily_loss_bp;
  if (!limit_bp || loss_blocks(now)) return;
  const double loss = (day_equity_ - account_.equity()).to_double();
  if (loss >= day_equity_.to_double() * *limit_bp * kOneBasisPoint) loss_day_ = day_;
}

bool Trader::ask_guards(const trading::RowSeen& seen, const FactorRow& row, bool flip_sent,
                        Asked& ask) const {
  const GuardParams& guards = setup_.params.guards;
  const auto seconds = [](Duration d) { return std::chrono::duration<double>(d).count(); };
  const auto since_gap = gap_end_ ? std::optional{row.ts - *gap_end_} : std::nullopt;
  if (!setup_.enters && !ask({.question = "enabled",
                              .otherwise = Reason::Disabled,
                              .factor = "entries of this fold"})) {
    return false;
  }
  if (!ask({.question = "gap",
            .otherwise = Reason::Gap,
            .holds = !since_gap || *since_gap >= guards.gap_cooldown,
            .factor = "seconds since the last gap",
            .value = since_gap ? std::optional{seconds(*since_gap)} : std::nullopt,
            .relation = ">=",
            .limit = "guards.gap_cooldown",
            .threshold = seconds(guards.gap_cooldown)}) ||
      !ask({.question = "touch",
            .otherwise = Reason::StaleQuote,
            .holds = seen.touch.has_value(),
            .factor = "a price that is young enough"})) {
    return false;
  }
  if (!seen.touch) return false;
  const Duration age = row.ts - seen.touch->ts_event;
  const int working = static_cast<int>(orders_.size());
  return (!has_ticks() || ask({.question = "stale_quote",
                               .otherwise = Reason::StaleQuote,
                               .holds = age <= guards.stale_quote,
                               .factor = "seconds since the last price",
                               .value = seconds(age),
                               .relation = "<=",
                               .limit = "guards.stale_quote",
                               .threshold = seconds(guards.stale_quote)})) &&
         ask({.question = "daily_loss",
              .otherwise = Reason::DailyLoss,
              .holds = !loss_blocks(seen.ts_seen),
              .factor = "loss of the UTC day in bp",
              .value = day_loss_bp(),
              .relation = "<",
              .limit = "guards.daily_loss_bp",
              .threshold = guards.daily_loss_bp}) &&
         ask({.question = "flip",
              .otherwise = Reason::RegimeExit,
              .holds = !flip_sent,
              .factor = "no exit at a changed regime in this minute"}) &&
         ask({.question = "position",
              .otherwise = Reason::InPosition,
              .holds = account_.position() == Qty{},
              .factor = "position",
              .value = account_.position().to_double()}) &&
         ask({.question = "orders",
              .otherwise = Reason::InPosition,
              .holds = orders_.empty(),
              .factor = "orders at work",
              .value = static_cast<double>(working)});
}

}  // namespace toxvol::strategy
