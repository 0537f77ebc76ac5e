#pragma once

#include <nlohmann/json.hpp>

#include "toxvol/catalog/store/sidecar.hpp"

namespace toxvol::catalog {

/// An entry of the manifest's `files`; the sidecar says the same and more.
[[nodiscard]] nlohmann::ordered_json to_entry(const Sidecar& sidecar);

}  // namespace toxvol::catalog
