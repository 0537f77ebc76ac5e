#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace toxvol::run {

/// Collects lines, at most `kShown` of each sort: a damaged ledger would give one a minute.
class Violations {
 public:
  static constexpr std::size_t kShown = 3;

  void add(std::string_view sort, std::string line) {
    std::vector<std::string>& lines = by_sort_[std::string{sort}].first;
    std::size_t& count = by_sort_[std::string{sort}].second;
    if (count++ < kShown) lines.push_back(std::string{sort} + ": " + std::move(line));
  }

  [[nodiscard]] std::vector<std::string> take() {
    std::vector<std::string> all;
    for (auto& [sort, found] : by_sort_) {
      auto& [lines, count] = found;
      const std::size_t hidden = count - lines.size();
      if (hidden > 0) lines.back() += " (and " + std::to_string(hidden) + " more)";
      for (std::string& line : lines) all.push_back(std::move(line));
    }
    return all;
  }

 private:
  std::map<std::string, std::pair<std::vector<std::string>, std::size_t>> by_sort_;
};

}  // namespace toxvol::run
