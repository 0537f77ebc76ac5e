#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "toxvol/quality/quote_ranges.hpp"

namespace toxvol::catalog {

/// Quote ranges of files that this run has written, so that comparing kinds need not read them
/// again. A file without an entry is read.
class KeptRanges {
 public:
  /// `sha256` is the file's: other contents have other ranges.
  void keep(const std::string& sha256, quality::QuoteRanges ranges) {
    const std::scoped_lock lock{mutex_};
    if (ranges_.size() < kMostDays) ranges_.emplace(sha256, std::move(ranges));
  }
  /// nullptr where there is none; valid as long as this.
  [[nodiscard]] const quality::QuoteRanges* find(const std::string& sha256) const {
    const std::scoped_lock lock{mutex_};
    const auto found = ranges_.find(sha256);
    return found == ranges_.end() ? nullptr : &found->second;
  }

 private:
  static constexpr std::size_t kMostDays = 64;  // of 1.4 MB each
  mutable std::mutex mutex_;
  std::map<std::string, quality::QuoteRanges> ranges_;
};

}  // namespace toxvol::catalog
