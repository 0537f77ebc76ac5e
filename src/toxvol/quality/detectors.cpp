#include "toxvol/quality/detectors.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/divisor.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::quality {

namespace {

constexpr Duration kMetricsStep = std::chrono::minutes{5};
constexpr Duration kQuoteGap = std::chrono::minutes{1};
constexpr Duration kPartialDay = std::chrono::minutes{5};
constexpr Duration kFundingLate = std::chrono::seconds{1};

/// A finding at a row.
Finding at_row(Code code, Timestamp ts, std::int64_t line) {
  Finding finding;
  finding.code = code;
  finding.day = day_of(ts);
  finding.line = line;
  finding.ts = ts;
  return finding;
}

Finding partial_day(TimeRange period, Timestamp first, Timestamp last) {
  Finding finding;
  finding.code = Code::DayPartial;
  finding.day = day_of(period.from);
  finding.ts = first;
  finding.ts_end = last;
  finding.text = "rows from " + to_string(first) + " to " + to_string(last) + " only";
  return finding;
}

bool is_partial(TimeRange period, Timestamp first, Timestamp last) {
  return first - period.from > kPartialDay || period.to - last > kPartialDay;
}

void off_tick(TickGrid& grid, Price price, Timestamp ts, std::string_view column, std::int64_t line,
              Findings& out) {
  if (grid.fits(price, ts)) return;
  Finding finding = at_row(Code::OffTick, ts, line);
  finding.column = column;
  out.add(std::move(finding));
}

}  // namespace

TimeRange period_of(Day day) {
  return {.from = Timestamp{day}, .to = Timestamp{day} + kDay};
}

std::optional<Code> defect_of(const Quote& quote) {
  if (quote.bid <= Price{} || quote.ask <= Price{} || quote.bid_qty <= Qty{} ||
      quote.ask_qty <= Qty{}) {
    return Code::EmptyBook;
  }
  if (quote.ask <= quote.bid) return Code::CrossedQuote;
  return std::nullopt;
}

void TickGrid::look_up(Timestamp ts) {
  from_ = Timestamp::min();
  to_ = Timestamp::max();
  tick_ = Divisor{1};
  if (ticks_.empty()) return;
  std::int64_t tick = ticks_.front().value.raw();
  for (const auto& entry : ticks_) {
    if (entry.from > ts) {
      to_ = entry.from;
      break;
    }
    from_ = entry.from;
    tick = entry.value.raw();
  }
  if (tick > 0) tick_ = Divisor{tick};
}

TradeDetector::TradeDetector(TimeRange period, std::vector<Dated<Price>> ticks)
    : period_{period}, grid_{std::move(ticks)} {}

void TradeDetector::on(const Trade& trade, std::int64_t line, Findings& out) {
  if (last_) {
    if (trade.agg_trade_id > last_->agg_trade_id + 1) {
      Finding finding = at_row(Code::TradeIdGap, last_->ts_event, line);
      finding.ts_end = trade.ts_event;
      finding.count = trade.agg_trade_id - last_->agg_trade_id - 1;
      finding.column = "agg_trade_id";
      finding.value =
          std::to_string(last_->agg_trade_id + 1) + ".." + std::to_string(trade.agg_trade_id - 1);
      out.add(std::move(finding));
    } else if (trade.agg_trade_id <= last_->agg_trade_id) {
      Finding finding = at_row(Code::TradeIdOrder, trade.ts_event, line);
      finding.column = "agg_trade_id";
      finding.value = std::to_string(trade.agg_trade_id);
      out.add(std::move(finding));
    }
  } else {
    first_ts_ = trade.ts_event;
  }
  off_tick(grid_, trade.price, trade.ts_event, "price", line, out);
  last_ = trade;
}

bool TradeDetector::on_usual(std::span<const Trade> rows) {
  if (!last_ || !grid_.holds(rows.front().ts_event, rows.back().ts_event)) return false;
  bool are_usual = true;
  std::int64_t id = last_->agg_trade_id;
  for (const Trade& row : rows) {
    are_usual &= row.agg_trade_id == ++id;
    are_usual &= grid_.is_multiple(row.price);
  }
  if (are_usual) last_ = rows.back();
  return are_usual;
}

