#include "toxvol/factors/pressure.hpp"

#include <optional>

#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/minute_sums.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/factors/rolling.hpp"
#include "toxvol/factors/value.hpp"
#include "toxvol/factors/z_sum.hpp"

namespace toxvol::factors {
namespace {

// Z5: floors of the standard deviations.
constexpr double kObiFloor = 0.01;
constexpr double kSviFloor = 0.01;
constexpr double kOfiNormFloor = 0.01;
constexpr double kOfiFloor = 1e-3;

Value mean_obi(const QuoteIntegral& integral) {
  if (integral.known_ms == 0) return std::nullopt;
  return integral.obi / static_cast<double>(integral.known_ms);
}

ZScore::Params z_params(const PressureParams& params, const ZParams& z, double floor,
                        const std::optional<FixedScale>& fixed) {
  return {.window = params.z_window,
          .min_count = params.z_min_count,
          .floor = floor,
          .clip = z.clip,
          .fixed = fixed};
}

}  // namespace

Value order_book_imbalance(const MinuteRow& row, ObiWindow window) {
  switch (window) {
    case ObiWindow::S10:
      return mean_obi(row.last_10s);
    case ObiWindow::S60:
      return mean_obi(row.minute);
    case ObiWindow::Last:
      return row.obi_last;
  }
  return std::nullopt;
}

SignedVolumeImbalance::SignedVolumeImbalance(Duration window, bool from_trades)
    : from_trades_{from_trades}, sums_{window / kMinute} {}

Value SignedVolumeImbalance::update(const MinuteRow& row) {
  const Timestamp ts = row.bar.ts_event;
  sums_.advance(ts);
  const Bar& bar = row.bar;
  const bool bar_has_volume = bar.volume > Qty{};
  if (from_trades_ && (row.trade_count > 0 || !bar_has_volume)) {
    sums_.add(ts, {static_cast<double>(row.signed_volume_e8), static_cast<double>(row.volume_e8)});
  } else if (bar.count > 0 || !bar_has_volume) {  // N3: the flow of the kline, where it is known
    const auto volume = static_cast<double>(bar.volume.raw());
    sums_.add(ts, {2.0 * static_cast<double>(bar.taker_buy_volume.raw()) - volume, volume});
  }
  if (!fills_window(sums_.count(), sums_.minutes())) return std::nullopt;
  const double volume = sums_.raw(1);
  return volume > 0.0 ? sums_.raw(0) / volume : 0.0;
}

QuoteWindow::QuoteWindow(const PressureParams& params)
    : is_document_{params.ofi_ask_side == OfiAskSide::Document},
      counts_events_{params.ofi_events > 0},
      sums_{counts_events_ ? 1 : params.ofi_window / kMinute} {}

QuoteWindow::Values QuoteWindow::update(const MinuteRow& row, bool is_known) {
  const Timestamp ts = row.bar.ts_event;
  const QuoteIntegral& minute = row.minute;
  sums_.advance(ts);
  if (!is_known) return {};
  if (minute.known_ms > 0) {  // P4: null before the day's first quote
    sums_.add(ts, {is_document_ ? row.ofi_document : row.ofi_cks, minute.depth, minute.spread_ticks,
                   minute.spread_relative, static_cast<double>(minute.known_ms)});
  }
  const auto sums = sums_.sums();
  if (!sums) return {};
  const auto& [ofi, depth, spread_ticks, spread_relative, known_ms] = *sums;
  Values values;
  values.ofi = counts_events_ ? row.ofi_events : Value{ofi};
  if (values.ofi && depth > 0.0) values.ofi_norm = *values.ofi / (depth / known_ms);
  values.spread_ticks = spread_ticks / known_ms;
  values.spread_relative = spread_relative / known_ms;
  return values;
}

Pressure::Pressure(const PressureParams& params, const ZParams& z, Inputs inputs)
    : params_{params},
      has_quotes_{inputs.quotes},
      svi_{params.svi_window, inputs.trades},
      quotes_{params},
      z_obi_{z_params(params, z, kObiFloor, z.obi)},
      z_svi_{z_params(params, z, kSviFloor, z.svi)},
      z_ofi_{z_params(params, z, params.ofi_scale == OfiScale::Depth ? kOfiNormFloor : kOfiFloor,
                      z.ofi)},
      sum_scale_{z.scale},
      scale_{z.scale, params.z_window, params.z_min_count} {}

const Pressure::Values& Pressure::update(const MinuteRow& row, bool quotes_known) {
  const Timestamp ts = row.bar.ts_event;
  values_ = {};
  values_.svi = svi_.update(row);
  values_.z_svi = z_svi_.update(ts, values_.svi);
  if (has_quotes_) {
    if (quotes_known) values_.obi = order_book_imbalance(row, params_.obi_window);
    values_.quotes = quotes_.update(row, quotes_known);
    values_.z_obi = z_obi_.update(ts, values_.obi);
    values_.z_ofi = z_ofi_.update(
        ts, params_.ofi_scale == OfiScale::Depth ? values_.quotes.ofi_norm : values_.quotes.ofi);
  }
  ZSum sum{sum_scale_};  // P1; without quotes SVI alone
  if (has_quotes_) sum.add(params_.weights[0], values_.z_obi);
  sum.add(params_.weights[1], values_.z_svi);
  if (has_quotes_) sum.add(params_.weights[2], values_.z_ofi);
  values_.p = scale_.update(ts, sum.of_all());
  return values_;
}

}  // namespace toxvol::factors
