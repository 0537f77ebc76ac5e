#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>
#include <nlohmann/json.hpp>

#include "instrument_json.hpp"
#include "nautilus_session.hpp"
#include "raw_table.hpp"
#include "run_table.hpp"
#include "stats.hpp"
#include "table.hpp"
#include "toxvol/app/backtest_job.hpp"
#include "toxvol/app/command_line.hpp"
#include "toxvol/app/config_options.hpp"
#include "toxvol/app/jobs.hpp"
#include "toxvol/app/market_source.hpp"
#include "toxvol/app/try_job.hpp"
#include "toxvol/app/try_plan.hpp"
#include "toxvol/app/version.hpp"
#include "toxvol/catalog/view.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/diff.hpp"
#include "toxvol/run/verify.hpp"
#include "watch.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace toxvol::python {

namespace {

using Texts = std::vector<std::string>;

/// `toxvol.Error` and `toxvol.UsageError` are Python's own classes (toxvol/_errors.py).
void translate(const std::exception_ptr& thrown, void*) {
  const auto raise = [](const char* name, const char* what) {
    PyErr_SetString(nb::module_::import_("toxvol._errors").attr(name).ptr(), what);
  };
  try {
    std::rethrow_exception(thrown);
  } catch (const UsageError& error) {
    raise("UsageError", error.what());
  } catch (const Error& error) {
    raise("Error", error.what());
  } catch (const Interrupted&) {
    PyErr_SetNone(PyExc_KeyboardInterrupt);
  }
}

Kind kind_of(std::string_view wanted) {
  for (const Kind kind :
       {Kind::AggTrades, Kind::BookTicker, Kind::Klines, Kind::Metrics, Kind::Funding}) {
    if (name(kind) == wanted) return kind;
  }
  throw UsageError{
      fmt::format("kind {}: one of aggTrades, bookTicker, klines, metrics, fundingRate", wanted)};
}

app::ConfigOptions config_options(std::string preset, std::string file, Texts sets,
                                  std::string symbol) {
  if (!preset.empty() && !file.empty()) throw UsageError{"preset, config: name one of them"};
  return {.preset = std::move(preset),
          .file = std::move(file),
          .sets = std::move(sets),
          .symbol = std::move(symbol)};
}

void bind_tables(nb::module_& m) {
  nb::class_<Table>(
      m, "Table", "Columns; pandas, Polars, pyarrow and DuckDB take it as it is (Arrow PyCapsule)")
      .def(
          "__arrow_c_stream__",
          [](const Table& table, const nb::object&) { return export_stream(table); },
          "requested_schema"_a = nb::none())
      .def("__arrow_c_schema__", &export_schema)
      .def("__len__", [](const Table& table) { return table.data->num_rows(); })
      .def_prop_ro("num_rows", [](const Table& table) { return table.data->num_rows(); })
      .def_prop_ro("column_names", &column_names)
      .def(
          "to_arrow",
          [](const nb::object& table) -> nb::object {
            return nb::module_::import_("pyarrow").attr("table")(table);
          },
          "A pyarrow.Table of the same memory")
      .def(
          "to_pandas",
          [](const nb::object& table) -> nb::object {
            return nb::module_::import_("pyarrow").attr("table")(table).attr("to_pandas")();
          },
          "A pandas.DataFrame")
      .def("__repr__", [](const Table& table) {
        return fmt::format("<toxvol.Table: {} rows of {}>", table.data->num_rows(),
                           fmt::join(column_names(table), ", "));
      });
  m.def(
      "read_table",
      [](const std::string& path, bool exact) {
        const nb::gil_scoped_release release;
        return read_table(path, exact);
      },
      "path"_a, "exact"_a = false);
  m.def(
      "read_raw",
      [](const std::string& path, const std::string& kind, bool exact, bool strict) {
        const Kind wanted = kind_of(kind);
        RawTable raw = [&] {
          const nb::gil_scoped_release release;
          return read_raw(path, wanted, exact, strict);
        }();
        nb::dict counts;
        counts["rows_read"] = raw.counts.read;
        counts["kept"] = raw.counts.kept;
        counts["dropped"] = raw.counts.dropped;
        counts["repaired"] = raw.counts.repaired;
        counts["quarantined"] = raw.counts.quarantined;
        return nb::make_tuple(std::move(raw.table), std::move(raw.symbol), std::move(counts));
      },
      "path"_a, "kind"_a, "exact"_a = false, "strict"_a = false,
      nb::sig("def read_raw(path: str, kind: str, exact: bool = False, strict: bool = False) -> "
              "tuple[Table, str, dict[str, int]]"),
      "Table, symbol and row counts of one of Binance's files");
  m.def(
      "read_market",
      [](Texts raw, const std::string& symbol, const std::string& kind, std::int64_t from,
         std::int64_t to, const nb::object& progress) {
        const Kind wanted = kind_of(kind);
        return watched(progress, [&](Progress& watch) {
          return read_market(raw, symbol, wanted, Timestamp{Duration{from}},
                             Timestamp{Duration{to}}, watch);
        });
      },
      "raw"_a, "symbol"_a, "kind"_a, "from_"_a, "to"_a, "progress"_a.none(),
      "Rows of one kind with from_ <= ts_event < to (bars: open time) of a folder of raw files");
}

void bind_data_verbs(nb::module_& m) {
  m.def(
      "ingest",
      [](Texts raw, std::string catalog, Texts symbol, std::string from, std::string to, int jobs,
         bool strict, const nb::object& progress) {
        const app::IngestRequest request{.raw = std::move(raw),
                                         .catalog = std::move(catalog),
                                         .symbols = std::move(symbol),
                                         .from = std::move(from),
                                         .to = std::move(to),
                                         .jobs = jobs,
                                         .strict = strict};
        return app::to_json(
            watched(progress, [&](Progress& watch) { return app::run_ingest(request, watch); }));
      },
      "raw"_a, "catalog"_a, "symbol"_a, "from_"_a, "to"_a, "jobs"_a, "strict"_a,
      "progress"_a.none());
  m.def(
      "check",
      [](std::string path, bool deep, int jobs, const nb::object& progress) {
        const app::CheckRequest request{.path = std::move(path), .deep = deep, .jobs = jobs};
        return app::to_json(
            watched(progress, [&](Progress& watch) { return app::run_check(request, watch); }));
      },
      "path"_a, "deep"_a, "jobs"_a, "progress"_a.none());
  m.def(
      "catalog_view",
      [](std::string catalog, std::string out, const std::string& by, Texts symbol,
         const nb::object& progress) {
        if (by != "month" && by != "year") {
          throw UsageError{fmt::format("--by {}: month or year", by)};
        }
        const catalog::ViewOptions options{
            .catalog = std::move(catalog),
            .out = std::move(out),
            .by = by == "year" ? catalog::ViewBy::Year : catalog::ViewBy::Month,
            .symbols = std::move(symbol)};
        const auto report =
            watched(progress, [&](Progress& watch) { return catalog::write_view(options, watch); });
        return nlohmann::ordered_json{{"files_read", report.files_read},
                                      {"files_written", report.files_written},
                                      {"rows", report.rows}}
            .dump();
      },
      "catalog"_a, "out"_a, "by"_a, "symbol"_a, "progress"_a.none());
  m.def(
      "synth",
      [](std::string out, std::string symbol, std::string from, int days, int klines_only_days,
         std::uint64_t seed, double intensity, double start_price, std::string plant,
         std::optional<double> edge_bp, Texts faults, bool zip, bool force,
         const nb::object& progress) {
        app::SynthRequest request{.params = {},
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
            watched(progress, [&](Progress& watch) { return app::run_synth(request, watch); });
        return app::to_json(request.params, summary);
      },
      "out"_a, "symbol"_a, "from_"_a, "days"_a, "klines_only_days"_a, "seed"_a, "intensity"_a,
      "start_price"_a, "plant"_a, "edge_bp"_a.none(), "faults"_a, "zip"_a, "force"_a,
      "progress"_a.none());
  m.def("instrument",
        nb::overload_cast<const std::string&, const std::string&, std::optional<std::int64_t>>(
            &instrument_json),
        "symbol"_a, "catalog"_a, "at_ns"_a.none());
}

void bind_run_verbs(nb::module_& m) {
  m.def(
      "factors",
      [](std::string catalog, Texts raw, std::string preset, std::string config, Texts sets,
         std::string symbol, std::string from, std::string to, std::string out, bool force,
         const nb::object& progress) {
        const app::FactorsRequest request{
            .market = {.catalog = std::move(catalog),
                       .raw = std::move(raw),
                       .from = std::move(from),
                       .to = std::move(to)},
            .config = app::resolve(config_options(std::move(preset), std::move(config),
                                                  std::move(sets), std::move(symbol))),
            .out = std::move(out),
            .force = force};
        return watched(progress, [&](Progress& watch) { return app::run_factors(request, watch); });
      },
      "catalog"_a, "raw"_a, "preset"_a, "config"_a, "sets"_a, "symbol"_a, "from_"_a, "to"_a,
      "out"_a, "force"_a, "progress"_a.none());
  m.def(
      "backtest",
      [](std::string catalog, Texts raw, std::string preset, std::string config, Texts sets,
         std::string symbol, std::string from, std::string to, std::string orders,
         const std::string& out, bool force, Texts argv, const nb::object& progress) {
        const auto options = config_options(std::move(preset), std::move(config), std::move(sets),
                                            std::move(symbol));
        app::BacktestRequest request{.market = {.catalog = std::move(catalog),
                                                .raw = std::move(raw),
                                                .from = std::move(from),
                                                .to = std::move(to)},
                                     .config = app::resolve(options),
                                     .out = out,
                                     .force = force,
                                     .orders = std::move(orders),
                                     .argv = std::move(argv)};
        if (out.empty()) {
          request.out = app::default_run_folder(request.market, options, request.orders,
                                                request.config.symbol, force);
        }
        const auto result =
            watched(progress, [&](Progress& watch) { return app::run_backtest(request, watch); });
        return result.run.folder.string();
      },
      "catalog"_a, "raw"_a, "preset"_a, "config"_a, "sets"_a, "symbol"_a, "from_"_a, "to"_a,
      "orders"_a, "out"_a, "force"_a, "argv"_a, "progress"_a.none());
  m.def(
      "try_folder",
      [](std::string folder, std::string symbol, std::string catalog, std::string out,
         const nb::object& progress) {
        const app::TryPlan plan = app::plan_try({.folder = std::move(folder),
                                                 .symbol = std::move(symbol),
                                                 .catalog = std::move(catalog),
                                                 .out = std::move(out)});
        const auto result =
            watched(progress, [&](Progress& watch) { return app::run_try(plan, {}, watch); });
        return result.backtest.run.folder.string();
      },
      "folder"_a, "symbol"_a, "catalog"_a, "out"_a, "progress"_a.none());
  m.def(
      "default_run_folder",
      [](const std::string& preset, const std::string& from, const std::string& to,
         const std::string& orders, const std::string& symbol, bool force) {
        return app::default_run_folder({.catalog = {}, .raw = {}, .from = from, .to = to},
                                       config_options(preset, {}, {}, {}), orders, symbol, force);
      },
      "preset"_a, "from_"_a, "to"_a, "orders"_a, "symbol"_a, "force"_a);
  m.def(
      "report",
      [](const std::string& run, const std::string& out) {
        const nb::gil_scoped_release release;
        return app::run_report(run, out).string();
      },
      "run"_a, "out"_a);
  m.def(
      "verify",
      [](const std::string& run) {
        const nb::gil_scoped_release release;
        return run::verify(run);
      },
      "run"_a);
  m.def(
      "diff",
      [](const std::string& a, const std::string& b) {
        const nb::gil_scoped_release release;
        return run::diff(a, b);
      },
      "a"_a, "b"_a);
}

void bind_config(nb::module_& m) {
  const auto resolved = [](std::string file, Texts sets) {
    return app::resolve(
        {.preset = {}, .file = std::move(file), .sets = std::move(sets), .symbol = {}});
  };
  m.def(
      "config_show",
      [resolved](std::string file, Texts sets) {
        return config::to_toml(resolved(std::move(file), std::move(sets)));
      },
      "file"_a, "sets"_a);
  m.def(
      "config_json",
      [resolved](std::string file, Texts sets) {
        return config::to_json(resolved(std::move(file), std::move(sets)));
      },
      "file"_a, "sets"_a);
  m.def(
      "config_explain",
      [resolved](std::string file, Texts sets) {
        return config::explain(resolved(std::move(file), std::move(sets)));
      },
      "file"_a, "sets"_a);
  m.def("config_reference", &config::reference_page);
  m.def("preset_names", &config::preset_names);
}

int run_command(Texts arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const nb::gil_scoped_release release;
  return app::run_command(static_cast<int>(arguments.size()), argv.data());
}

}  // namespace

NB_MODULE(_toxvol, m) {
  m.doc() = "The C++ side of toxvol; use the functions of `toxvol`";
  m.attr("__version__") = std::string{app::kVersion};
  m.def("commit", [] { return std::string{app::kCommit}; });
  nb::register_exception_translator(translate);
  bind_tables(m);
  bind_data_verbs(m);
  bind_run_verbs(m);
  bind_config(m);
  bind_nautilus(m);
  bind_stats(m);
  m.def("run_command", &run_command, "argv"_a,
        "The `toxvol` command; takes over SIGINT. Gives the exit code");
}

}  // namespace toxvol::python