void TradeDetector::finish(Findings& out) {
  if (!last_) return;
  const Timestamp first = held(first_ts_);
  if (is_partial(period_, first, last_->ts_event)) {
    out.add(partial_day(period_, first, last_->ts_event));
  }
}

QuoteDetector::QuoteDetector(TimeRange period, std::vector<Dated<Price>> ticks)
    : period_{period}, grid_{std::move(ticks)} {}

void QuoteDetector::on(const Quote& quote, std::int64_t line, Findings& out) {
  if (last_id_) {
    if (quote.update_id <= *last_id_) {
      Finding finding = at_row(Code::UpdateIdOrder, quote.ts_event, line);
      finding.column = "update_id";
      finding.value = std::to_string(quote.update_id);
      out.add(std::move(finding));
    }
    if (quote.ts_event - last_ts_ > kQuoteGap) {
      Finding finding = at_row(Code::QuoteGap, last_ts_, line);
      finding.ts_end = quote.ts_event;
      out.add(std::move(finding));
    }
  } else {
    first_ts_ = quote.ts_event;
  }
  off_tick(grid_, quote.bid, quote.ts_event, "best_bid_price", line, out);
  off_tick(grid_, quote.ask, quote.ts_event, "best_ask_price", line, out);
  last_id_ = quote.update_id;
  last_ts_ = quote.ts_event;
}

bool QuoteDetector::on_usual(std::span<const Quote> rows) {
  if (!last_id_ || !grid_.holds(rows.front().ts_event, rows.back().ts_event)) return false;
  bool are_usual = true;
  std::int64_t id = *last_id_;
  Timestamp ts = last_ts_;
  for (const Quote& row : rows) {
    are_usual &= row.update_id > id;
    are_usual &= row.ts_event - ts <= kQuoteGap;
    are_usual &= grid_.is_multiple(row.bid);
    are_usual &= grid_.is_multiple(row.ask);
    id = row.update_id;
    ts = row.ts_event;
  }
  if (!are_usual) return false;
  last_id_ = id;
  last_ts_ = ts;
  return true;
}

void QuoteDetector::finish(Findings& out) {
  if (first_ts_ && is_partial(period_, *first_ts_, last_ts_)) {
    out.add(partial_day(period_, *first_ts_, last_ts_));
  }
}

BarDetector::BarDetector(TimeRange period, std::vector<Dated<Price>> ticks)
    : period_{period}, grid_{std::move(ticks)}, expected_{period.from + kMinute} {}

void BarDetector::missing(Timestamp first_end, Timestamp next_end, std::optional<std::int64_t> line,
                          Findings& out) const {
  Finding finding;
  finding.code = Code::KlineMissing;
  finding.day = day_of(period_.from);
  finding.line = line;
  finding.count = (next_end - first_end) / kMinute;
  finding.column = "open_time";
  finding.ts = first_end - kMinute;
  finding.ts_end = next_end - kMinute;
  out.add(std::move(finding));
}

void BarDetector::on(const Bar& bar, std::int64_t line, Findings& out) {
  if (bar.ts_event > expected_) missing(expected_, bar.ts_event, line, out);
  expected_ = bar.ts_event + kMinute;
  const bool flat = bar.open == bar.close && bar.high == bar.low;
  if (flat && bar.volume == Qty{} && (!last_close_ || bar.close == *last_close_)) {
    Finding finding = at_row(Code::KlineFlatZero, bar.ts_event - kMinute, line);
    finding.day = day_of(period_.from);
    out.add(std::move(finding));
  }
  off_tick(grid_, bar.open, bar.ts_event - kMinute, "open", line, out);
  off_tick(grid_, bar.high, bar.ts_event - kMinute, "high", line, out);
  off_tick(grid_, bar.low, bar.ts_event - kMinute, "low", line, out);
  off_tick(grid_, bar.close, bar.ts_event - kMinute, "close", line, out);
  last_close_ = bar.close;
}

void BarDetector::finish(Findings& out) {
  if (expected_ <= period_.to) missing(expected_, period_.to + kMinute, std::nullopt, out);
}

MetricsDetector::MetricsDetector(TimeRange period, bool shifted)
    : period_{period}, shifted_{shifted}, expected_{period.from + kMetricsStep} {}

