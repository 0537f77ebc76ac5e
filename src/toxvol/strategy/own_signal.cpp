#include "toxvol/strategy/own_signal.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/signal.hpp"
#include "toxvol/strategy/step.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {

using factors::FactorRow;
using trading::Reason;

std::optional<SignalRow> SignalTable::newest(const FactorRow& /*row*/, Qty /*position*/,
                                             Timestamp known_before) {
  std::optional<SignalRow> last;
  for (; next_ < rows_->size() && (*rows_)[next_].ts_init < known_before; ++next_) {
    last = (*rows_)[next_];
  }
  return last;
}

std::optional<SignalRow> asked(const SignalFunction& ask, const FactorRow& row,
                               std::optional<Qty> position) {
  const std::optional<SignalAnswer> answer = ask(row, position);
  if (!answer) return std::nullopt;
  // C2: known before the bar is.
  return SignalRow{.ts_init = std::min(row.ts, row.ts_init - Duration{1}),
                   .direction = answer->direction,
                   .size = answer->size};
}

std::optional<SignalRow> AskedSignal::newest(const FactorRow& row, Qty position,
                                             Timestamp /*known_before*/) {
  const std::optional<SignalRow> said = asked(ask_, row, position);
  if (!said) return std::nullopt;
  if (said->ts_init >= to_) {
    ++ignored_;
    return std::nullopt;
  }
  rows_.push_back(*said);
  return said;
}

OwnSignal::OwnSignal(std::shared_ptr<SignalSource> source, const StrategyParams& params)
    : source_{std::move(source)},
      signal_{params.signal},
      crowding_{params.factors.crowding},
      max_age_{params.signal.max_age.value_or(params.factors.cadence)},
      bar_delay_{params.factors.data.bar_delay} {}

std::optional<SignalRow> OwnSignal::standing(const FactorRow& row, Qty position) {
  if (const auto newest = source_->newest(row, position, row.ts_init + bar_delay_)) {
    last_ = newest;
    is_counted_ = false;
  }
  if (!last_) return std::nullopt;
  const bool is_young = row.ts_init - last_->ts_init <= max_age_;
  if (!std::exchange(is_counted_, true)) ++(is_young ? used_ : stale_);
  return is_young ? last_ : std::nullopt;
}

Signal OwnSignal::at(const FactorRow& row, Qty position, Judgement* told) {
  target_.reset();
  std::optional<SignalRow> wish;
  if (row.decides) wish = standing(row, position);
  const SignalRow said = wish.value_or(SignalRow{});
  const int direction = said.direction;
  if (row.decides && signal_.mode == SignalMode::Target) target_ = direction;
  const bool closes = position != Qty{} && leaves(position > Qty{} ? 1 : -1);
  const std::optional<Reason> late = closes ? std::nullopt : overdue(row, crowding_);
  if (told != nullptr) told->own = wish;
  Asked ask{told != nullptr ? &told->signal : nullptr};
  static_cast<void>(ask({.question = "boundary",
                         .otherwise = Reason::NotBoundary,
                         .holds = row.decides,
                         .factor = "decides"}) &&
                    ask({.question = "inputs",
                         .otherwise = late.value_or(Reason::NoQuotes),
                         .holds = !late,
                         .factor = "inputs"}) &&
                    ask({.question = "known",
                         .otherwise = Reason::Warmup,
                         .holds = row.volatility.sigma.has_value(),
                         .factor = "sigma",
                         .value = row.volatility.sigma}) &&
                    ask({.question = "own_signal",
                         .otherwise = Reason::NoSignal,
                         .holds = direction != 0,
                         .factor = "your direction",
                         .value = wish ? std::optional<double>{direction} : std::nullopt}));
  if (ask.refused()) return {.reason = ask.reason()};
  return {.alpha = trading::Alpha::Signal,
          .direction = direction,
          .reason = direction > 0 ? Reason::EnterLong : Reason::EnterShort,
          .own_size = said.size};
}

}  // namespace toxvol::strategy
