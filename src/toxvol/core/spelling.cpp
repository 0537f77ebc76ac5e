#include "toxvol/core/spelling.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace toxvol {

namespace {

constexpr std::size_t kShortestBeginning = 4;

std::string small(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

std::size_t spelling_distance(std::string_view first, std::string_view second) {
  const std::string a = small(first);
  const std::string b = small(second);
  if (a.size() >= kShortestBeginning && b.size() > a.size() && b.starts_with(a)) return 1;
  // Three rows of the table of distances between beginnings: two back, one back, this one.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row.back();
}

std::size_t spelling_limit(std::string_view asked) {
  return (asked.size() + 1) / 3;
}

std::optional<std::string> nearest_name(std::string_view asked,
                                        const std::vector<std::string>& names) {
  std::optional<std::string> nearest;
  std::size_t best = spelling_limit(asked) + 1;
  for (const std::string& name : names) {
    const std::size_t distance = spelling_distance(asked, name);
    if (distance >= best) continue;
    best = distance;
    nearest = name;
  }
  return nearest;
}

}  // namespace toxvol