void MetricsDetector::missing(Timestamp first, Timestamp next, std::optional<std::int64_t> line,
                              Findings& out) const {
  Finding finding;
  finding.code = Code::MetricsMissing;
  finding.day = day_of(period_.from);
  finding.line = line;
  finding.count = (next - first) / kMetricsStep;
  finding.column = "create_time";
  finding.ts = first;
  finding.ts_end = next;
  if (finding.count > 0) out.add(std::move(finding));
}

void MetricsDetector::on(const Metrics& metrics, std::int64_t line, Findings& out) {
  ++rows_;
  const auto at = [&](Code code, std::string_view column) {
    Finding finding = at_row(code, metrics.ts_event, line);
    finding.day = day_of(period_.from);
    finding.column = column;
    out.add(std::move(finding));
  };
  if ((metrics.ts_event - period_.from) % kMetricsStep != Duration{}) {
    at(Code::MetricsOffGrid, "create_time");
  } else {
    if (metrics.ts_event > expected_) missing(expected_, metrics.ts_event, line, out);
    expected_ = metrics.ts_event + kMetricsStep;
  }
  if (metrics.open_interest == 0.0) at(Code::OiZero, "sum_open_interest");
  const std::pair<const std::optional<double>*, std::string_view> fields[] = {
      {&metrics.open_interest, "sum_open_interest"},
      {&metrics.open_interest_value, "sum_open_interest_value"},
      {&metrics.toptrader_count_ls, "count_toptrader_long_short_ratio"},
      {&metrics.toptrader_sum_ls, "sum_toptrader_long_short_ratio"},
      {&metrics.count_ls, "count_long_short_ratio"},
      {&metrics.taker_ls, "sum_taker_long_short_vol_ratio"},
  };
  std::string blank;
  for (const auto& [value, column] : fields) {
    if (*value) continue;
    if (!blank.empty()) blank += ' ';
    blank += column;
  }
  if (!blank.empty()) at(Code::MetricsBlank, blank);
}

void MetricsDetector::finish(Findings& out) {
  if (expected_ <= period_.to) missing(expected_, period_.to + kMetricsStep, std::nullopt, out);
  if (shifted_ && rows_ > 0) {
    Finding finding;
    finding.code = Code::MetricsShiftedLabel;
    finding.day = day_of(period_.from);
    finding.count = rows_;
    finding.column = "create_time";
    out.add(std::move(finding));
  }
}

FundingDetector::FundingDetector(TimeRange period) : period_{period} {}

void FundingDetector::on(const Funding& funding, std::int64_t line, Findings& out) {
  const Timestamp hour = std::chrono::floor<std::chrono::hours>(funding.ts_event);
  if (funding.ts_event - hour > kFundingLate) {
    Finding finding = at_row(Code::FundingLate, funding.ts_event, line);
    finding.column = "calc_time";
    out.add(std::move(finding));
  }
  // The hour it belongs to is found by flooring: calc_time is never early (D9).
  const Duration step = std::chrono::hours{funding.interval_hours};
  const Timestamp before = last_
                               ? Timestamp{std::chrono::floor<std::chrono::hours>(last_->ts_event)}
                               : period_.from - step;
  const std::int64_t absent = (hour - before) / step - 1;
  if (absent > 0) {
    Finding finding = at_row(Code::FundingMissing, before + step, line);
    finding.ts_end = funding.ts_event;
    finding.count = absent;
    finding.column = "calc_time";
    out.add(std::move(finding));
  }
  last_ = funding;
}

void FundingDetector::finish(Findings& out) {
  if (!last_) return;
  const Duration step = std::chrono::hours{last_->interval_hours};
  const Timestamp hour = std::chrono::floor<std::chrono::hours>(last_->ts_event);
  const std::int64_t absent = (period_.to - hour - Duration{1}) / step;
  if (absent <= 0) return;
  Finding finding;
  finding.code = Code::FundingMissing;
  finding.day = day_of(hour + step);
  finding.count = absent;
  finding.column = "calc_time";
  finding.ts = hour + step;
  finding.ts_end = period_.to;
  out.add(std::move(finding));
}

}  // namespace toxvol::quality
