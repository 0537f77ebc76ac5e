#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/core/progress.hpp"

namespace toxvol::catalog {

enum class ViewBy : std::uint8_t { Month, Year };

struct ViewOptions {
  std::filesystem::path catalog;
  std::filesystem::path out;  // must not exist
  ViewBy by = ViewBy::Month;
  std::vector<std::string> symbols;  // empty: all
  bool plain = false;                // quotes and trades without the columns of ours
};

struct ViewReport {
  std::int64_t files_read = 0;
  std::int64_t files_written = 0;
  std::int64_t rows = 0;
};

/// Copies a catalog into larger files, for NautilusTrader over long windows (it opens every file of
/// a query at once). The same rows; without our manifest. `out` appears whole or not at all. Throws
/// `Error`.
[[nodiscard]] ViewReport write_view(const ViewOptions& options, Progress& progress);

}  // namespace toxvol::catalog
