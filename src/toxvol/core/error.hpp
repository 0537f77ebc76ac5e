#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace toxvol {

/// What kind of thing went wrong, for programs that react to it; `toxvol.Error.code` in Python.
enum class ErrorCode : std::uint8_t {
  Failed,    // none of the below
  Usage,     // a wrong flag, argument, `--set` key or value
  Config,    // a configuration that cannot be, or cannot run
  NotFound,  // a file, folder, symbol or run that is not there
  Exists,    // what would be written is there already, or something else is
  Busy,      // another process is at work there
  Empty,     // a file without content
  Corrupt,   // a file that is not what it should be: damaged, cut off, of another format
  Io,        // the system refuses to read or write: permissions, a full disk
};

[[nodiscard]] constexpr std::string_view name(ErrorCode code) {
  switch (code) {
    case ErrorCode::Failed:
      return "failed";
    case ErrorCode::Usage:
      return "usage";
    case ErrorCode::Config:
      return "config";
    case ErrorCode::NotFound:
      return "not_found";
    case ErrorCode::Exists:
      return "exists";
    case ErrorCode::Busy:
      return "busy";
    case ErrorCode::Empty:
      return "empty";
    case ErrorCode::Corrupt:
      return "corrupt";
    case ErrorCode::Io:
      return "io";
  }
  return "";
}

/// A job cannot go on: a file, the disk, a schema, a configuration. `what()` is one line that says
/// what, where, the offending value and what to do. `app` and the Python binding print it as it is.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& what, ErrorCode code = ErrorCode::Failed)
      : std::runtime_error{what}, code_{code} {}
  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

/// What is wrong is one file: `what()` begins with its path.
class FileError : public Error {
 public:
  FileError(const std::string& file, const std::string& what, ErrorCode code)
      : Error{file + ": " + what, code}, length_{file.size()} {}
  [[nodiscard]] std::string_view file() const noexcept {
    return std::string_view{what()}.substr(0, length_);
  }

 private:
  std::size_t length_;  // of the path: no text of its own, so that copying cannot throw
};

/// Wrong flags, `--set` keys or `--set` values: the same one line, exit code 2 instead of 1.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& what) : Error{what, ErrorCode::Usage} {}
};

}  // namespace toxvol
