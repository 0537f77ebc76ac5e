#pragma once

#include <vector>

#include "toxvol/config/keys.hpp"

namespace toxvol::config {

/// The tables of which a walk-forward writes a part (R41), in the order of docs/config.md.
[[nodiscard]] std::vector<Key> z_keys();
[[nodiscard]] std::vector<Key> threshold_keys();

}  // namespace toxvol::config
