#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <nlohmann/json.hpp>

#include "config_options.hpp"
#include "instrument_json.hpp"
#include "nautilus_session.hpp"
#include "own_signal.hpp"
#include "stats.hpp"
#include "study.hpp"
#include "tables.hpp"
#include "toxvol/app/command_line.hpp"
#include "toxvol/catalog/jobs/upgrade.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/catalog/store/view.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/version.hpp"
#include "toxvol/explain/json.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/backtest.hpp"
#include "toxvol/jobs/check.hpp"
#include "toxvol/jobs/compare.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/evaluate.hpp"
#include "toxvol/jobs/explain.hpp"
#include "toxvol/jobs/factors.hpp"
#include "toxvol/jobs/ingest.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/poison.hpp"
#include "toxvol/jobs/report.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "toxvol/jobs/synth.hpp"
#include "toxvol/jobs/trials.hpp"
#include "toxvol/jobs/try.hpp"
#include "toxvol/jobs/try_plan.hpp"
#include "toxvol/jobs/version.hpp"
#include "toxvol/run/diff.hpp"
#include "toxvol/study/compare.hpp"
#include "toxvol/study/recorded.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"
#include "toxvol/study/verify.hpp"
#include "watch.hpp"
#include "workers.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace toxvol::python {

namespace {

using Texts = std::vector<std::string>;

/// `toxvol.Error` and `toxvol.UsageError` are Python's own classes (toxvol/_errors.py).
void translate(const std::exception_ptr& thrown, void*) {
  const auto raise = [](const char* type, const Error& error) {
    const nb::object made =
        nb::module_::import_("toxvol._errors").attr("made")(type, error.what(), name(error.code()));
    PyErr_SetObject(made.type().ptr(), made.ptr());
  };
  try {
    std::rethrow_exception(thrown);
  } catch (const UsageError& error) {
    raise("UsageError", error);
  } catch (const Error& error) {
    raise("Error", error);
  } catch (const Interrupted&) {
    PyErr_SetNone(PyExc_KeyboardInterrupt);
  }
}

void bind_data_verbs(nb::module_& m) {
  m.def(
      "ingest",
      [](Texts raw, std::string catalog, Texts symbol, std::string from, std::string to, int jobs,
         bool strict, const nb::object& progress) {
        const jobs::IngestRequest request{.raw = std::move(raw),
                                          .catalog = std::move(catalog),
                                          .symbols = std::move(symbol),
                                          .from = std::move(from),
                                          .to = std::move(to),
                                          .jobs = jobs,
                                          .strict = strict};
        return jobs::to_json(
            watched(progress, [&](Progress& watch) { return jobs::run_ingest(request, watch); }));
      },
      nb::kw_only(), "raw"_a, "catalog"_a, "symbol"_a, "from_"_a, "to"_a, "jobs"_a, "strict"_a,
      "progress"_a.none(), "Raw files into a catalog; the report as JSON");
  m.def(
      "check",
      [](std::string path, bool deep, int jobs, const nb::object& progress) {
        const jobs::CheckRequest request{.path = std::move(path), .deep = deep, .jobs = jobs};
        return jobs::to_json(
            watched(progress, [&](Progress& watch) { return jobs::run_check(request, watch); }));
      },
      nb::kw_only(), "path"_a, "deep"_a, "jobs"_a, "progress"_a.none(),
      "What is in a folder or a catalog, as JSON");
  m.def(
      "catalog_view",
      [](std::string catalog, std::string out, const std::string& by, Texts symbol, bool plain,
         const nb::object& progress) {
        if (by != "month" && by != "year") {
          throw UsageError{fmt::format("--by {}: month or year", by)};
        }
        const catalog::ViewOptions options{
            .catalog = std::move(catalog),
            .out = std::move(out),
            .by = by == "year" ? catalog::ViewBy::Year : catalog::ViewBy::Month,
            .symbols = std::move(symbol),
            .plain = plain};
        const auto report =
            watched(progress, [&](Progress& watch) { return catalog::write_view(options, watch); });
        return nlohmann::ordered_json{{"files_read", report.files_read},
                                      {"files_written", report.files_written},
                                      {"rows", report.rows}}
            .dump();
      },
      nb::kw_only(), "catalog"_a, "out"_a, "by"_a, "symbol"_a, "plain"_a, "progress"_a.none(),
      "A catalog in fewer, larger files; counts as JSON");
  m.def(
      "catalog_upgrade",
      [](const std::string& catalog, const nb::object& progress) {
        const auto report =
            watched(progress, [&](Progress& watch) { return catalog::upgrade(catalog, watch); });
        return nlohmann::ordered_json{{"was_older", report.was_older},
                                      {"files_rewritten", report.files_rewritten},
                                      {"files_added", report.files_added}}
            .dump();
      },
      "catalog"_a, "progress"_a.none(), "An older catalog in today's layout; counts as JSON");
  m.def(
      "require_current_catalog",
      [](const std::string& catalog) { catalog::require_current_catalog(catalog); }, "catalog"_a,
      "Throws for a catalog of an older layout");
  m.def(
      "synth",
      [](std::string out, std::string symbol, std::string from, int days, int klines_only_days,
         std::uint64_t seed, double intensity, double start_price, std::string plant,
         std::optional<double> edge_bp, Texts faults, bool zip, bool force,
         const nb::object& progress) {
        jobs::SynthRequest request{.params = {},
                                   .out = std::move(out),
                                   .from = std::move(from),
                                   .plant = std::move(plant),
                                   .faults = std::move(faults),
                                   .has_edge = edge_bp.has_value()};
        request.params.symbol = std::move(symbol);
        request.params.days = days;
        request.params.klines_only_days = klines_only_days;
        request.params.seed = seed;
        request.params.intensity = intensity;
        request.params.start_price = start_price;
        if (edge_bp) request.params.edge_bp = *edge_bp;
        request.params.zip = zip;
        request.params.force = force;
        const auto summary =
            watched(progress, [&](Progress& watch) { return jobs::run_synth(request, watch); });
        return jobs::to_json(request.params, summary);
      },
      nb::kw_only(), "out"_a, "symbol"_a, "from_"_a, "days"_a, "klines_only_days"_a, "seed"_a,
      "intensity"_a, "start_price"_a, "plant"_a, "edge_bp"_a.none(), "faults"_a, "zip"_a, "force"_a,
      "progress"_a.none(), "A synthetic market in Binance's files; counts as JSON");
  m.def(
      "instrument",
      nb::overload_cast<const std::string&, const std::string&, std::optional<std::int64_t>>(
          &instrument_json),
      "symbol"_a, "catalog"_a, "at_ns"_a.none(),
      "Steps, fees and brackets of a contract as JSON, as they were at `at_ns` (None: the newest)");
}

void bind_run_verbs(nb::module_& m) {
  bind_studies(m);
  m.def(
      "factors",
      [](std::string catalog, Texts raw, std::string preset, std::string config, Texts sets,
         std::string symbol, std::string from, std::string to, std::string out, bool force,
         const nb::object& progress) {
        const jobs::FactorsRequest request{
            .market =
                market_options(std::move(catalog), std::move(raw), std::move(from), std::move(to)),
            .config = jobs::resolve(config_options(std::move(preset), std::move(config),
                                                   std::move(sets), std::move(symbol))),
            .out = std::move(out),
            .force = force};
        return watched(progress,
                       [&](Progress& watch) { return jobs::run_factors(request, watch); });
      },
      nb::kw_only(), "catalog"_a, "raw"_a, "preset"_a, "config"_a, "sets"_a, "symbol"_a, "from_"_a,
      "to"_a, "out"_a, "force"_a, "progress"_a.none(),
      "One row a closed minute into the file `out`; how many");
  m.def(
      "backtest",
      [](std::string catalog, Texts raw, std::string preset, std::string config, Texts sets,
         std::string symbol, std::string from, std::string to, std::string trials,
         std::string orders, const nb::object& signal, const std::string& out, bool force,
         const std::string& minutes, const std::string& interval, Texts argv,
         const nb::object& progress) {
        const auto options = config_options(std::move(preset), std::move(config), std::move(sets),
                                            std::move(symbol));
        jobs::BacktestRequest request{.market = market_options(std::move(catalog), std::move(raw),
                                                               std::move(from), std::move(to)),
                                      .config = jobs::resolve(options),
                                      .out = out,
                                      .force = force,
                                      .minutes = jobs::minutes_use(minutes, "minutes"),
                                      .interval = interval,
                                      .trials = std::move(trials),
                                      .orders = std::move(orders),
                                      .argv = std::move(argv)};
        const SignalArgument own{signal};
        if (out.empty()) {
          const std::string word = own.is_given()            ? "signal"
                                   : !request.orders.empty() ? "orders"
                                                             : "";
          request.out =
              jobs::default_run_folder(request.market, options, word, request.config.symbol, force);
        }
        const auto result = watched(progress, [&](Watch& watch) {
          request.signal = own.input(watch);
          return jobs::run_backtest(request, watch);
        });
        return result.run.folder.string();
      },
      nb::kw_only(), "catalog"_a, "raw"_a, "preset"_a, "config"_a, "sets"_a, "symbol"_a, "from_"_a,
      "to"_a, "trials"_a, "orders"_a, "signal"_a.none(), "out"_a, "force"_a, "minutes"_a,
      "interval"_a, "argv"_a, "progress"_a.none(), "One run; its folder");
  m.def(
      "poison",
      [](std::string catalog, Texts raw, std::string preset, std::string config, Texts sets,
         std::string symbol, std::string from, std::string to, const nb::object& signal, int trials,
         std::uint64_t seed, const nb::object& progress) {
        jobs::PoisonRequest request{
            .market =
                market_options(std::move(catalog), std::move(raw), std::move(from), std::move(to)),
            .config = jobs::resolve(config_options(std::move(preset), std::move(config),
                                                   std::move(sets), std::move(symbol))),
            .trials = trials,
            .seed = seed};
        const SignalArgument own{signal};
        return jobs::poison_json(watched(progress, [&](Watch& watch) {
          request.signal = own.input(watch);
          return jobs::run_poison(request, watch);
        }));
      },
      nb::kw_only(), "catalog"_a, "raw"_a, "preset"_a, "config"_a, "sets"_a, "symbol"_a, "from_"_a,
      "to"_a, "signal"_a.none(), "trials"_a, "seed"_a, "progress"_a.none(),
      "Whether a backtest knows the future, as JSON");
  m.def(
      "try_folder",
      [](std::string folder, std::string symbol, std::string catalog, std::string out,
         const nb::object& progress) {
        const jobs::TryPlan plan = jobs::plan_try({.folder = std::move(folder),
                                                   .symbol = std::move(symbol),
                                                   .catalog = std::move(catalog),
                                                   .out = std::move(out)});
        const auto result =
            watched(progress, [&](Progress& watch) { return jobs::run_try(plan, {}, watch); });
        return result.backtest.run.folder.string();
      },
      nb::kw_only(), "folder"_a, "symbol"_a, "catalog"_a, "out"_a, "progress"_a.none(),
      "A first run of any folder; the run's folder");
  m.def(
      "default_run_folder",
      [](const std::string& preset, const std::string& from, const std::string& to,
         const std::string& orders, const std::string& symbol, bool force) {
        return jobs::default_run_folder({.catalog = {}, .raw = {}, .from = from, .to = to},
                                        config_options(preset, {}, {}, {}),
                                        orders.empty() ? "" : "orders", symbol, force);
      },
      nb::kw_only(), "preset"_a, "from_"_a, "to"_a, "orders"_a, "symbol"_a, "force"_a,
      "Where a run goes that is not told");
  m.def(
      "report",
      [](const std::string& run, const std::string& out) {
        const nb::gil_scoped_release release;
        return jobs::run_report(run, out).string();
      },
      "run"_a, "out"_a, "One HTML page of a run; its path");
  m.def(
      "compare",
      [](Texts runs, std::uint64_t seed, int resamples, std::string unit, std::string interval,
         std::string out, bool force, const nb::object& progress) {
        const jobs::CompareRequest request{.runs = std::move(runs),
                                           .seed = seed,
                                           .resamples = resamples,
                                           .unit = std::move(unit),
                                           .interval = std::move(interval),
                                           .out = std::move(out),
                                           .force = force};
        return watched(progress, [&](Progress& watch) {
          return study::compare_json(jobs::run_compare(request, watch));
        });
      },
      nb::kw_only(), "runs"_a, "seed"_a, "resamples"_a, "unit"_a, "interval"_a, "out"_a, "force"_a,
      "progress"_a.none(), "Runs side by side, as JSON");
  m.def(
      "explain",
      [](std::string run, std::string at, std::optional<std::int64_t> position, std::string catalog,
         Texts raw, const nb::object& progress) {
        const jobs::ExplainRequest request{.run = std::move(run),
                                           .at = std::move(at),
                                           .position = position,
                                           .catalog = std::move(catalog),
                                           .raw = std::move(raw)};
        return watched(progress, [&](Progress& watch) {
          return explain::json_of(jobs::run_explain(request, watch));
        });
      },
      nb::kw_only(), "run"_a, "at"_a, "position"_a.none(), "catalog"_a, "raw"_a,
      "progress"_a.none(), "One decision or position step by step, as JSON");
  m.def(
      "evaluate",
      [](std::string run, std::string out, bool force, std::string catalog, Texts raw,
         std::uint64_t seed, int resamples, const nb::object& progress) {
        const jobs::EvaluateRequest request{.run = std::move(run),
                                            .out = std::move(out),
                                            .force = force,
                                            .catalog = std::move(catalog),
                                            .raw = std::move(raw),
                                            .seed = seed,
                                            .resamples = resamples};
        return watched(progress,
                       [&](Progress& watch) { return jobs::run_evaluate(request, watch).json; });
      },
      nb::kw_only(), "run"_a, "out"_a, "force"_a, "catalog"_a, "raw"_a, "seed"_a, "resamples"_a,
      "progress"_a.none(), "What a run's forecasts, signals and costs are worth, as JSON");
  m.def(
      "trials",
      [](std::string catalog, std::string trials, std::string study) {
        const nb::gil_scoped_release release;
        return jobs::trials_json(jobs::list_trials(
            {.catalog = std::move(catalog), .file = std::move(trials), .study = std::move(study)}));
      },
      "catalog"_a, "trials"_a, "study"_a, "A trial log, as JSON");
  m.def(
      "returns",
      [](const std::string& run, const std::string& unit) {
        const study::Unit length = jobs::parse_unit(unit);
        const study::UnitReturns units = [&] {
          const nb::gil_scoped_release release;
          return study::read_returns(run, length).units;
        }();
        return nb::make_tuple(to_ns(units.begin), study::length_of(length).count(), units.net);
      },
      "run"_a, "unit"_a,
      nb::sig("def returns(run: str, unit: str) -> tuple[int, int, list[float]]"),
      "Begin of the first whole unit, its length (ns), and the net return of each (R2)");
  m.def(
      "verify",
      [](const std::string& run) {
        const nb::gil_scoped_release release;
        return study::verify(run);
      },
      "run"_a, "Violations of a run folder's identities");
  m.def(
      "diff",
      [](const std::string& a, const std::string& b) {
        const nb::gil_scoped_release release;
        return run::diff(a, b);
      },
      "a"_a, "b"_a, "The first difference of each file of two runs");
}

void bind_config(nb::module_& m) {
  const auto resolved = [](std::string file, Texts sets) {
    return jobs::resolve(
        {.preset = {}, .file = std::move(file), .sets = std::move(sets), .symbol = {}});
  };
  m.def(
      "config_show",
      [resolved](std::string file, Texts sets) {
        return config::to_toml(resolved(std::move(file), std::move(sets)));
      },
      "file"_a, "sets"_a, "The complete configuration as TOML");
  m.def(
      "config_json",
      [resolved](std::string file, Texts sets) {
        return config::to_json(resolved(std::move(file), std::move(sets)));
      },
      "file"_a, "sets"_a, "The complete configuration as JSON");
  m.def(
      "config_explain",
      [](std::string file, Texts sets) {
        jobs::ConfigOptions options = config_options({}, std::move(file), std::move(sets), {});
        const std::string key = jobs::take_key(options);
        return config::explain(jobs::resolve(options), key);
      },
      "file"_a, "sets"_a, "Each key, or one, in words");
  m.def("config_reference", &config::reference_page, "The page docs/config.md");
  m.def("preset_names", &config::preset_names, "The built-in presets");
}

/// `find_workers(address)` gives those of --ray; it is called when a study begins.
int run_command(Texts arguments, const nb::object& find_workers) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const auto find = [&find_workers](const std::string& address) {
    std::shared_ptr<jobs::Elsewhere> found;
    as_cpp_throws([&] { found = workers_of(find_workers(address), as_cpp_throws); });
    return found;
  };
  const nb::gil_scoped_release release;
  return app::run_command(static_cast<int>(arguments.size()), argv.data(), find);
}

}  // namespace

NB_MODULE(_toxvol, m) {
  m.doc() = "The C++ side of toxvol; use the functions of `toxvol`";
  m.attr("__version__") = std::string{kVersion};
  m.def("commit", [] { return std::string{jobs::kCommit}; }, "The commit that was built");
  nb::register_exception_translator(translate);
  bind_tables(m);
  bind_data_verbs(m);
  bind_run_verbs(m);
  bind_config(m);
  bind_nautilus(m);
  bind_stats(m);
  m.def("run_command", &run_command, "argv"_a, "find_workers"_a,
        "The `toxvol` command; takes over SIGINT. Gives the exit code");
}

}  // namespace toxvol::python
