#include "tables.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "raw_table.hpp"
#include "run_table.hpp"
#include "table.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "watch.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace toxvol::python {

namespace {

using Texts = std::vector<std::string>;

constexpr std::int64_t kShown = 5;  // rows of `head` and `tail`, as pandas shows

std::int64_t rows_of(const Table& table) {
  return table.data->num_rows();
}

Table sliced(const Table& table, std::int64_t from, std::int64_t count) {
  return {table.data->Slice(from, std::max<std::int64_t>(count, 0))};
}

Table selected(const Table& table, const Texts& names) {
  std::vector<int> places;
  for (const std::string& name : names) {
    const int place = table.data->schema()->GetFieldIndex(name);
    if (place < 0) {
      throw nb::key_error(fmt::format("{}: no such column; there are {}", name,
                                      fmt::join(column_names(table), ", "))
                              .c_str());
    }
    places.push_back(place);
  }
  return {value_or_throw(table.data->SelectColumns(places))};
}

Kind kind_of(std::string_view wanted) {
  if (const auto kind = kind_named(wanted)) return *kind;
  throw UsageError{
      fmt::format("kind {}: one of aggTrades, bookTicker, klines, metrics, fundingRate", wanted)};
}

}  // namespace

void bind_tables(nb::module_& m) {
  nb::class_<Table>(
      m, "Table", "Columns; pandas, Polars, pyarrow and DuckDB take it as it is (Arrow PyCapsule)")
      .def(
          "__arrow_c_stream__",
          [](const Table& table, const nb::object&) { return export_stream(table); },
          "requested_schema"_a = nb::none(), "The rows, for whoever takes Arrow's C stream")
      .def("__arrow_c_schema__", &export_schema, "Names and types, as Arrow's C schema")
      .def("__len__", &rows_of, "How many rows")
      .def_prop_ro("num_rows", &rows_of, "How many rows")
      .def_prop_ro("column_names", &column_names, "The names, in order")
      .def(
          "__iter__",
          [](const Table& table) -> nb::object { return nb::iter(nb::cast(column_names(table))); },
          nb::sig("def __iter__(self) -> collections.abc.Iterator[str]"), "Over the names")
      .def("keys", &column_names, "The names, in order: `dict(table)` is a column a name")
      .def(
          "__contains__",
          [](const Table& table, const nb::str& name) {
            return table.data->schema()->GetFieldIndex(nb::cast<std::string>(name)) >= 0;
          },
          "name"_a, "Whether there is such a column")
      .def(
          "__getitem__",
          [](const Table& table, const nb::str& name) {
            return nb::module_::import_("toxvol._tables")
                .attr("numpy_of")(selected(table, {nb::cast<std::string>(name)}));
          },
          "name"_a, nb::sig("def __getitem__(self, name: str) -> numpy.ndarray"),
          "A column as a NumPy array: absent is NaN, or None among words")
      .def(
          "__getitem__",
          [](const Table& table, const nb::slice& rows) {
            const auto [start, stop, step, length] =
                rows.compute(static_cast<std::size_t>(table.data->num_rows()));
            if (step != 1) throw nb::value_error("a slice of a table has no step");
            return sliced(table, start, static_cast<std::int64_t>(length));
          },
          "rows"_a, "Some rows; no copy")
      .def("__getitem__", &selected, "names"_a, "Some columns; no copy")
      .def(
          "head", [](const Table& table, std::int64_t n) { return sliced(table, 0, n); },
          "n"_a = kShown, "The first `n` rows; no copy")
      .def(
          "tail",
          [](const Table& table, std::int64_t n) {
            const std::int64_t rows = table.data->num_rows();
            return sliced(table, rows - std::clamp<std::int64_t>(n, 0, rows), n);
          },
          "n"_a = kShown, "The last `n` rows; no copy")
      .def(
          "to_arrow",
          [](const nb::object& table) -> nb::object {
            return nb::module_::import_("pyarrow").attr("table")(table);
          },
          nb::sig("def to_arrow(self) -> pyarrow.Table"), "A pyarrow.Table of the same memory")
      .def(
          "to_pandas",
          [](const nb::object& table) -> nb::object {
            return nb::module_::import_("pyarrow").attr("table")(table).attr("to_pandas")();
          },
          nb::sig("def to_pandas(self) -> pandas.DataFrame"), "A pandas.DataFrame")
      .def(
          "_repr_html_",
          [](const nb::object& table) {
            return nb::cast<std::string>(
                nb::module_::import_("toxvol._tables").attr("html_of")(table));
          },
          "The first and last rows, for a notebook")
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
      "path"_a, "exact"_a = false,
      "A Parquet table; decimals are the nearest float64 unless `exact`");
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
      nb::kw_only(), "raw"_a, "symbol"_a, "kind"_a, "from_"_a, "to"_a, "progress"_a.none(),
      "Rows of one kind with from_ <= ts_event < to (bars: open time) of a folder of raw files");
}

}  // namespace toxvol::python
