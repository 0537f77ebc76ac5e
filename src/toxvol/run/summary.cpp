#include "toxvol/run/summary.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/mode.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

using trading::Reason;

constexpr double kMinutesPerYear = 365.0 * 24.0 * 60.0;
constexpr double kNsPerSecond = 1e9;

Money money(Int128 raw, std::string_view what) {
  const auto narrowed = narrow(raw);
  if (!narrowed) throw Error("summary: " + std::string{what} + " does not fit 64 bits of 1e-8");
  return Money::from_raw(*narrowed);
}

/// `before` > 0. From the exact difference: `after / before - 1` would lose the small digits.
double relative_change(Money before, Money after) {
  return static_cast<double>(Int128{after.raw()} - before.raw()) /
         static_cast<double>(before.raw());
}

std::optional<double> hit_rate(std::int64_t won, std::int64_t closed) {
  if (closed == 0) return std::nullopt;
  return static_cast<double>(won) / static_cast<double>(closed);
}

bool is_enter(Reason reason) {
  return reason == Reason::EnterLong || reason == Reason::EnterShort;
}

// The steps of a decision row (docs/schemas.md#funnel), each a function of its columns alone.

/// N3: a kind that the row needs is overdue.
bool is_overdue(Reason reason) {
  return reason == Reason::NoQuotes || reason == Reason::NoMetrics || reason == Reason::NoFunding;
}

/// C9: funding is an input, but no part of C is known yet.
bool lacks_crowding(const factors::FactorRow& f) {
  return !f.crowding.c && !factors::names(f.mode, "no_funding");
}

/// Of a user's own signal, which asks for sigma alone (R57).
bool is_own(const strategy::DecisionRow& row) {
  return row.alpha == trading::Alpha::Signal || row.reason == Reason::NoSignal;
}

bool is_warm(const strategy::DecisionRow& row) {
  const factors::FactorRow& f = row.factors;
  if (!row.decides) return false;
  if (is_overdue(row.reason) || is_own(row)) return true;
  return f.pressure.p && f.volatility.sigma && (row.reason != Reason::Warmup || lacks_crowding(f));
}

bool is_compressed(const factors::FactorRow& f) {
  return f.volatility.f1 && f.thresholds.q_f1 && *f.volatility.f1 >= *f.thresholds.q_f1;
}

bool is_pressed(const factors::FactorRow& f) {
  return f.thresholds.q_p && f.pressure.p && *f.pressure.p != 0.0 &&
         std::abs(*f.pressure.p) >= *f.thresholds.q_p;
}

/// The words of a vocabulary in their order, and one for "none" at the end.
template <class Enum>
std::size_t slot_of(const std::optional<Enum>& value) {
  return value ? trading::index_of(*value) : trading::kCount<Enum>;
}
template <class Enum>
std::string_view slot_name(std::size_t slot, std::string_view none) {
  return slot < trading::kCount<Enum> ? trading::kWords<Enum>[slot] : none;
}

}  // namespace

void SummaryBuilder::add(const strategy::DecisionRow& row) {
  const factors::FactorRow& f = row.factors;
  const bool warm = is_warm(row);
  const bool regime_known = warm && row.reason != Reason::Warmup && !is_overdue(row.reason) &&
                            !(is_own(row) && lacks_crowding(f));
  const bool compressed = regime_known && is_compressed(f);
  const bool stands = row.alpha != trading::Alpha::None;
  const bool steps[] = {true,
                        warm,
                        regime_known,
                        compressed,
                        compressed && is_pressed(f),
                        stands,
                        stands && is_enter(row.reason)};
  for (std::size_t step = 0; step < std::size(steps); ++step) funnel_[step] += steps[step] ? 1 : 0;
  ++reasons_[row.reason];
  ++modes_[f.mode];
}

void SummaryBuilder::add(const trading::OrderRecord& order) {
  ++order_status_[order.status];
  if (order.submit.intent.role != trading::Role::Entry) return;
  const Timestamp decision = order.submit.intent.ts_decision.value_or(order.ts_submit);
  submitted_.insert(decision);
  // A re-priced entry is the same entry.
  if (order.submit.intent.cap && !order.submit.replaces) ++caps_[*order.submit.intent.cap];
  if (order.filled_qty > Qty{}) filled_.insert(decision);
}

void SummaryBuilder::add(const trading::FillRecord& fill) {
  ++fills_;
  const Int128 notional = Int128{fill.price.raw()} * fill.qty.raw();
  notional_ += notional;
  if (fill.liquidity == trading::Liquidity::Maker) maker_notional_ += notional;
  if (fill.slippage) slippage_ += fill.slippage->raw();
}

void SummaryBuilder::add(Sums& sums, const trading::PositionRecord& position) {
  const Int128 net = Int128{position.realised.raw()} - position.fees.raw() + position.funding.raw();
  ++sums.positions;
  if (position.ts_close) {
    ++sums.closed;
    if (net > 0) ++sums.won;
  }
  sums.realised += position.realised.raw();
  sums.fees += position.fees.raw();
  sums.funding += position.funding.raw();
  if (position.slippage) sums.slippage += position.slippage->raw();
}

void SummaryBuilder::add(const trading::PositionRecord& position) {
  add(all_, position);
  add(by_alpha_[trading::index_of(position.alpha)], position);
  add(by_regime_[slot_of(position.regime_open)], position);
  add(by_exit_[slot_of(position.exit_role)], position);
  if (position.ts_close) hold_ns_ += (*position.ts_close - position.ts_open).count();
}

