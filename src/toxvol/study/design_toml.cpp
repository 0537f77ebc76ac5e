#include "toxvol/study/design_toml.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/spelling.hpp"
#include "toxvol/study/design.hpp"

namespace toxvol::study {

namespace {

std::string did_you_mean(const std::string& asked, const std::vector<std::string>& names) {
  const auto nearest = nearest_name(asked, names);
  return nearest ? fmt::format("; did you mean {}?", *nearest) : std::string{};
}

}  // namespace

int line_of(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

std::string spelling(const toml::node& node) {
  if (const auto* text = node.as_string()) return config::to_toml(config::Value{text->get()});
  if (const auto* real = node.as_floating_point()) {
    return config::to_toml(config::Value{real->get()});
  }
  if (const auto* list = node.as_array()) {
    std::vector<std::string> elements;
    for (const toml::node& element : *list) elements.push_back(spelling(element));
    return fmt::format("[{}]", fmt::join(elements, ", "));
  }
  if (node.is_table()) return "a table";
  std::ostringstream stream;
  node.visit([&stream](const auto& value) {
    if constexpr (toml::is_value<std::remove_cvref_t<decltype(value)>>) stream << value;
  });
  return stream.str();
}

std::string one_key_file(const std::string& key, const std::string& text, int line) {
  const auto quoted = [](const std::string& name) { return config::to_toml(config::Value{name}); };
  const auto point = key.find('.');
  std::string file(static_cast<std::size_t>(std::max(0, line - 1)), '\n');
  if (point != std::string::npos) file += quoted(key.substr(0, point)) + '.';
  return file + quoted(point == std::string::npos ? key : key.substr(point + 1)) + " = " + text;
}

TomlTable::TomlTable(const toml::table& table, const std::string& file, std::string what,
                     std::initializer_list<std::string_view> names)
    : table_{table}, file_{file}, what_{std::move(what)}, line_{line_of(table)} {
  const std::vector<std::string> allowed{names.begin(), names.end()};
  for (const auto& [key, node] : table) {
    const std::string name{key.str()};
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    fail(static_cast<int>(key.source().begin.line),
         fmt::format("unknown {} in {}{} It takes {}", name, what_,
                     nearest_name(name, allowed) ? did_you_mean(name, allowed) : ".",
                     fmt::join(allowed, ", ")));
  }
}

void TomlTable::fail(int line, const std::string& problem) const {
  throw Error{fmt::format("{}:{}: {}", file_, line, problem)};
}

void TomlTable::fail_value(std::string_view name, const toml::node& node,
                           std::string_view expected) const {
  fail(line_of(node), fmt::format("{} = {}: expected {}", name, spelling(node), expected));
}

void TomlTable::fail_word(std::string_view name, const toml::node& node, const std::string& asked,
                          const std::vector<std::string>& all) const {
  fail_value(name, node,
             fmt::format("one of {}{}", fmt::join(all, " | "), did_you_mean(asked, all)));
}

const toml::node& TomlTable::need(std::string_view name, std::string_view such_as) const {
  const toml::node* node = find(name);
  if (node == nullptr) {
    fail(line_, fmt::format("{} lacks {}; add a line such as {} = {}", what_, name, name, such_as));
  }
  return *node;
}

std::string TomlTable::text(std::string_view name, const toml::node& node) const {
  const auto* value = node.as_string();
  if (value == nullptr || value->get().empty()) fail_value(name, node, "text in quotes");
  return value->get();
}

std::int64_t TomlTable::whole(std::string_view name, const toml::node& node, std::int64_t low,
                              std::int64_t high) const {
  const auto* value = node.as_integer();
  if (value == nullptr || value->get() < low || value->get() > high) {
    fail_value(name, node, fmt::format("a whole number from {} to {}", low, high));
  }
  return value->get();
}

bool TomlTable::flag(std::string_view name, const toml::node& node) const {
  const auto* value = node.as_boolean();
  if (value == nullptr) fail_value(name, node, "true or false");
  return value->get();
}

std::int64_t TomlTable::decimal(std::string_view name, const toml::node& node) const {
  const auto* in_quotes = node.as_string();
  const auto value =
      parse_decimal(in_quotes != nullptr ? in_quotes->get() : spelling(node), Exponents::Allowed);
  if (!value) fail_value(name, node, "a number with at most 8 decimals, such as \"0.25\"");
  return *value;
}

const toml::array& TomlTable::array(std::string_view name, const toml::node& node,
                                    std::string_view such_as) const {
  const auto* list = node.as_array();
  if (list == nullptr || list->empty()) {
    fail_value(name, node, fmt::format("a list such as {}", such_as));
  }
  return *list;
}

std::vector<const toml::table*> TomlTable::tables(std::string_view name) const {
  std::vector<const toml::table*> result;
  const toml::node* node = find(name);
  if (node == nullptr) return result;
  const auto* list = node->as_array();
  if (list == nullptr) {
    fail(line_of(*node), fmt::format("{}: expected tables that begin with [[{}]]", name, name));
  }
  for (const toml::node& element : *list) {
    const auto* table = element.as_table();
    if (table == nullptr) fail_value(name, element, fmt::format("a table [[{}]]", name));
    result.push_back(table);
  }
  return result;
}

std::string TomlTable::key(std::string_view name, const toml::node& node) const {
  std::string key = text(name, node);
  check_key(key, line_of(node));
  return key;
}

void TomlTable::check_key(const std::string& key, int line) const {
  if (config::find_key(key) != nullptr) return;
  // The configuration's own words for it, with the nearest key.
  static_cast<void>(config::parse(one_key_file(key, "0", line), file_));
}

std::vector<Assignment> TomlTable::assignments(std::string_view name) const {
  std::vector<Assignment> result;
  const toml::node* node = find(name);
  if (node == nullptr) return result;
  const auto* table = node->as_table();
  if (table == nullptr) {
    fail_value(name, *node, "keys of the configuration, such as { \"exit.k_stop\" = 3 }");
  }
  const auto add = [&](const std::string& key, const toml::node& value) {
    const int line = line_of(value);
    check_key(key, line);
    if (value.is_table()) fail(line, fmt::format("{}: expected one value", key));
    result.push_back({.key = key, .text = spelling(value), .line = line});
  };
  for (const auto& [first, value] : *table) {
    const std::string outer{first.str()};
    // exit.k_stop without quotes is TOML for a table in a table, and plainly meant.
    const auto* inner = outer.find('.') == std::string::npos ? value.as_table() : nullptr;
    if (inner == nullptr) {
      add(outer, value);
      continue;
    }
    for (const auto& [second, nested] : *inner) {
      add(fmt::format("{}.{}", outer, second.str()), nested);
    }
  }
  return result;
}

}  // namespace toxvol::study
