#include "toxvol/config/value.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <fmt/format.h>

namespace toxvol::config {

namespace {

std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

template <class T, class Format>
std::string list(const std::vector<T>& values, Format format) {
  std::string result = "[";
  for (const T& value : values) {
    if (result.size() > 1) result += ", ";
    result += format(value);
  }
  return result + ']';
}

}  // namespace

std::string shortest(double value) {
  if (value == std::trunc(value) && std::abs(value) < 1e15) return fmt::format("{:.1f}", value);
  return fmt::format("{}", value);
}

std::string to_toml(const Value& value) {
  return std::visit(
      [](const auto& v) -> std::string {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, bool>) {
          return v ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return fmt::format("{}", v);
        } else if constexpr (std::is_same_v<T, double>) {
          return shortest(v);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return in_quotes(v);
        } else if constexpr (std::is_same_v<T, std::vector<double>>) {
          return list(v, [](double x) { return fmt::format("{}", x); });
        } else {
          return list(v, [](const std::string& x) { return in_quotes(x); });
        }
      },
      value);
}

}  // namespace toxvol::config
