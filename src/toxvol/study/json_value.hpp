#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace toxvol::study {

/// What is not known is null.
template <class T>
[[nodiscard]] nlohmann::ordered_json value(const std::optional<T>& known) {
  return known ? nlohmann::ordered_json(*known) : nlohmann::ordered_json(nullptr);
}

/// As people read it: indented by two spaces.
[[nodiscard]] inline std::string indented(const nlohmann::ordered_json& json) {
  constexpr int kIndent = 2;
  return json.dump(kIndent);
}

}  // namespace toxvol::study
