#pragma once

#include <optional>

#include <nlohmann/json.hpp>

namespace toxvol::study {

/// What is not known is null.
template <class T>
[[nodiscard]] nlohmann::ordered_json value(const std::optional<T>& known) {
  return known ? nlohmann::ordered_json(*known) : nlohmann::ordered_json(nullptr);
}

}  // namespace toxvol::study
