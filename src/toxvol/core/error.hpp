#pragma once

#include <stdexcept>
#include <string>

namespace toxvol {

/// A job cannot go on: a file, the disk, a schema, a configuration. `what()` is one line that says
/// what, where, the offending value and what to do. `app` and the Python binding print it as it is.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Wrong flags, `--set` keys or `--set` values: the same one line, exit code 2 instead of 1.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace toxvol
