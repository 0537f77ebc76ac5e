#pragma once

#include <nanobind/nanobind.h>

namespace toxvol::python {

/// The functions that toxvol/stats.py calls, under `toxvol._toxvol`. They take arrays of finite
/// doubles that it has checked.
void bind_stats(nanobind::module_& m);

}  // namespace toxvol::python
