#pragma once

#include <nanobind/nanobind.h>

namespace toxvol::python {

/// `toxvol.Table` and what reads one from a file.
void bind_tables(nanobind::module_& m);

}  // namespace toxvol::python
