#pragma once

#include <functional>
#include <memory>

#include <nanobind/nanobind.h>

#include "toxvol/jobs/study/elsewhere.hpp"
#include "watch.hpp"

namespace toxvol::python {

/// Has a task done where Python may be called.
using OnPython = std::function<void(const std::function<void()>& task)>;

/// `toxvol._ray.Workers` for C++; null for None.
[[nodiscard]] std::shared_ptr<jobs::Elsewhere> workers_of(const nanobind::object& workers,
                                                          OnPython on_python);
/// For a job that `watch` sees: on the thread that is Python's.
[[nodiscard]] std::shared_ptr<jobs::Elsewhere> workers_of(const nanobind::object& workers,
                                                          Watch& watch);

/// What Python raises in `task`, as C++ throws it: our own errors and Ctrl-C. For the command,
/// which works without the GIL.
void as_cpp_throws(const std::function<void()>& task);

}  // namespace toxvol::python
