#include "toxvol/study/design.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <ios>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "toxvol/config/value.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/designs.hpp"
#include "toxvol/study/ablation.hpp"
#include "toxvol/study/design_toml.hpp"

namespace toxvol::study {

namespace {

void refuse_world(const TomlTable& table, const std::string& key, int line,
                  std::string_view remedy) {
  if (!is_of_the_world(key)) return;
  table.fail(line, fmt::format("{} is not the strategy's to choose; {}", key, remedy));
}

/// Kinds in the words that users have for them.
Inputs parse_kinds(const TomlTable& table, std::string_view name) {
  Inputs result;
  const toml::node* node = table.find(name);
  if (node == nullptr) return result;
  for (const toml::node& element : table.array(name, *node, "[\"quotes\"]")) {
    result[table.word<Kind>(name, element,
                            {{"quotes", Kind::BookTicker},
                             {"trades", Kind::AggTrades},
                             {"metrics", Kind::Metrics},
                             {"funding", Kind::Funding}})] = true;
  }
  return result;
}

std::optional<Assignment> parse_base(const TomlTable& table) {
  const toml::node* node = table.find("base");
  if (node == nullptr) return std::nullopt;
  return Assignment{.key = "base", .text = table.text("base", *node), .line = line_of(*node)};
}

/// from, from + step, … up to `to`: decimals or durations, exactly.
std::vector<AxisValue> parse_range(const TomlTable& table) {
  const toml::node& from = table.need("from", "\"1.0\"");
  const toml::node& to = table.need("to", "\"4.0\"");
  const toml::node& step = table.need("step", "\"0.25\"");
  const auto duration = [](const toml::node& node) -> std::optional<std::int64_t> {
    const auto* text = node.as_string();
    const auto length = text != nullptr ? parse_duration(text->get()) : std::nullopt;
    if (!length) return std::nullopt;
    return length->count();
  };
  const bool are_durations = duration(from) && duration(to) && duration(step);
  const auto number = [&](std::string_view name, const toml::node& node) {
    return are_durations ? *duration(node) : table.decimal(name, node);
  };
  const Int128 first = number("from", from);
  const Int128 last = number("to", to);
  const Int128 width = number("step", step);
  if (width <= 0) table.fail_value("step", step, "a number above 0");
  if (last < first) table.fail_value("to", to, "at least from");
  if ((last - first) / width >= static_cast<Int128>(kMostPoints)) {
    table.fail_value("step", step, fmt::format("one that gives at most {} values", kMostPoints));
  }
  std::vector<AxisValue> values;
  for (Int128 x = first; x <= last; x += width) {
    const auto value = static_cast<std::int64_t>(x);
    values.push_back(
        {.texts = {are_durations ? config::to_toml(config::Value{to_text(Duration{value})})
                                 : decimal_text(value)},
         .line = line_of(from)});
  }
  return values;
}

std::vector<AxisValue> parse_values(const TomlTable& table, std::size_t keys) {
  std::vector<AxisValue> values;
  const bool several = table.find("keys") != nullptr;
  const std::string_view such_as = several ? R"([["15m", "30m"], ["1h", "2h"]])" : "[0.7, 0.8]";
  for (const toml::node& node : table.array("values", table.need("values", such_as), such_as)) {
    AxisValue value{.texts = {}, .line = line_of(node)};
    if (!several) {
      value.texts.push_back(spelling(node));
    } else {
      const auto* list = node.as_array();
      if (list == nullptr || list->size() != keys) {
        table.fail_value("values", node, fmt::format("a list of {} values, one a key", keys));
      }
      for (const toml::node& element : *list) value.texts.push_back(spelling(element));
    }
    values.push_back(std::move(value));
  }
  return values;
}

Axis parse_axis(const toml::table& toml, const std::string& file) {
  const TomlTable table{
      toml, file, "[[axis]]", {"name", "key", "keys", "values", "from", "to", "step"}};
  Axis axis;
  axis.line = table.line();
  const toml::node* key = table.find("key");
  const toml::node* keys = table.find("keys");
  if ((key == nullptr) == (keys == nullptr)) {
    table.fail(axis.line, "[[axis]] takes key = \"…\" or keys = [\"…\", \"…\"], one of the two");
  }
  if (key != nullptr) {
    axis.keys.push_back(table.key("key", *key));
  } else {
    for (const toml::node& node : table.array("keys", *keys, "[\"…\", \"…\"]")) {
      axis.keys.push_back(table.key("keys", node));
    }
  }
  for (const std::string& name : axis.keys) {
    refuse_world(table, name, line_of(key != nullptr ? *key : *keys),
                 "state it once in set, or vary it in a [[variant]] of group \"world\"");
  }
  const toml::node* name = table.find("name");
  if (name == nullptr && axis.keys.size() > 1) {
    table.fail(axis.line, "[[axis]] of several keys lacks a name; add a line name = \"…\"");
  }
  axis.name = name != nullptr ? table.text("name", *name) : axis.keys.front();
  const bool is_range = table.find("from") || table.find("to") || table.find("step");
  if (is_range && table.find("values") != nullptr) {
    table.fail(axis.line, "[[axis]] takes values or from, to and step, not both");
  }
  if (is_range && keys != nullptr) {
    table.fail(axis.line, "[[axis]] of several keys takes values, not from, to and step");
  }
  axis.values = is_range ? parse_range(table) : parse_values(table, axis.keys.size());
  return axis;
}

Scaled parse_derive(const toml::table& toml, const std::string& file) {
  const TomlTable table{toml, file, "[[derive]]", {"key", "of", "times"}};
  const toml::node& key = table.need("key", "\"crowding.theta_exit\"");
  const toml::node& times = table.need("times", "\"0.5\"");
  Scaled derive{.key = table.key("key", key),
                .of = table.key("of", table.need("of", "\"crowding.theta\"")),
                .times_e8 = table.decimal("times", times),
                .line = table.line()};
  refuse_world(table, derive.key, line_of(key), "leave it out");
  return derive;
}

Variant parse_variant(const toml::table& toml, const std::string& file) {
  const TomlTable table{
      toml,
      file,
      "[[variant]]",
      {"name", "says", "group", "base", "set", "times", "when", "without", "needs"}};
  Variant variant;
  variant.line = table.line();
  variant.name = table.text("name", table.need("name", "\"tau_90\""));
  if (const auto* says = table.find("says")) variant.says = table.text("says", *says);
  if (const auto* group = table.find("group")) variant.group = table.text("group", *group);
  variant.base = parse_base(table);
  variant.set = table.assignments("set");
  for (const Assignment& one : table.assignments("times")) {
    std::string number = one.text;
    std::erase(number, '"');
    const auto times = parse_decimal(number, Exponents::Allowed);
    if (!times || *times <= 0) {
      table.fail(one.line, fmt::format("times {} = {}: expected a number above 0, such as \"0.5\"",
                                       one.key, one.text));
    }
    variant.times.push_back({.key = one.key, .of = one.key, .times_e8 = *times, .line = one.line});
  }
  for (const toml::table* when : table.tables("when")) {
    const TomlTable condition{*when, file, "when", {"key", "is", "set"}};
    const toml::node& key = condition.need("key", "\"volatility.half_life_long\"");
    variant.when.push_back({.is = {.key = condition.key("key", key),
                                   .text = spelling(condition.need("is", "\"1d\"")),
                                   .line = line_of(key)},
                            .set = condition.assignments("set")});
  }
  variant.without = parse_kinds(table, "without");
  variant.needs = parse_kinds(table, "needs");
  if (variant.group == kWorldGroup) return variant;
  constexpr std::string_view kRemedy = "say group = \"world\", or set it for every point";
  for (const Assignment& one : variant.set) refuse_world(table, one.key, one.line, kRemedy);
  for (const Scaled& one : variant.times) refuse_world(table, one.key, one.line, kRemedy);
  for (const Condition& condition : variant.when) {
    for (const Assignment& one : condition.set) refuse_world(table, one.key, one.line, kRemedy);
  }
  if (variant.without != Inputs{}) refuse_world(table, "run.inputs", variant.line, kRemedy);
  return variant;
}

/// What one of the tables alone cannot tell: keys with two masters, names used twice.
void check_whole(const Design& design, const TomlTable& table) {
  const std::string derived = "derived";
  std::map<std::string, std::string> owner;  // of a key
  const auto claim = [&](const std::string& key, int line, const std::string& who) {
    const auto [place, is_new] = owner.emplace(key, who);
    if (!is_new) {
      table.fail(line,
                 fmt::format("{} is already {}; leave one of the two out", key, place->second));
    }
  };
  for (const Assignment& one : design.set) claim(one.key, one.line, "in set");
  std::set<std::string> names;
  for (const Axis& axis : design.axes) {
    for (const std::string& key : axis.keys) claim(key, axis.line, "on the axis " + axis.name);
    if (!names.insert(axis.name).second) {
      table.fail(axis.line, fmt::format("a second axis {}; give it another name", axis.name));
    }
  }
  for (const Scaled& derive : design.derive) claim(derive.key, derive.line, derived);
  for (const Scaled& derive : design.derive) {
    const auto of = owner.find(derive.of);
    if (of != owner.end() && of->second == derived) {
      table.fail(derive.line, fmt::format("{} is derived itself; derive {} from what that is of",
                                          derive.of, derive.key));
    }
  }
  for (const Variant& variant : design.variants) {
    if (!names.insert(variant.name).second) {
      table.fail(variant.line,
                 fmt::format("a second variant {}; give it another name", variant.name));
    }
    // What is derived stays derived; `set` and the base are what a variant changes.
    const auto keep = [&](const std::string& key, int line) {
      const auto found = owner.find(key);
      if (found != owner.end() && found->second == derived) claim(key, line, "");
    };
    for (const Assignment& one : variant.set) keep(one.key, one.line);
    for (const Scaled& one : variant.times) keep(one.key, one.line);
  }
}

void check_kind(const Design& design, const TomlTable& table) {
  const bool is_list = design.kind == DesignKind::List;
  if (is_list && !design.axes.empty()) {
    table.fail(design.axes.front().line, "a list has no axes; use design = \"grid\"");
  }
  if (is_list && design.variants.empty()) {
    table.fail(table.line(), "design = \"list\" lacks variants; add a table [[variant]]");
  }
  if (!is_list && !design.variants.empty()) {
    table.fail(
        design.variants.front().line,
        fmt::format("design = \"{}\" has no variants; use design = \"list\"", name(design.kind)));
  }
  const bool is_drawn = design.kind == DesignKind::Random || design.kind == DesignKind::Sobol;
  if (is_drawn) {
    static_cast<void>(table.need("points", "256"));
    if (design.axes.empty()) {
      table.fail(table.line(), fmt::format("design = \"{}\" lacks axes; add a table [[axis]]",
                                           name(design.kind)));
    }
  } else if (const auto* points = table.find("points")) {
    table.fail(line_of(*points), "points is for design = \"random\" and \"sobol\"; leave it out");
  }
  if (design.kind == DesignKind::Sobol && design.axes.size() > stats::kMostSobolAxes) {
    table.fail(design.axes[stats::kMostSobolAxes].line,
               fmt::format("{} axes: sobol takes at most {}; use design = \"random\"",
                           design.axes.size(), stats::kMostSobolAxes));
  }
  if (design.kind != DesignKind::Grid) return;
  std::uint64_t points = 1;
  for (const Axis& axis : design.axes) {
    points *= axis.values.size();  // both at most kMostPoints here
    if (points > kMostPoints) {
      table.fail(axis.line, fmt::format("a grid of more than {} points; use design = \"random\" or "
                                        "\"sobol\" with points",
                                        kMostPoints));
    }
  }
}

}  // namespace

bool is_of_the_world(std::string_view key) {
  constexpr std::array<std::string_view, 3> kTables = {"exchange.", "costs.", "data."};
  constexpr std::array<std::string_view, 5> kKeys = {"run.symbol", "run.equity_usdt", "run.seed",
                                                     "run.inputs", "run.warmup"};
  return std::any_of(kTables.begin(), kTables.end(),
                     [key](std::string_view table) { return key.starts_with(table); }) ||
         std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

std::string_view name(DesignKind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"grid", "random", "sobol", "list"};
  return kNames[static_cast<std::size_t>(kind)];
}

Design parse_design(std::string_view text, const std::string& file) {
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw Error{fmt::format("{}:{}:{}: not valid TOML: {}", file, error.source().begin.line,
                            error.source().begin.column, error.description())};
  }
  const TomlTable table{
      root,
      file,
      "a design",
      {"base", "set", "design", "points", "axis", "derive", "variant", "walkforward"}};
  Design design;
  design.file = file;
  design.base = parse_base(table);
  design.set = table.assignments("set");
  for (const toml::table* axis : table.tables("axis")) {
    design.axes.push_back(parse_axis(*axis, file));
  }
  for (const toml::table* derive : table.tables("derive")) {
    design.derive.push_back(parse_derive(*derive, file));
  }
  for (const toml::table* variant : table.tables("variant")) {
    design.variants.push_back(parse_variant(*variant, file));
  }
  design.kind = design.variants.empty() ? DesignKind::Grid : DesignKind::List;
  if (const auto* kind = table.find("design")) {
    design.kind = table.word<DesignKind>("design", *kind,
                                         {{name(DesignKind::Grid), DesignKind::Grid},
                                          {name(DesignKind::Random), DesignKind::Random},
                                          {name(DesignKind::Sobol), DesignKind::Sobol},
                                          {name(DesignKind::List), DesignKind::List}});
  }
  if (const auto* points = table.find("points")) {
    design.points = static_cast<std::uint64_t>(
        table.whole("points", *points, 1, static_cast<std::int64_t>(kMostPoints)));
  }
  if (const auto* node = table.find("walkforward")) {
    const auto* walkforward = node->as_table();
    if (walkforward == nullptr) table.fail(line_of(*node), "expected a table [walkforward]");
    design.walkforward = parse_walkforward(*walkforward, file);
  }
  check_kind(design, table);
  check_whole(design, table);
  return design;
}

Design load_design(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) {
    throw Error{fmt::format("{}: cannot read the design: {}; name a TOML file (docs/designs.md)",
                            path, std::strerror(errno))};
  }
  const std::string text{std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
  return parse_design(text, path);
}

}  // namespace toxvol::study
