#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/config/value.hpp"

namespace toxvol::config {

const std::vector<FixedRow>& fixed_rows() {
  static const std::vector<FixedRow> rows = {
      {"E8", "buckets are always split exactly: the other way is not VPIN"},
      {"E12", "state is always on 1-minute bars and sigma per √minute"},
      {"E21", "claims about citations; corrected in docs/factors"},
      {"E23", "units are detected per file"},
      {"M14", "names, settled in the code"},
      {"M15",
       "the stop is measured from the average fill, in bars first the stop: docs/engine.md X20, "
       "X22"},
      {"M25", "reported for each position as funding_tailwind"},
      {"M26", "a question for the study, not a parameter"},
      {"M29",
       "the order inside a millisecond was measured, trades come first: X2 fixes it, for X12, X16 "
       "and X17 depend on it"},
      {"M31", "both semivariances are columns"},
  };
  return rows;
}

std::string reference_page() {
  const Config defaults;
  std::string text =
      "# Configuration\n\n"
      "Generated from the keys (`toxvol config explain --markdown`); a test holds the page to "
      "them.\n"
      "Defaults are preset A's. In the column *source*, a label such as V11 or M9 is a rule:\n"
      "[glossary.md](glossary.md#rule-labels) leads to its page. `proposal: sizing` is a part of "
      "the\n"
      "proposal, which [errata.md](errata.md#proposal) restates. The rest are papers.\n"
      "Durations are a whole number and a unit, ns us ms s m h d, and at most 3650d.\n";
  text +=
      "\n## Presets\n\n`presets/A.toml` holds every key, the other files of `presets/` how they "
      "differ from it. The data needed first is to the first possible decision.\n\n";
  for (const std::string& line : preset_lines()) text += fmt::format("* {}\n", line);
  std::string_view table;
  for (const Key& key : keys()) {
    const std::string_view own = table_of(key);
    if (own != table) {
      text += fmt::format(
          "\n## [{}]\n\n| key | default | takes | meaning | source |\n|---|---|---|---|---|\n",
          own);
    }
    table = own;
    std::string type = key.type;
    for (std::size_t i = 0; (i = type.find('|', i)) != std::string::npos; i += 2) {
      type.insert(i, "\\");
    }
    text += fmt::format("| `{}` | `{}` | {}{} | {} | {} |\n", key.name.substr(own.size() + 1),
                        to_toml(key.get(defaults)), type, key.unit.empty() ? "" : ", " + key.unit,
                        key.meaning, key.source);
  }
  text += "\n## Rows of errata.md that are no key\n\n| row | why |\n|---|---|\n";
  for (const FixedRow& row : fixed_rows()) text += fmt::format("| {} | {} |\n", row.row, row.why);
  return text;
}

}  // namespace toxvol::config
