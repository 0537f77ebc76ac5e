#pragma once

#include <string>
#include <vector>

#include "toxvol/core/error.hpp"

namespace toxvol {

/// Parameters that cannot work together: the key of docs/config.md that has to change, and why.
struct Problem {
  std::string key;  // "volatility.z_window"
  std::string why;  // with what to do
  friend bool operator==(const Problem&, const Problem&) = default;
};

/// Throws `Error` with the first of `problems`: "<key>: <why>".
inline void refuse_any(const std::vector<Problem>& problems) {
  if (problems.empty()) return;
  throw Error{problems.front().key + ": " + problems.front().why, ErrorCode::Config};
}

}  // namespace toxvol
