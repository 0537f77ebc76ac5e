#pragma once

#include <nanobind/nanobind.h>

namespace toxvol::python {

/// `ablation`, `sweep`, `walkforward` and `band`.
void bind_studies(nanobind::module_& m);

}  // namespace toxvol::python
