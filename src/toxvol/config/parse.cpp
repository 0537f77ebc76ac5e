#include <cerrno>
#include <cstring>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/embedded.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/spelling.hpp"

namespace toxvol::config {

namespace {

std::optional<Value> to_value(const toml::node& node) {
  if (const auto* v = node.as_boolean()) return v->get();
  if (const auto* v = node.as_integer()) return v->get();
  if (const auto* v = node.as_floating_point()) return v->get();
  if (const auto* v = node.as_string()) return v->get();
  const auto* array = node.as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<double> numbers;
  std::vector<std::string> texts;
  for (const auto& element : *array) {
    if (const auto* integer = element.as_integer()) {
      numbers.push_back(static_cast<double>(integer->get()));
    } else if (const auto* real = element.as_floating_point()) {
      numbers.push_back(real->get());
    } else if (const auto* text = element.as_string()) {
      texts.push_back(text->get());
    } else {
      return std::nullopt;
    }
  }
  if (!texts.empty() && !numbers.empty()) return std::nullopt;
  if (!texts.empty()) return texts;
  return numbers;
}

std::string shown(const toml::node& node) {
  if (const auto value = to_value(node)) return to_toml(*value);
  return "a table or a date";
}

/// Sets one key from a node, or says what was expected.
std::optional<std::string> assign(Config& config, const Key& key, const toml::node& node) {
  const auto value = to_value(node);
  const std::optional<std::string> problem = value ? key.set(config, *value) : key.type;
  if (!problem) return std::nullopt;
  return fmt::format("{} = {}: expected {}", key.name, shown(node), *problem);
}

std::string place(const std::string& file, const toml::node& node) {
  return fmt::format("{}:{}", file, node.source().begin.line);
}

[[noreturn]] void fail(const std::string& place, const std::string& text) {
  throw Error{fmt::format("{}: {}", place, text), ErrorCode::Config};
}

}  // namespace

Config parse(std::string_view text, const std::string& file) {
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw Error{fmt::format("{}:{}:{}: not valid TOML: {}", file, error.source().begin.line,
                            error.source().begin.column, error.description()),
                ErrorCode::Config};
  }
  Config config;
  config.preset.clear();
  for (const auto& [table, node] : root) {
    const auto* inner = node.as_table();
    if (inner == nullptr) fail(place(file, node), unknown_key(table.str()));
    for (const auto& [name, value] : *inner) {
      const std::string full = fmt::format("{}.{}", table.str(), name.str());
      const Key* key = find_key(full);
      if (key == nullptr) fail(place(file, value), unknown_key(full));
      if (const auto problem = assign(config, *key, value)) fail(place(file, value), *problem);
      config.origin[full] = {.by = SetBy::File, .place = place(file, value)};
    }
  }
  return config;
}

Config load(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) {
    const int why = errno;
    if (why == ENOENT) {
      const auto nearest = nearest_name(path, preset_names());
      throw Error{fmt::format("{}: no such file, and no such preset; {}presets are {}", path,
                              nearest ? fmt::format("did you mean {}? ", *nearest) : "",
                              fmt::join(preset_names(), ", ")),
                  ErrorCode::NotFound};
    }
    throw Error{fmt::format("{}: cannot read the configuration: {}; --preset {} needs no file",
                            path, std::strerror(why), fmt::join(preset_names(), "|")),
                ErrorCode::Io};
  }
  const std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  return parse(text, path);
}

Config preset(std::string_view name) {
  const auto text = embedded_preset(name);
  if (!text) static_cast<void>(preset_purpose(name));  // tells which there are
  Config config = parse(held(text), fmt::format("presets/{}.toml", name));
  config.preset = name;
  return config;
}

void set(Config& config, std::string_view assignment) {
  const auto equals = assignment.find('=');
  if (equals == std::string_view::npos) {
    throw UsageError{fmt::format("--set {}: expected key=value", assignment)};
  }
  const std::string_view name = assignment.substr(0, equals);
  const std::string_view text = assignment.substr(equals + 1);
  const Key* key = find_key(name);
  if (key == nullptr) throw UsageError{fmt::format("--set {}: {}", assignment, unknown_key(name))};
  // A value that is no TOML (30m, base:10, gk) is meant as a string.
  toml::table table;
  try {
    table = toml::parse(fmt::format("value = {}", text));
  } catch (const toml::parse_error&) {
    table.clear();
    table.insert("value", std::string{text});
  }
  const toml::node* node = table.get("value");
  if (table.size() != 1 || node == nullptr) {
    throw UsageError{fmt::format("--set {}: expected one value", assignment)};
  }
  if (const auto problem = assign(config, *key, *node)) {
    throw UsageError{fmt::format("--set {}: {}", assignment, *problem)};
  }
  config.origin[std::string{name}] = {.by = SetBy::Flag, .place = "--set"};
}

}  // namespace toxvol::config
