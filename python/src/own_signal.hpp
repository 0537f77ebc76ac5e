#pragma once

#include <optional>
#include <vector>

#include <nanobind/nanobind.h>

#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/jobs/study/fitted_signal.hpp"
#include "watch.hpp"

namespace toxvol::python {

/// `signal=` of Python: None, a path, a table (`__arrow_c_stream__`) or a function of the row. It
/// outlives the work that uses it.
class SignalArgument {
 public:
  /// Reads the table. Throws `Error` for what is wrong in it, `UsageError` for another type.
  explicit SignalArgument(const nanobind::object& given);

  /// For a job that `watch` sees: a function is called on the thread that is Python's.
  [[nodiscard]] std::optional<jobs::SignalInput> input(Watch& watch) const;
  /// The same for a walk-forward, where a function learns from a table of rows and gives the
  /// function of the row. Throws `UsageError` for rows: there is nothing to learn.
  [[nodiscard]] jobs::SignalFit fit(Watch& watch);
  [[nodiscard]] bool is_given() const { return table_.has_value() || function_.is_valid(); }

 private:
  std::optional<jobs::SignalInput> table_;
  nanobind::object function_;
  std::vector<nanobind::object> learned_;  // what it gave
};

}  // namespace toxvol::python
