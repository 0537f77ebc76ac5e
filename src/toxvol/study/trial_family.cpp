#include "toxvol/study/trial_family.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/dsr.hpp"
#include "toxvol/stats/sharpe.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/trial.hpp"
#include "toxvol/study/trial_log.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

using std::chrono::hours;
using Json = nlohmann::ordered_json;

bool shares_an_hour(const Trial& a, const Trial& b) {
  const auto first = std::chrono::ceil<hours>(std::max(a.from, b.from));
  const auto last = std::chrono::floor<hours>(std::min(a.to, b.to));
  return first < last;
}

bool belongs(const Trial& trial, const Trial& own) {
  if (!is_counted(trial.kind)) return false;
  if (trial.id == own.id) return true;
  // Nothing was selected on the hours that a stitched run is judged on.
  const bool trained_it = own.kind == TrialKind::Walkforward && trial.kind == TrialKind::Train &&
                          own.study && trial.study == own.study;
  return trial.symbol == own.symbol && !trained_it && shares_an_hour(trial, own);
}

/// Of a study whose last line is there; each member counts where it is not. A study that ended
/// twice
/// (`--force`, after points that failed) may have had fewer members the first time.
std::optional<double> different_of(const TrialLog& log, const std::string& study) {
  std::optional<double> most;
  for (const StudyEnd& end : log.studies) {
    if (end.id == study && end.n_hat) most = std::max(most.value_or(0.0), *end.n_hat);
  }
  return most;
}

/// A trial's ratio in units of another length.
double ratio_in(Unit unit, const Trial& trial) {
  const auto own = static_cast<double>(length_of(trial.unit).count());
  return held(trial.sharpe) * std::sqrt(static_cast<double>(length_of(unit).count()) / own);
}

std::optional<double> above(const stats::SharpeSample& sample, std::optional<double> benchmark) {
  return benchmark ? stats::probabilistic_sharpe(sample, *benchmark) : std::nullopt;
}

/// The place of `own` among all that were looked at.
std::optional<std::int64_t> place_of(const TrialFamily& family, const TrialLog& log,
                                     const Trial& own) {
  // Both lists are in the order of the log, and point into it.
  std::int64_t place = 0;
  for (const Trial& trial : log.trials) {
    const auto has = [&](const std::vector<const Trial*>& list) {
      return std::binary_search(list.begin(), list.end(), &trial);
    };
    if (!has(family.trials) && !has(family.empty)) continue;
    ++place;
    if (trial.id == own.id) return place;
  }
  return std::nullopt;
}

std::string ordinal(std::int64_t number) {
  const std::int64_t last = number % 10;
  const bool is_teen = number / 10 % 10 == 1;
  const char* ending = is_teen || last == 0 || last > 3 ? "th"
                       : last == 1                      ? "st"
                       : last == 2                      ? "nd"
                                                        : "rd";
  return fmt::format("{}{}", number, ending);
}

}  // namespace

TrialFamily family_of(const TrialLog& log, const Trial& own) {
  TrialFamily family;
  std::map<std::string, std::int64_t> members;
  for (const Trial& trial : log.trials) {
    if (!belongs(trial, own)) continue;
    (trial.sharpe ? family.trials : family.empty).push_back(&trial);
    if (!trial.sharpe) continue;
    if (trial.study) {
      ++members[*trial.study];
    } else {
      ++family.singles;
    }
  }
  family.studies = static_cast<std::int64_t>(members.size());
  family.n_hat = static_cast<double>(family.singles);
  for (const auto& [study, count] : members) {
    const auto here = static_cast<double>(count);
    family.n_hat += std::min(different_of(log, study).value_or(here), here);
  }
  return family;
}

