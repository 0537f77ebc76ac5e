#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "toxvol/core/fixed.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

/// How a point of a study ended.
enum class PointStatus : std::uint8_t { Ok, Invalid, Failed, NotApplicable };
[[nodiscard]] std::string_view name(PointStatus status);

/// Deflated ratios of one run among those of its study (R14).
struct Deflated {
  std::optional<double> dsr_null;
  std::optional<double> dsr;
  std::optional<double> dsr_implied;
};

/// What every table with one row a run says of it (R30). A point without a result has its status
/// and note alone.
struct ResultRow {
  const Outcome* outcome = nullptr;  // null: no result
  Inference inference;
  Deflated net;
  Deflated px;
  PointStatus status = PointStatus::Ok;
  std::optional<std::string> note;  // a word of R5, or why the point has no result
};

/// Of a run by itself; its deflated ratios stay empty.
[[nodiscard]] ResultRow result_of(const Outcome& outcome, const stats::Resampling& how);

template <class Visit>
void series_columns(const std::string& prefix, const SeriesInference* series, Visit&& column) {
  const SeriesInference none;
  const SeriesInference& s = series != nullptr ? *series : none;
  const auto lo = [](const std::optional<stats::Range>& range) {
    return range ? std::optional{range->lo} : std::nullopt;
  };
  const auto hi = [](const std::optional<stats::Range>& range) {
    return range ? std::optional{range->hi} : std::nullopt;
  };
  column(prefix + "mean_bp_day", s.mean_bp_day);
  column(prefix + "mean_lo", lo(s.mean_range));
  column(prefix + "mean_hi", hi(s.mean_range));
  column(prefix + "sharpe", s.sharpe);
  column(prefix + "se_nw", s.se_nw);
  column(prefix + "sharpe_lo", lo(s.sharpe_range));
  column(prefix + "sharpe_hi", hi(s.sharpe_range));
  column(prefix + "psr", s.psr);
}

template <class Visit>
void columns(const ResultRow& row, Visit&& column) {
  const Outcome* o = row.outcome;
  const auto of = [o](auto member) {
    using Value = std::remove_cvref_t<decltype(member(*o))>;
    return o != nullptr ? std::optional<Value>{member(*o)} : std::nullopt;
  };
  const auto maybe = [o](auto member) {
    using Value = std::remove_cvref_t<decltype(member(*o))>;
    return o != nullptr ? member(*o) : Value{};
  };
  const SeriesInference* net = o != nullptr ? &row.inference.net : nullptr;
  const SeriesInference* px = o != nullptr ? &row.inference.px : nullptr;
  const auto range = [](const std::optional<stats::Range>& r, double stats::Range::* end) {
    return r ? std::optional{(*r).*end} : std::nullopt;
  };
  column("config_sha256", of([](const Outcome& out) { return out.config_sha256; }));
  column("fingerprint", of([](const Outcome& out) { return out.fingerprint; }));
  column("gross", of([](const Outcome& out) { return out.summary.gross; }));
  column("slippage", of([](const Outcome& out) { return out.summary.slippage; }));
  column("fees", of([](const Outcome& out) { return out.summary.fees; }));
  column("funding", of([](const Outcome& out) { return out.summary.funding; }));
  column("net", of([](const Outcome& out) { return out.summary.net; }));
  column("return", maybe([](const Outcome& out) { return out.summary.total_return; }));
  column("max_drawdown", maybe([](const Outcome& out) { return out.summary.max_drawdown; }));
  column("turnover", maybe([](const Outcome& out) { return out.summary.turnover; }));
  column("exposure", maybe([](const Outcome& out) { return out.summary.exposure; }));
  column("hit_rate", maybe([](const Outcome& out) { return out.summary.hit_rate; }));
  column("avg_hold_s", maybe([](const Outcome& out) { return out.summary.avg_hold_s; }));
  column("maker_share", maybe([](const Outcome& out) { return out.summary.maker_share; }));
  column("break_even_fee_bp", row.inference.break_even.fee_bp);
  column("bef_lo", range(row.inference.break_even.range, &stats::Range::lo));
  column("bef_hi", range(row.inference.break_even.range, &stats::Range::hi));
  column("positions", of([](const Outcome& out) { return out.summary.positions; }));
  column("fills", of([](const Outcome& out) { return out.summary.fills; }));
  column("orders", of([](const Outcome& out) { return out.orders; }));
  column("unit", of([](const Outcome& out) { return std::string{name(out.returns.units.unit)}; }));
  column("n", of([](const Outcome& out) {
           return static_cast<std::int64_t>(out.returns.units.size());
         }));
  series_columns("", net, column);
  column("psr_nw", net != nullptr ? net->psr_nw : std::nullopt);
  column("min_trl_days", net != nullptr ? net->min_trl_days : std::nullopt);
  column("skewness", net != nullptr ? net->skewness : std::nullopt);
  column("kurtosis", net != nullptr ? net->kurtosis : std::nullopt);
  series_columns("px_", px, column);
  column("pos_bp", row.inference.positions.bp);
  column("pos_lo", range(row.inference.positions.range, &stats::Range::lo));
  column("pos_hi", range(row.inference.positions.range, &stats::Range::hi));
  column("dsr_null", row.net.dsr_null);
  column("dsr", row.net.dsr);
  column("dsr_implied", row.net.dsr_implied);
  column("px_dsr_null", row.px.dsr_null);
  column("status", std::string{name(row.status)});
  column("note", row.note);
}

}  // namespace toxvol::study
