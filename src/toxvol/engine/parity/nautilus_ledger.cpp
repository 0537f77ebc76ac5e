#include "toxvol/engine/parity/nautilus_ledger.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"

namespace toxvol::engine {
namespace {

constexpr double kDecimalScale = 1e8;

/// Its raws have sixteen decimals, ours eight: the way through 128 bits may round twice.
template <class T>
double as_double(T value) {
  constexpr double kRawScale = 1e16;
  return static_cast<double>(Int128{value.raw()} * T::kOne) / kRawScale;
}

Money to_money(double value) {
  return Money::from_raw(std::llround(value * kDecimalScale));
}

/// `Money(Decimal)`: the exact decimal becomes a double first.
Money through_double(Money exact) {
  return to_money(static_cast<double>(exact.raw()) / kDecimalScale);
}

Money rounded_notional(Price price, Qty qty) {
  return to_money(as_double(qty) * as_double(price));
}

/// The double nearest to `value` units of 10^-decimals. Through text, because a quotient of two
/// doubles would round twice.
double nearest_double(Int128 value, int decimals) {
  std::array<char, 48> text{};
  const bool is_negative = value < 0;
  if (is_negative) value = -value;
  char* begin = text.data() + 40;
  char* end = begin;
  *end++ = 'e';
  end = std::to_chars(end, text.data() + text.size(), -decimals).ptr;
  do {
    *--begin = static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  } while (value != 0);
  double result = 0.0;
  std::from_chars(begin, end, result);
  return is_negative ? -result : result;
}

/// The closing part's share of a flip's commission.
Money share(Money fee, Qty part, Qty whole) {
  const auto product = static_cast<long double>(Int128{fee.raw()} * part.raw());
  constexpr long double kScale = 1e8L;
  return to_money(static_cast<double>(product / static_cast<long double>(whole.raw()) / kScale));
}

}  // namespace

Money NautilusLedger::commission(Price price, Qty qty, ExactFee fee) {
  const double rate = static_cast<double>(fee.raw) / static_cast<double>(ExactFee::kOne);
  return to_money(as_double(rounded_notional(price, qty)) * rate);
}

Money NautilusLedger::decimal_commission(Price price, Qty qty, ExactFee fee) {
  constexpr int kDecimals = 8 + 9;
  return to_money(nearest_double(Int128{rounded_notional(price, qty).raw()} * fee.raw, kDecimals));
}

double NautilusLedger::profit(Price price, Qty qty) const {
  const double points =
      position_ > Qty{} ? as_double(price) - average_ : average_ - as_double(price);
  return as_double(qty) * points;
}

/// What of `qty` closes the position and what opens one.
Booked NautilusLedger::parts(Side side, Qty qty) const {
  TOXVOL_ASSERT(qty > Qty{});
  const Qty held = magnitude(position_);
  const bool reduces = held > Qty{} && (position_ > Qty{}) != (side == Side::Buy);
  Booked booked;
  booked.closed = reduces ? std::min(qty, held) : Qty{};
  booked.opened = qty - booked.closed;
  return booked;
}

Booked NautilusLedger::fill(Side side, Price price, Qty qty, Money fee) {
  const Qty held = magnitude(position_);
  Booked booked = parts(side, qty);
  const bool reduces = booked.closed > Qty{};
  const double gain = reduces ? profit(price, booked.closed) : 0.0;
  if (reduces) booked.realised = to_money(gain);

  if (reduces) {
    wallet_ += booked.realised - fee;
  } else if (fee != Money{}) {
    wallet_ = through_double(wallet_ - fee);
  }
  realised_ += booked.realised;
  fees_ += fee;

  if (reduces) {
    const Money closing_fee = booked.opened > Qty{} ? share(fee, held, qty) : fee;
    position_pnl_ = to_money(as_double(position_pnl_) + (-as_double(closing_fee) + gain));
    if (booked.opened > Qty{}) {
      average_ = as_double(price);
      position_pnl_ = to_money(-as_double(fee - closing_fee));
    }
  } else if (held == Qty{}) {
    average_ = as_double(price);
    position_pnl_ = to_money(-as_double(fee));
  } else {
    const double start = average_ * as_double(held);
    const double event = as_double(price) * as_double(qty);
    average_ = (start + event) / (as_double(held) + as_double(qty));
    position_pnl_ = to_money(as_double(position_pnl_) - as_double(fee));
  }
  position_ += side == Side::Buy ? qty : -qty;
  return booked;
}

Money NautilusLedger::fund(Rate rate, Mark mark) {
  constexpr Int128 kScale = 2 * Int128{Qty::kOne} * Rate::kOne;
  const Int128 flow = div_floor(-Int128{position_.raw()} * mark.twice * rate.raw(), kScale);
  const Money paid = Money::from_raw(narrow_or_throw(flow, "a funding payment"));
  wallet_ = through_double(wallet_ + paid);
  funding_ += paid;
  return paid;
}

Booked NautilusLedger::adopt(Side side, Qty qty, const ReportedFill& said) {
  Booked booked = parts(side, qty);
  position_ += side == Side::Buy ? qty : -qty;
  if (position_ != said.position) {
    throw Error{"NautilusTrader: its position is " + std::to_string(said.position.to_double()) +
                " where the orders of this run make " + std::to_string(position_.to_double()) +
                "; run one strategy an instrument"};
  }
  require_own(booked, said);
  if (booked.closed > Qty{}) booked.realised = said.wallet - wallet_ + said.fee;
  average_ = said.average;
  position_pnl_ = said.position_pnl;
  realised_ += booked.realised;
  fees_ += said.fee;
  wallet_ = said.wallet;
  return booked;
}

/// Nobody else may trade on the account: what the fill did to it is what it did to the position,
/// but for a rounding of each. (Of a flip the position says nothing about the part that closes.)
void NautilusLedger::require_own(const Booked& booked, const ReportedFill& said) const {
  constexpr std::int64_t kRoundings = 2;
  if (booked.closed > Qty{} && booked.opened > Qty{}) return;
  const Money expected = booked.closed > Qty{} ? said.position_pnl - position_pnl_ : -said.fee;
  const std::int64_t foreign = (said.wallet - wallet_ - expected).raw();
  if (foreign >= -kRoundings && foreign <= kRoundings) return;
  throw Error{"NautilusTrader: its account has changed by " +
              std::to_string(Money::from_raw(foreign).to_double()) +
              " that this run has not made; let nothing else trade on the account"};
}

void NautilusLedger::adopt_funding(Money paid, Money wallet) {
  funding_ += paid;
  wallet_ = wallet;
}

Money NautilusLedger::unrealised(std::optional<Mark> mark) const {
  if (!mark || position_ == Qty{}) return Money{};
  const double mid = static_cast<double>(mark->twice) / 2.0 / kDecimalScale;
  const double points = position_ > Qty{} ? mid - average_ : average_ - mid;
  return to_money(as_double(magnitude(position_)) * points);
}

Balance NautilusLedger::balance(std::optional<Mark> mark, int leverage) const {
  const double cost = std::abs(position_.to_double()) * average_;
  return {.position = position_,
          .wallet = wallet_,
          .realised = realised_,
          .fees = fees_,
          .funding = funding_,
          .insurance = Money{},
          .unrealised = unrealised(mark),
          .margin = Money::from_raw(std::llround(cost / leverage * Money::kOne))};
}

}  // namespace toxvol::engine
