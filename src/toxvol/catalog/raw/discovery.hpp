#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::catalog {

/// One file of Binance's, known by its name.
struct SourceFile {
  std::filesystem::path path;
  std::string relative;  // to the RAW folder it was found in, with '/'
  Kind kind{};
  std::string symbol;
  Day first_day{};
  bool monthly = false;
  bool zip = false;
  std::int64_t bytes = 0;
  /// Days of a monthly file that daily files have: left out of it. Sorted.
  std::vector<Day> superseded;

  [[nodiscard]] TimeRange period() const;
  /// `2024-01-31` or `2024-01`.
  [[nodiscard]] std::string label() const;
};

/// A file that is Binance's but not ours to read.
struct RefusedFile {
  std::string path;
  std::string why;  // one line
};

struct Discovery {
  std::vector<SourceFile> files;  // by symbol, kind, daily before monthly, day, path
  std::vector<RefusedFile> refused;
  std::int64_t ignored = 0;  // files that are none of the five kinds
};

/// What a file's name and folders say; nothing for a file of no interest.
struct NameReading {
  std::optional<SourceFile> file;      // path, relative and bytes are left empty
  std::optional<std::string> refused;  // spot, COIN-M, delivery contracts, dates beyond time
};
/// `path` is looked at from its last folder upwards: `spot`, `cm`, `markPriceKlines` … tell.
[[nodiscard]] NameReading read_name(const std::filesystem::path& path);

/// Finds Binance's files in folders (any tree) or files. Throws `Error` for a path that does not
/// exist, and for the same kind and day found twice with different contents.
[[nodiscard]] Discovery discover(const std::vector<std::filesystem::path>& raw);

/// `YYYY-MM-DD`, a real date (`day_of_date`).
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);

}  // namespace toxvol::catalog
