#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_reader.hpp"

namespace toxvol::report {

using Json = nlohmann::ordered_json;

/// A run folder being read: its two documents, and its tables a block at a time.
struct RunFolder {
  std::filesystem::path path;
  Json run;      // run.json
  Json summary;  // summary.json
};

/// Throws `Error`: no such folder, no run folder, a damaged document.
[[nodiscard]] RunFolder open_run(const std::filesystem::path& path);

/// `columns` of `<table>.parquet` in this order, a row group at a time. Throws `Error` for a
/// missing or damaged file and for other columns than those of docs/schemas.md.
void for_each_block(const RunFolder& folder, std::string_view table,
                    const std::vector<std::string>& columns,
                    const std::function<void(const columnar::TableBlock&)>& use);
[[nodiscard]] std::int64_t row_count(const RunFolder& folder, std::string_view table);

/// Whether `kind` (`bookTicker` …) is an input of the run.
[[nodiscard]] bool is_input(const RunFolder& folder, std::string_view kind);
/// Whether an order script stood in the place of the strategy.
[[nodiscard]] bool is_script(const RunFolder& folder);

/// Decimals of the price tick in force at the window's start: 0.1 has 1.
[[nodiscard]] int tick_decimals(const RunFolder& folder);

/// A money field of the summary or of one of its groups, in units of 1e-8.
[[nodiscard]] std::int64_t money_at(const Json& object, const std::string& key);

}  // namespace toxvol::report
