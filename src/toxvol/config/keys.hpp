#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/config/value.hpp"

namespace toxvol::config {

/// One key of the configuration.
struct Key {
  std::string name;     // "volatility.estimator"
  std::string type;     // what may stand there: "duration", "gk | rs | …"
  std::string unit;     // "" where the type says it
  std::string source;   // labels of rules and papers
  std::string meaning;  // one sentence
  std::function<Value(const Config&)> get;
  /// Empty, or what was expected instead.
  std::function<std::optional<std::string>(Config&, const Value&)> set;
};

/// All keys in file order, table by table.
[[nodiscard]] const std::vector<Key>& keys();

/// `volatility` of `volatility.estimator`, and `estimator`.
[[nodiscard]] std::string_view table_of(const Key& key);
[[nodiscard]] std::string_view name_in_table(const Key& key);

/// Null where there is no such key.
[[nodiscard]] const Key* find_key(std::string_view name);
/// A key that there is.
[[nodiscard]] const Key& key_of(std::string_view name);
/// The key that was probably meant; null where none is near.
[[nodiscard]] const Key* nearest_key(std::string_view name);
/// "unknown key …", with the nearest and how to list all.
[[nodiscard]] std::string unknown_key(std::string_view name);

/// Rows of docs/errata.md (E…, M…) that are no key, with the reason.
struct FixedRow {
  std::string_view row;
  std::string_view why;
};
[[nodiscard]] const std::vector<FixedRow>& fixed_rows();

}  // namespace toxvol::config
