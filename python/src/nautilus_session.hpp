#pragma once

#include <nanobind/nanobind.h>

namespace toxvol::python {

/// `toxvol._toxvol.NautilusSession`, for toxvol.nautilus.ToxVolStrategy.
void bind_nautilus(nanobind::module_& m);

}  // namespace toxvol::python
