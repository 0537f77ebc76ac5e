#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/stats/rows.hpp"

namespace toxvol::evaluate {

/// Does volatility exceed its forecast after compression (R50)? docs/evaluate.md.

/// A line of compression.parquet: the rows whose f1 lay in one tenth of those before it.
struct CompressionRow {
  std::string_view forecast;
  std::int64_t horizon_min = 0;
  std::int64_t decile = 0;  // 1 the least compressed, 10 the most
  std::int64_t n = 0;
  std::optional<double> ratio{};                  // Σy/Σf
  std::optional<double> log_ratio{}, lo{}, hi{};  // mean of ln(y/f)
  std::optional<std::string_view> note{};
};

template <class Visit>
void columns(const CompressionRow& row, Visit&& column) {
  column("forecast", row.forecast);
  column("horizon_min", row.horizon_min);
  column("decile", row.decile);
  column("n", row.n);
  column("ratio", row.ratio);
  column("log_ratio", row.log_ratio);
  column("lo", row.lo);
  column("hi", row.hi);
  column("note", row.note);
}

/// How much ln(y/f) is above its level in the tenth decile.
struct Excess {
  std::optional<double> b{}, se{}, t{}, p{};
};

/// What became of one forecast at one horizon.
struct Compression {
  std::string_view forecast;
  std::int64_t horizon_min = 0;
  std::int64_t n = 0;
  Excess plain{};   // against all other rows
  Excess hourly{};  // against those of the same UTC hour
  std::vector<CompressionRow> deciles{};
  std::string verdict{};
};

struct CompressionParams {
  factors::VolatilityParams volatility;
  std::int64_t least_prior = 1;  // decision rows before a decile says something (Z4)
};

/// Forecasts `sigma` and `har`, scaled, at 15, 60 and 240 minutes.
[[nodiscard]] std::vector<Compression> compression(const Rows& rows, const Minutes& minutes,
                                                   const CompressionParams& params,
                                                   const stats::Resampling& how);

/// The sentence about two such regressions.
[[nodiscard]] std::string compression_verdict(const Excess& plain, const Excess& hourly);

/// min(10, 1 + ⌊10u⌋) of a share u of smaller values.
[[nodiscard]] std::int64_t decile_of(double share);

}  // namespace toxvol::evaluate
