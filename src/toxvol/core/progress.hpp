#pragma once

#include <cstdint>
#include <exception>
#include <string_view>

namespace toxvol {

/// The user asked to stop (Ctrl-C); exit code 130. Nothing half-written may be left behind.
class Interrupted : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "interrupted"; }
};

/// Told by long work how far it is. May be called from several threads. The default is silent.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  virtual ~Progress() = default;

  /// A stage of `total` units (bytes, minutes, …; 0 = unknown) begins.
  virtual void begin(std::string_view stage, std::int64_t total) {
    static_cast<void>(stage);
    static_cast<void>(total);
  }
  /// `units` more are done, with `rows` rows in them. Call every block or so, not every row.
  /// Throws `Interrupted` when the user asked to stop.
  virtual void advance(std::int64_t units, std::int64_t rows) {
    static_cast<void>(units);
    static_cast<void>(rows);
  }
  /// One line that the user should know before the work goes on: data left out, a window cut.
  virtual void tell(std::string_view line) { static_cast<void>(line); }
};

}  // namespace toxvol
