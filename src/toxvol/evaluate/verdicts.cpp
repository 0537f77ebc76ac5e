#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/core/levels.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/evaluate/compression.hpp"
#include "toxvol/evaluate/decay.hpp"
#include "toxvol/evaluate/evaluation.hpp"
#include "toxvol/evaluate/forecasts.hpp"
#include "toxvol/evaluate/ladder.hpp"
#include "toxvol/evaluate/makers.hpp"
#include "toxvol/evaluate/vpin.hpp"

namespace toxvol::evaluate {

namespace {

constexpr std::int64_t kToldMarkout = 60;  // seconds

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string time_text(std::int64_t s) {
  return s % kMinuteSeconds == 0 ? fmt::format("{} min", s / kMinuteSeconds)
                                 : fmt::format("{} s", s);
}

/// What stands behind the word of a note: `not_applicable: an order script` is `an order script`.
std::string reason_of(const std::string& note) {
  constexpr std::string_view kBetween = ": ";
  const std::size_t end = note.find(kBetween);
  return end == std::string::npos ? note : note.substr(end + kBetween.size());
}

std::string of_forecasts(const std::vector<ForecastRow>& lines, std::int64_t horizon) {
  const ForecastRow* best = nullptr;
  std::optional<double> least;
  std::optional<double> har;
  for (const ForecastRow& line : lines) {
    if (line.horizon_min != horizon || line.model == "har_log" || line.model == "har_ols") continue;
    if (line.model == "har" && !line.is_scaled) har = line.qlike;
    if (!line.qlike || (least && *line.qlike >= *least)) continue;
    best = &line;
    least = line.qlike;
  }
  if (best == nullptr || !least || !har) return fmt::format("{} min: too few points", horizon);
  const std::string text =
      fmt::format("{} min: {}{} is closest (QLIKE {:.4f}, har {:.4f}, n {})", horizon,
                  best->is_scaled ? "scaled " : "", best->model, *least, *har, best->n);
  if (!best->spa_p) return text + ", too few to test";
  return text + (*best->spa_p <= kTestLevel
                     ? fmt::format(", and some model is better than har (p {:.3f})", *best->spa_p)
                     : fmt::format(", but none is better than har beyond chance (p {:.3f})",
                                   *best->spa_p));
}

std::string of_decay(const Evaluation& evaluation) {
  std::optional<std::int64_t> first;
  std::optional<std::int64_t> last;
  int told = 0;
  int horizons = 0;
  const DecayRow* widest = nullptr;
  std::optional<double> most;
  for (const DecayRow& line : evaluation.decay) {
    if (!is_of_all(line, "p")) continue;
    ++horizons;
    if (line.edge_bp && (!most || *line.edge_bp > *most)) {
      widest = &line;
      most = line.edge_bp;
    }
    if (!line.t || !line.p || *line.t <= 0.0 || *line.p > kTestLevel) continue;
    if (!first) first = line.horizon_s;
    last = line.horizon_s;
    ++told;
  }
  std::string text = "pressure was not found to foretell the price at any horizon";
  if (first && last) {
    text =
        fmt::format("pressure foretells the price at {} of {} horizons, the first {}, the last {}",
                    told, horizons, time_text(*first), time_text(*last));
  }
  if (widest != nullptr && most) {
    text += fmt::format(
        "; strong pressure earned most at {}: {:.2f} bp before costs, where a round trip costs "
        "{:.2f}",
        time_text(widest->horizon_s), *most, evaluation.costs.cost_bp);
  }
  return text;
}

std::string of_vpin(const Evaluation& evaluation) {
  if (!evaluation.has_trades) {
    return "not measured, because the run has no trades whose signs could be shuffled";
  }
  std::vector<std::string> parts;
  parts.reserve(evaluation.vpin.findings.size());
  for (const VpinFinding& finding : evaluation.vpin.findings) {
    parts.push_back(fmt::format(
        "{}: {}",
        finding.target == "ln_variance" ? "of the next hour's variance" : "of the next hour's move",
        finding.verdict));
  }
  return joined(parts);
}

std::string of_makers(const Evaluation& evaluation) {
  if (evaluation.markouts.empty()) {
    return "not measured, because " + reason_of(evaluation.markouts_note);
  }
  for (const AdverseSelection& one : evaluation.adverse) {
    if (one.tau_s != kToldMarkout) continue;
    if (!one.bp) break;
    return fmt::format(
        "a minute after acceptance the price stands {:.2f} bp {} for filled entries "
        "than for all",
        *one.bp < 0.0 ? -*one.bp : *one.bp, *one.bp < 0.0 ? "worse" : "better");
  }
  return "no quotes near the entries";
}

std::string of_costs(const Evaluation& evaluation) {
  const Costs& costs = evaluation.costs;
  std::vector<std::string> parts;
  if (!costs.hit || !costs.hit_horizon_s) {
    parts.emplace_back("how often pressure is right is not known");
  } else if (!costs.break_even_minutes) {
    parts.push_back(fmt::format("pressure is right in {:.1f} % at {}: no horizon pays for that",
                                100.0 * *costs.hit, time_text(*costs.hit_horizon_s)));
  } else {
    parts.push_back(
        fmt::format("pressure is right in {:.1f} % at {}: that pays {:.2f} bp from {:.0f} "
                    "minutes on, if it stayed so",
                    100.0 * *costs.hit, time_text(*costs.hit_horizon_s), costs.cost_bp,
                    *costs.break_even_minutes));
  }
  const auto looked_at = std::ranges::count_if(
      evaluation.decay, [](const DecayRow& line) { return is_of_all(line, "p"); });
  parts.push_back(
      costs.crossing_s
          ? fmt::format("strong pressure: the 95 % interval of what it earned is first above the "
                        "cost at {}, of {} horizons looked at",
                        time_text(*costs.crossing_s), looked_at)
          : fmt::format("strong pressure: the 95 % interval of what it earned is above the cost at "
                        "none of {} horizons",
                        looked_at));
  return joined(parts);
}

std::string of_capacity(const Evaluation& evaluation) {
  const std::optional<double>& usdt = evaluation.costs.capacity_usdt;
  std::string text = "by impact, an estimate: ";
  if (!usdt) {
    text += "not known";
  } else if (*usdt == 0.0) {
    text += "none, the edge is below its cost";
  } else {
    text += fmt::format("{:.0f} USDT", *usdt);
  }
  if (const auto largest = largest_that_earns(evaluation.ladder)) {
    text += *largest == 0.0 ? "; no size earns"
                            : fmt::format("; {} times the size still earns, at most", *largest);
  } else {
    text += fmt::format("; other sizes were not tried ({})", reason_of(evaluation.ladder_note));
  }
  return text;
}

}  // namespace

Verdicts verdicts_of(const Evaluation& evaluation) {
  Verdicts verdicts;
  std::vector<std::string> parts;
  for (const std::int64_t horizon : forecast_horizons()) {
    parts.push_back(of_forecasts(evaluation.forecasts, horizon));
  }
  verdicts.volatility = joined(parts);
  parts.clear();
  for (const Compression& one : evaluation.compression) {
    parts.push_back(fmt::format("{} {} min: {}", one.forecast, one.horizon_min, one.verdict));
  }
  verdicts.compression = joined(parts);
  verdicts.decay = of_decay(evaluation);
  verdicts.vpin = of_vpin(evaluation);
  verdicts.makers = of_makers(evaluation);
  verdicts.costs = of_costs(evaluation);
  verdicts.capacity = of_capacity(evaluation);
  return verdicts;
}

}  // namespace toxvol::evaluate
