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
  std::string source;   // rows of the reference and papers
  std::string meaning;  // one sentence
  std::function<Value(const Config&)> get;
  /// Empty, or what was expected instead.
  std::function<std::optional<std::string>(Config&, const Value&)> set;
};

/// All keys in file order, table by table.
[[nodiscard]] const std::vector<Key>& keys();

/// Rows of the reference (E…, M…) that are no key, with the reason.
struct FixedRow {
  std::string_view row;
  std::string_view why;
};
[[nodiscard]] const std::vector<FixedRow>& fixed_rows();

}  // namespace toxvol::config
