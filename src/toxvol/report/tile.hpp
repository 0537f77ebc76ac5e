#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

namespace toxvol::report {

/// A number of the first screen: `label`, `value`, `note`.
[[nodiscard]] inline nlohmann::ordered_json tile(std::string_view label, std::string value,
                                                 std::string note) {
  return {{"label", label}, {"value", std::move(value)}, {"note", std::move(note)}};
}

}  // namespace toxvol::report