TrialFigures figures_of(const TrialLog& log, const std::string& path, const TrialFamily& family,
                        const Trial& own) {
  TrialFigures figures;
  figures.id = own.id;
  figures.log = path;
  figures.lines = log.lines;
  figures.damaged = log.damaged;
  figures.since = log.since;
  figures.m = static_cast<std::int64_t>(family.trials.size());
  figures.empty = static_cast<std::int64_t>(family.empty.size());
  figures.studies = family.studies;
  figures.singles = family.singles;
  figures.n_hat = family.n_hat;
  std::vector<double> z;
  std::vector<double> ratios;
  for (const Trial* trial : family.trials) {
    z.push_back(held(trial->sharpe) * std::sqrt(static_cast<double>(trial->n - 1)));
    ratios.push_back(ratio_in(own.unit, *trial));
  }
  if (!ratios.empty()) figures.best_sharpe = *std::max_element(ratios.begin(), ratios.end());
  if (!is_counted(own.kind)) {
    figures.note = Note::NotApplicable;
    return figures;
  }
  figures.place = place_of(family, log, own);
  if (!own.sharpe || !own.skewness || !own.kurtosis) {
    figures.note = own.positions == 0 ? Note::NoTrades : Note::NoSpread;
    return figures;
  }
  figures.benchmarks = stats::deflated_benchmarks(z, family.n_hat, static_cast<std::size_t>(own.n));
  const stats::SharpeSample sample{
      .sharpe = *own.sharpe, .count = own.n, .skewness = *own.skewness, .kurtosis = *own.kurtosis};
  figures.dsr_null = above(sample, figures.benchmarks.sr0_null);
  figures.dsr = above(sample, figures.benchmarks.sr0);
  figures.dsr_implied = above(sample, figures.benchmarks.sr0_implied);
  figures.rank = 1 + std::count_if(ratios.begin(), ratios.end(),
                                   [&](double ratio) { return ratio > *own.sharpe; });
  if (figures.m == 1) figures.note = Note::OneTrial;
  if (!figures.dsr) figures.note = first_of(figures.note, Note::Impossible);
  return figures;
}

std::string words_of(const TrialFigures& figures) {
  if (figures.log == "none") return "trials not counted";
  constexpr std::string_view kOfCatalog = "/toxvol/trials.jsonl";
  std::string log = figures.log;
  if (log.ends_with(kOfCatalog)) log.resize(log.size() - kOfCatalog.size());
  if (figures.since) log += " since " + to_string(day_of(*figures.since));
  if (!figures.place) return fmt::format("no trial: logged, not counted (in {})", log);
  return fmt::format("the {} configuration looked at on these hours (in {})",
                     ordinal(*figures.place), log);
}

std::string trials_json(const TrialFigures& figures) {
  const stats::DeflatedBenchmarks& benchmarks = figures.benchmarks;
  Json json = Json::object();
  json["schema"] = 1;
  json["id"] = figures.id;
  json["log"] = figures.log;
  json["lines"] = value(figures.lines);
  json["damaged"] = value(figures.damaged);
  json["M"] = value(figures.m);
  json["empty"] = value(figures.empty);
  json["studies"] = value(figures.studies);
  json["singles"] = value(figures.singles);
  json["n_hat"] = value(figures.n_hat);
  json["N"] = figures.n_hat ? Json(static_cast<std::int64_t>(std::ceil(*figures.n_hat - 1e-9)))
                            : Json(nullptr);
  json["var_z"] = value(benchmarks.var_z);
  json["phi"] = value(benchmarks.phi);
  json["V"] = value(benchmarks.variance);
  json["sr0_null"] = value(benchmarks.sr0_null);
  json["dsr_null"] = value(figures.dsr_null);
  json["sr0"] = value(benchmarks.sr0);
  json["dsr"] = value(figures.dsr);
  json["sr0_implied"] = value(benchmarks.sr0_implied);
  json["dsr_implied"] = value(figures.dsr_implied);
  json["best_sharpe"] = value(figures.best_sharpe);
  json["rank"] = value(figures.rank);
  json["place"] = value(figures.place);
  json["since"] = figures.since ? Json(to_string(*figures.since)) : Json(nullptr);
  json["words"] = words_of(figures);
  json["note"] = figures.note ? Json(name(*figures.note)) : Json(nullptr);
  return indented(json) + '\n';
}

}  // namespace toxvol::study
