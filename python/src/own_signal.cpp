#include "own_signal.hpp"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <arrow/c/abi.h>
#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/trading/enums.hpp"
#include "watch.hpp"

namespace nb = nanobind;

namespace toxvol::python {

namespace {

nb::object value_of(Timestamp ts) {
  return nb::int_(to_ns(ts));
}
nb::object value_of(bool value) {
  return nb::bool_(value);
}
nb::object value_of(double value) {
  return nb::float_(value);
}
nb::object value_of(const std::string& text) {
  return nb::str(text.data(), text.size());
}
template <class T>
  requires std::is_integral_v<T>
nb::object value_of(T value) {
  return nb::int_(value);
}
template <trading::Vocabulary T>
nb::object value_of(T value) {
  const std::string_view word = trading::name(value);
  return nb::str(word.data(), word.size());
}
template <class Tag>
nb::object value_of(Fixed<Tag> value) {
  return nb::float_(value.to_double());
}
template <class T>
nb::object value_of(const std::optional<T>& value) {
  return value ? value_of(*value) : nb::none();
}

/// The columns of decisions.parquet that are known when the decision is to be made, as a dict.
class RowMaker {
 public:
  explicit RowMaker(const strategy::DecisionRow& row) : row_{row} {}

  template <class Member>
  void column(std::string_view name, const Member& member, const run::About& /*about*/) {
    put(name, std::invoke(member, row_));
  }
  template <class Member, class Code>
  void text(std::string_view name, const Member& member, const Code& code,
            const run::About& /*about*/) {
    put(name, std::string{code.text(std::invoke(member, row_))});
  }
  template <class Get, class Set>
  void computed(std::string_view name, const Get& get, const Set& /*set*/,
                const run::About& /*about*/) {
    put(name, get(row_));
  }
  [[nodiscard]] nb::dict take() { return std::move(made_); }

 private:
  template <class T>
  void put(std::string_view name, const T& value) {
    // What is made of the row afterwards.
    if (name == "alpha" || name == "direction" || name == "reason") return;
    made_[nb::str(name.data(), name.size())] = value_of(value);
  }

  const strategy::DecisionRow& row_;
  nb::dict made_;
};

/// `position`: nothing where there is none to know.
nb::dict row_of(const factors::FactorRow& factors, std::optional<Qty> position) {
  const strategy::DecisionRow row{
      .factors = factors, .decides = factors.decides, .position = position.value_or(Qty{})};
  RowMaker maker{row};
  run::columns(std::type_identity<strategy::DecisionRow>{}, maker);
  nb::dict made = maker.take();
  if (!position) made["position"] = nb::none();
  return made;
}

[[noreturn]] void refuse(nb::handle answer, Timestamp ts) {
  const std::string is = printable(nb::cast<std::string_view>(nb::repr(answer)), 60);
  throw Error{fmt::format(
      "signal at {}: the function gave {}; None, an integer -1, 0 or 1, or (direction, size) with "
      "0 < size <= {} is wanted",
      to_string(ts), is, kMostSignalSize)};
}

int direction_of(nb::handle value, nb::handle answer, Timestamp ts) {
  if (PyBool_Check(value.ptr()) != 0 || PyIndex_Check(value.ptr()) == 0) refuse(answer, ts);
  const Py_ssize_t number = PyNumber_AsSsize_t(value.ptr(), nullptr);  // clipped, not thrown
  if (number == -1 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    refuse(answer, ts);
  }
  if (number < -1 || number > 1) refuse(answer, ts);
  return static_cast<int>(number);
}

double size_of(nb::handle value, nb::handle answer, Timestamp ts) {
  if (value.is_none()) return 1.0;
  const double size = PyFloat_AsDouble(value.ptr());
  if (PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    refuse(answer, ts);
  }
  if (!(size > 0.0 && size <= kMostSignalSize)) refuse(answer, ts);
  return size;
}

std::optional<strategy::SignalAnswer> answer_of(nb::handle answer, Timestamp ts) {
  if (answer.is_none()) return std::nullopt;
  if (!nb::isinstance<nb::tuple>(answer)) {
    return strategy::SignalAnswer{.direction = direction_of(answer, answer, ts)};
  }
  if (nb::len(answer) != 2) refuse(answer, ts);
  return strategy::SignalAnswer{.direction = direction_of(answer[0], answer, ts),
                                .size = size_of(answer[1], answer, ts)};
}

jobs::SignalInput read_stream(const nb::object& table) {
  const nb::object capsule = table.attr("__arrow_c_stream__")();
  auto* stream =
      static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
  if (stream == nullptr) throw nb::python_error{};
  return jobs::read_signal(*stream);
}

}  // namespace

SignalArgument::SignalArgument(const nb::object& given) {
  if (given.is_none()) return;
  if (nb::isinstance<nb::str>(given)) {
    table_ = jobs::read_signal(nb::cast<std::string>(given));
  } else if (nb::hasattr(given, "__arrow_c_stream__")) {
    table_ = read_stream(given);
  } else if (PyCallable_Check(given.ptr()) != 0) {
    function_ = given;
  } else {
    throw UsageError{fmt::format(
        "signal: a Parquet file, a table (Arrow, pandas, Polars) or a function of the row is "
        "wanted, not {}",
        nb::cast<std::string_view>(nb::inst_name(given)))};
  }
}

std::optional<jobs::SignalInput> SignalArgument::input(Watch& watch) const {
  if (!function_.is_valid()) return table_;
  // Other threads than Python's copy this: a plain pointer, which `function_` keeps alive.
  const nb::handle function = function_;
  jobs::SignalInput input;
  input.name = "signal";
  input.ask = [function, &watch](const factors::FactorRow& row, std::optional<Qty> position) {
    std::optional<strategy::SignalAnswer> answer;
    watch.have_done([&] { answer = answer_of(function(row_of(row, position)), row.ts); });
    return answer;
  };
  return input;
}

jobs::SignalFit SignalArgument::fit(Watch& watch) {
  if (table_) {
    throw UsageError{
        "signal: walkforward fits, so it wants a function of the training rows that gives a "
        "function of the row, not rows"};
  }
  if (!function_.is_valid()) return {};
  return [this, &watch](const std::filesystem::path& rows) -> strategy::SignalFunction {
    nb::handle idea;
    watch.have_done([&] {
      const nb::object read = nb::module_::import_("toxvol").attr("read_table");
      learned_.push_back(function_(read(rows.string())));
      idea = learned_.back();
      if (PyCallable_Check(idea.ptr()) == 0) {
        throw UsageError{fmt::format(
            "signal: the function gave {} of the training rows; a function of the row is wanted",
            printable(nb::cast<std::string_view>(nb::repr(idea)), 60))};
      }
    });
    return [idea, &watch](const factors::FactorRow& row, std::optional<Qty> position) {
      std::optional<strategy::SignalAnswer> answer;
      watch.have_done([&] { answer = answer_of(idea(row_of(row, position)), row.ts); });
      return answer;
    };
  };
}

}  // namespace toxvol::python
