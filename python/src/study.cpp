#include "study.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "config_options.hpp"
#include "own_signal.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/ablation.hpp"
#include "toxvol/jobs/study/band.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/study/part.hpp"
#include "toxvol/jobs/study/runner.hpp"
#include "toxvol/jobs/study/study.hpp"
#include "toxvol/jobs/study/sweep.hpp"
#include "toxvol/jobs/study/walkforward.hpp"
#include "watch.hpp"
#include "workers.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace toxvol::python {

namespace {

using Texts = std::vector<std::string>;

/// What every study is told.
jobs::StudyRequest study_request(const char* verb, std::string catalog, Texts raw,
                                 std::string preset, std::string config, Texts sets,
                                 std::string symbol, std::string from, std::string to,
                                 const std::string& out, bool force, std::uint64_t seed,
                                 int resamples, std::string unit, std::string trials,
                                 int job_count) {
  return {
      .verb = verb,
      .market = market_options(std::move(catalog), std::move(raw), std::move(from), std::move(to)),
      .config =
          config_options(std::move(preset), std::move(config), std::move(sets), std::move(symbol)),
      .design = {},
      .groups = {},
      .out = out,
      .force = force,
      .seed = seed,
      .resamples = resamples,
      .unit = std::move(unit),
      .jobs = job_count,
      .trials = std::move(trials)};
}

void take_signal(jobs::StudyRequest& request, SignalArgument& own, Watch& watch) {
  request.signal = own.input(watch);
}
void take_fit(jobs::StudyRequest& request, SignalArgument& own, Watch& watch) {
  request.signal_fit = own.fit(watch);
}

/// `ablation`, `sweep` and `walkforward`; the words of their end as `--json` prints them.
template <class Run, class Take>
void bind_study(nb::module_& m, const char* name, Run run, Take take) {
  m.def(
      name,
      [name, run, take](std::string catalog, Texts raw, std::string preset, std::string config,
                        Texts sets, std::string symbol, std::string from, std::string to,
                        std::string design, Texts groups, Texts presets, const std::string& out,
                        bool force, std::uint64_t seed, int resamples, std::string unit,
                        std::string trials, int job_count, const nb::object& signal,
                        const nb::object& ray, const nb::object& progress) {
        jobs::StudyRequest request = study_request(
            name, std::move(catalog), std::move(raw), std::move(preset), std::move(config),
            std::move(sets), std::move(symbol), std::move(from), std::move(to), out, force, seed,
            resamples, std::move(unit), std::move(trials), job_count);
        request.design = std::move(design);
        request.groups = std::move(groups);
        request.presets = std::move(presets);
        SignalArgument own{signal};
        return jobs::to_json(watched(progress, [&](Watch& watch) {
          take(request, own, watch);
          request.elsewhere = workers_of(ray, watch);
          return run(request, watch);
        }));
      },
      nb::kw_only(), "catalog"_a, "raw"_a, "preset"_a, "config"_a, "sets"_a, "symbol"_a, "from_"_a,
      "to"_a, "design"_a, "groups"_a = Texts{}, "presets"_a = Texts{}, "out"_a, "force"_a, "seed"_a,
      "resamples"_a, "unit"_a, "trials"_a, "jobs"_a, "signal"_a.none(), "ray"_a.none(),
      "progress"_a.none(), "A study into `out`; its verdict and counts as JSON");
}

void bind_band(nb::module_& m) {
  m.def(
      "band",
      [](std::string catalog, Texts raw, std::string preset, std::string config, Texts sets,
         std::string symbol, std::string from, std::string to, Texts queues, Texts latencies,
         Texts tiers, const std::string& out, bool force, std::uint64_t seed, int resamples,
         std::string unit, std::string trials, int job_count, const nb::object& signal,
         const nb::object& ray, const nb::object& progress) {
        jobs::StudyRequest request = study_request(
            "band", std::move(catalog), std::move(raw), std::move(preset), std::move(config),
            std::move(sets), std::move(symbol), std::move(from), std::move(to), out, force, seed,
            resamples, std::move(unit), std::move(trials), job_count);
        request.lists = {.queues = std::move(queues),
                         .latencies = std::move(latencies),
                         .tiers = std::move(tiers)};
        SignalArgument own{signal};
        return jobs::to_json(watched(progress, [&](Watch& watch) {
          take_signal(request, own, watch);
          request.elsewhere = workers_of(ray, watch);
          return jobs::run_band(request, watch);
        }));
      },
      nb::kw_only(), "catalog"_a, "raw"_a, "preset"_a, "config"_a, "sets"_a, "symbol"_a, "from_"_a,
      "to"_a, "queues"_a, "latencies"_a, "tiers"_a, "out"_a, "force"_a, "seed"_a, "resamples"_a,
      "unit"_a, "trials"_a, "jobs"_a, "signal"_a.none(), "ray"_a.none(), "progress"_a.none(),
      "A fill band into `out`; its verdict and nets as JSON");
}

void bind_part(nb::module_& m) {
  m.def(
      "study_part",
      [](const std::string& study, std::string circumstances, std::string study_id,
         std::vector<std::size_t> points) {
        const jobs::PartResult result = watched(nb::none(), [&](Watch& watch) {
          return jobs::run_part(study,
                                {.circumstances = std::move(circumstances),
                                 .study_id = std::move(study_id),
                                 .points = std::move(points)},
                                watch);
        });
        std::vector<std::tuple<std::size_t, std::string, std::string>> made;
        for (const jobs::FinishedPoint& point : result.points) {
          made.emplace_back(point.number, point.trial, point.outcome);
        }
        return std::pair{made, result.failure};
      },
      "study"_a, "circumstances"_a, "study_id"_a, "points"_a,
      "Runs points of a study for who keeps it: number, line of the trial log and result of each, "
      "and why they failed");
}

}  // namespace

void bind_studies(nb::module_& m) {
  bind_study(m, "ablation", jobs::run_ablation, take_signal);
  bind_study(m, "sweep", jobs::run_sweep, take_signal);
  bind_study(m, "walkforward", jobs::run_walkforward, take_fit);
  bind_band(m);
  bind_part(m);
}

}  // namespace toxvol::python