void SummaryBuilder::add(const trading::EquityRecord& sample) {
  if (!first_) first_ = sample;
  if (last_ && last_->position != Qty{}) exposed_ns_ += (sample.ts - last_->ts).count();
  last_ = sample;
  max_drawdown_ = std::min(max_drawdown_, sample.drawdown);
  if (sample.cause == trading::EquityCause::Start || sample.cause == trading::EquityCause::Minute ||
      sample.cause == trading::EquityCause::End) {
    sample_return(sample);
  }
}

void SummaryBuilder::sample_return(const trading::EquityRecord& sample) {
  if (sampled_ && sampled_->first < sample.ts) {
    if (sampled_before_ && sampled_before_->raw() > 0) {
      returns_.add(relative_change(*sampled_before_, sampled_->second));
    }
    sampled_before_ = sampled_->second;
  }
  sampled_ = {sample.ts, sample.equity};
}

PositionGroup SummaryBuilder::group(const Sums& sums) {
  return {.positions = sums.positions,
          .gross = money(sums.realised + sums.slippage, "gross"),
          .slippage = money(sums.slippage, "slippage"),
          .fees = money(sums.fees, "fees"),
          .funding = money(sums.funding, "funding"),
          .net = money(sums.realised - sums.fees + sums.funding, "net"),
          .hit_rate = hit_rate(sums.won, sums.closed)};
}

void SummaryBuilder::add_inference(Summary& summary) const {
  stats::Moments returns = returns_;
  if (sampled_before_ && sampled_ && sampled_before_->raw() > 0) {
    returns.add(relative_change(*sampled_before_, sampled_->second));
  }
  const auto deviation = returns.standard_deviation();
  if (!deviation) return;
  summary.volatility_annual = *deviation * std::sqrt(kMinutesPerYear);
  const auto sample = stats::sharpe_sample(returns);
  if (!sample) return;
  summary.sharpe_minute = sample->sharpe;
  summary.sharpe_annual = sample->sharpe * std::sqrt(kMinutesPerYear);
  summary.psr = stats::probabilistic_sharpe(*sample, 0.0);
  // R1: one trial here, so that its benchmark is 0; what was tried besides is counted elsewhere.
  summary.dsr = summary.psr;
}

Summary SummaryBuilder::finish(std::map<std::string, std::int64_t> quality,
                               const Inputs& kinds) const {
  Summary s;
  s.quality = std::move(quality);
  if (first_ && last_) {
    s.start_equity = first_->equity;
    s.end_equity = last_->equity;
    s.fees = last_->fees;
    s.funding = last_->funding;
    const Int128 price_pnl = Int128{last_->realised.raw()} + last_->insurance.raw();
    s.slippage = money(slippage_, "slippage");
    s.gross = money(price_pnl + slippage_, "gross");
    s.net = money(price_pnl - s.fees.raw() + s.funding.raw(), "net");
    s.max_drawdown = max_drawdown_;
    const double start = s.start_equity.to_double();
    const double notional = static_cast<double>(notional_) / kProductUnits;
    if (start > 0.0) {
      s.total_return = relative_change(s.start_equity, s.end_equity);
      s.turnover = notional / start;
    }
    const std::int64_t span = (last_->ts - first_->ts).count();
    if (span > 0) s.exposure = static_cast<double>(exposed_ns_) / static_cast<double>(span);
    if (notional_ > 0) {
      s.maker_share = static_cast<double>(maker_notional_) / static_cast<double>(notional_);
      s.break_even_fee_bp =
          static_cast<double>(price_pnl + s.funding.raw()) / 1e8 / notional * kBasisPoints;
    }
    add_inference(s);
  }
  s.positions = all_.positions;
  s.fills = fills_;
  s.hit_rate = hit_rate(all_.won, all_.closed);
  if (all_.closed > 0) {
    s.avg_hold_s = static_cast<double>(hold_ns_) / kNsPerSecond / static_cast<double>(all_.closed);
  }

  // Alpha's "none" is a word of it, the first; it comes last here.
  for (std::size_t i = 1; i <= by_alpha_.size(); ++i) {
    const std::size_t alpha = i % by_alpha_.size();
    if (by_alpha_[alpha].positions == 0) continue;
    const std::string_view word = trading::kWords<trading::Alpha>[alpha];
    s.by_alpha.emplace_back(word.empty() ? "none" : word, group(by_alpha_[alpha]));
  }
  for (std::size_t i = 0; i < by_regime_.size(); ++i) {
    if (by_regime_[i].positions == 0) continue;
    s.by_regime.emplace_back(slot_name<Regime>(i, "none"), group(by_regime_[i]));
  }
  for (std::size_t i = 0; i < by_exit_.size(); ++i) {
    if (by_exit_[i].positions == 0) continue;
    s.by_exit.emplace_back(slot_name<trading::Role>(i, "open"), group(by_exit_[i]));
  }

  s.funnel = funnel_;
  s.funnel[7] = std::min(static_cast<std::int64_t>(submitted_.size()), s.funnel[6]);
  s.funnel[8] = std::min(static_cast<std::int64_t>(filled_.size()), s.funnel[7]);
  s.reasons = reasons_;
  using trading::OrderStatus;
  s.orders = {.submitted = order_status_.sum(),
              .filled = order_status_[OrderStatus::Filled],
              .canceled = order_status_[OrderStatus::Canceled],
              .rejected = order_status_[OrderStatus::Rejected]};
  DegradedMinutes& degraded = s.degraded_minutes;
  for (const auto& [mode, count] : modes_) {
    for (const auto& [word, field] : factors::kModeWords) {
      if (!factors::names(mode, word)) continue;
      (kinds.*field ? degraded.overdue : degraded.absent)[std::string{word}] += count;
    }
  }
  s.caps = caps_;
  return s;
}

}  // namespace toxvol::run
