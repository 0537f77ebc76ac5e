#include "toxvol/study/contest.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/dsr.hpp"
#include "toxvol/stats/family.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/pbo.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/study/members.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {

namespace {

constexpr int kPboBlocks = 16;

using Series = std::vector<double> UnitReturns::*;

/// R14 for every run that is a trial, among all that are.
stats::EffectiveNumber deflate(std::span<ResultRow> rows, const std::vector<std::size_t>& trials,
                               const stats::MatrixView& common, Series series,
                               Deflated ResultRow::* to, std::int64_t& count) {
  std::vector<double> z;
  std::vector<std::optional<stats::SharpeSample>> samples;
  for (const std::size_t i : trials) {
    const std::vector<double>& returns = rows[i].outcome->returns.units.*series;
    const auto sample = stats::sharpe_sample(stats::moments_of(returns));
    samples.push_back(sample);
    if (!sample) continue;
    z.push_back(sample->sharpe * std::sqrt(static_cast<double>(sample->count - 1)));
  }
  count = static_cast<std::int64_t>(z.size());
  const stats::EffectiveNumber number = stats::effective_number(common);
  if (z.empty()) return number;
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const auto& sample = samples[k];
    if (!sample || sample->count < 2) continue;
    const auto benchmarks =
        stats::deflated_benchmarks(z, number.n_hat.value_or(static_cast<double>(z.size())),
                                   static_cast<std::size_t>(sample->count));
    const auto psr = [&sample](const std::optional<double>& benchmark) {
      return benchmark ? stats::probabilistic_sharpe(*sample, *benchmark) : std::nullopt;
    };
    rows[trials[k]].*to = {.dsr_null = psr(benchmarks.sr0_null),
                           .dsr = psr(benchmarks.sr0),
                           .dsr_implied = psr(benchmarks.sr0_implied)};
  }
  return number;
}

}  // namespace

CommonUnits common_units(std::span<const UnitReturns* const> runs) {
  CommonUnits common;
  if (runs.empty()) return common;
  Timestamp from = Timestamp::min();
  Timestamp to = Timestamp::max();
  for (const UnitReturns* run : runs) {
    TOXVOL_ASSERT(run->unit == runs.front()->unit);
    if (run->size() == 0) return common;
    from = std::max(from, run->boundary(0));
    to = std::min(to, run->boundary(run->size()));
  }
  if (from >= to) return common;
  const Duration length = length_of(runs.front()->unit);
  const auto rows = static_cast<std::size_t>((to - from) / length);
  common = {.from = from, .net = {rows, runs.size()}, .px = {rows, runs.size()}};
  for (std::size_t j = 0; j < runs.size(); ++j) {
    const auto skipped = static_cast<std::size_t>((from - runs[j]->boundary(0)) / length);
    common.net.set_column(j, std::span{runs[j]->net}.subspan(skipped, rows));
    common.px.set_column(j, std::span{runs[j]->px}.subspan(skipped, rows));
  }
  return common;
}

Contest judge(std::span<ResultRow> rows, const Marks& trials, const Marks& family,
              const stats::Resampling& how) {
  // Rows of one id are one trial, for which the first of them stands (R22).
  const auto distinct = [&rows](const Marks& marks) {
    std::set<std::string_view> ids;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (!marks[i] || rows[i].outcome == nullptr) continue;
      const std::string& id = rows[i].outcome->trial;
      if (id.empty() || ids.insert(id).second) places.push_back(i);
    }
    return places;
  };
  const auto common_of = [&rows](const std::vector<std::size_t>& places) {
    std::vector<const UnitReturns*> series;
    for (const std::size_t i : places) series.push_back(&rows[i].outcome->returns.units);
    return common_units(series);
  };
  const std::vector<std::size_t> counted = distinct(trials);
  const CommonUnits all = common_of(counted);
  const CommonUnits tested = common_of(distinct(family));
  stats::Resampling of_family = how;
  of_family.stream = stats::Stream::Family;
  const auto of = [&](stats::Matrix CommonUnits::* part, Series series, Deflated ResultRow::* to) {
    ContestOf found;
    const auto number = deflate(rows, counted, (all.*part).view(), series, to, found.trials);
    found.n_hat = number.n_hat;
    found.rho = number.rho;
    found.family = stats::family((tested.*part).view(), of_family);
    found.pbo = stats::pbo((tested.*part).view(), kPboBlocks);
    return found;
  };
  Contest contest;
  static_cast<ContestOf&>(contest) = of(&CommonUnits::net, &UnitReturns::net, &ResultRow::net);
  contest.px = of(&CommonUnits::px, &UnitReturns::px, &ResultRow::px);
  contest.members = {.count = static_cast<std::int64_t>(counted.size()),
                     .n_hat = contest.n_hat,
                     .rho = contest.rho};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!trials[i] || rows[i].outcome == nullptr) continue;
    const auto first = std::find_if(counted.begin(), counted.end(), [&](std::size_t other) {
      return other == i || (!rows[i].outcome->trial.empty() &&
                            rows[other].outcome->trial == rows[i].outcome->trial);
    });
    rows[i].net = rows[*first].net;
    rows[i].px = rows[*first].px;
  }
  return contest;
}

}  // namespace toxvol::study
