#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include "toxvol/core/progress.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::synth::test {

namespace fs = std::filesystem;

/// A folder of one test, removed at its end.
class TemporaryFolder {
 public:
  /// Of this process alone: test programs run side by side.
  explicit TemporaryFolder(const std::string& name)
      : path_{fs::temp_directory_path() /
              ("toxvol_synth_" + name + "_" + std::to_string(::getpid()))} {
    fs::remove_all(path_);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { fs::remove_all(path_); }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline Day day(int year, unsigned month, unsigned of_month) {
  return Day{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{of_month}};
}

/// Two days of ticks after two of klines.
inline Params small(const fs::path& out, std::uint64_t seed = 1) {
  Params params;
  params.out = out;
  params.from = day(2024, 1, 1);
  params.days = 2;
  params.klines_only_days = 2;
  params.seed = seed;
  params.intensity = 0.004;
  return params;
}

inline Summary make(const Params& params) {
  Progress silent;
  return generate(params, silent);
}

inline std::string text_of(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{"no " + path.string()};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The rows of a CSV file, header first.
inline std::vector<std::vector<std::string>> rows_of(const fs::path& path) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream text{text_of(path)};
  std::string line;
  while (std::getline(text, line)) {
    auto& fields = rows.emplace_back();
    for (std::size_t start = 0;;) {
      const std::size_t comma = line.find(',', start);
      fields.push_back(line.substr(start, comma - start));
      if (comma == std::string::npos) break;
      start = comma + 1;
    }
  }
  return rows;
}

/// "61800.30" with 5 decimals is 6180030000: exact, whatever the file wrote.
inline std::int64_t scaled(std::string_view text, int decimals) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  std::string digits;
  int after = -1;
  for (const char c : text) {
    if (c == '.') {
      after = 0;
      continue;
    }
    digits += c;
    if (after >= 0) ++after;
  }
  for (after = after < 0 ? 0 : after; after < decimals; ++after) digits += '0';
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc{} || end != digits.data() + digits.size() || after > decimals) {
    throw std::runtime_error{"not a number: " + std::string{text}};
  }
  return negative ? -value : value;
}

inline fs::path daily(const Params& params, const char* folder, const char* in_name, int index) {
  return params.out / "futures/daily" / folder /
         (params.symbol + "-" + in_name + "-" + to_string(params.from + std::chrono::days{index}) +
          ".csv");
}

}  // namespace toxvol::synth::test
