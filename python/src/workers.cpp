#include "workers.hpp"

#include <csignal>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/study/elsewhere.hpp"
#include "watch.hpp"

namespace nb = nanobind;

namespace toxvol::python {

namespace {

using Point = std::tuple<std::size_t, std::string, std::string>;
using Batch = std::tuple<std::size_t, std::vector<Point>, std::string>;

class PythonWorkers final : public jobs::Elsewhere {
 public:
  PythonWorkers(nb::object workers, OnPython on_python)
      : workers_{std::move(workers)}, on_python_{std::move(on_python)} {}
  ~PythonWorkers() override {
    const nb::gil_scoped_acquire gil;
    workers_.reset();
  }
  PythonWorkers(const PythonWorkers&) = delete;
  PythonWorkers& operator=(const PythonWorkers&) = delete;

  std::size_t workers() override {
    std::size_t count = 0;
    on_python_([&] { count = nb::cast<std::size_t>(workers_.attr("count")()); });
    return count;
  }
  void hand_out(const jobs::HandOut& what) override {
    on_python_([&] {
      workers_.attr("hand_out")(what.study, what.circumstances, what.study_id, what.batches);
    });
  }
  std::vector<jobs::ReturnedBatch> take() override {
    std::vector<jobs::ReturnedBatch> returned;
    on_python_([&] {
      for (auto& [batch, points, failure] : nb::cast<std::vector<Batch>>(workers_.attr("take")())) {
        jobs::ReturnedBatch one{.batch = batch, .result = {.points = {}, .failure = failure}};
        for (auto& [number, trial, outcome] : points) {
          one.result.points.push_back(
              {.number = number, .trial = std::move(trial), .outcome = std::move(outcome)});
        }
        returned.push_back(std::move(one));
      }
    });
    return returned;
  }

 private:
  nb::object workers_;
  OnPython on_python_;
};

/// `toxvol.Error` as the C++ side throws it; anything else of Python's stays what it is.
void with_own_errors(const std::function<void()>& task) {
  try {
    task();
  } catch (const nb::python_error& error) {
    const nb::object own = nb::module_::import_("toxvol._errors").attr("Error");
    if (!error.matches(own)) throw;
    const auto text = nb::cast<std::string>(nb::str(error.value()));
    if (nb::cast<std::string>(error.value().attr("code")) == "usage") throw UsageError{text};
    throw Error{text};
  }
}

/// Ray takes SIGTERM for itself; afterwards the command has it again.
class KeptSignals {
 public:
  KeptSignals() { sigaction(SIGTERM, nullptr, &before_); }
  ~KeptSignals() { sigaction(SIGTERM, &before_, nullptr); }
  KeptSignals(const KeptSignals&) = delete;
  KeptSignals& operator=(const KeptSignals&) = delete;

 private:
  struct sigaction before_{};
};

}  // namespace

std::shared_ptr<jobs::Elsewhere> workers_of(const nb::object& workers, OnPython on_python) {
  if (workers.is_none()) return nullptr;
  return std::make_shared<PythonWorkers>(workers, std::move(on_python));
}

std::shared_ptr<jobs::Elsewhere> workers_of(const nb::object& workers, Watch& watch) {
  if (workers.is_none()) return nullptr;
  return workers_of(workers, [&watch](const std::function<void()>& task) {
    watch.have_done([&task] { with_own_errors(task); });
  });
}

void as_cpp_throws(const std::function<void()>& task) {
  const nb::gil_scoped_acquire gil;
  const KeptSignals kept;
  try {
    with_own_errors(task);
  } catch (const nb::python_error& error) {
    if (error.matches(PyExc_KeyboardInterrupt)) throw Interrupted{};
    throw Error{nb::cast<std::string>(nb::str(error.value()))};
  }
}

}  // namespace toxvol::python
