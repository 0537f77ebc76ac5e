#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/columnar/table_reader.hpp"

namespace toxvol::run {

/// The rows of one table one after the other, for who reads two things side by side. Throws as
/// `for_each_record`.
template <class Record>
class RecordRows {
 public:
  explicit RecordRows(const std::filesystem::path& run);
  /// The next row; empty at the end.
  [[nodiscard]] std::optional<Record> next();

 private:
  std::string path_;
  columnar::TableReader reader_;
  std::optional<columnar::TableBlock> block_;
  std::size_t row_ = 0;
};

/// The table of the run folder `run` whose rows are `Record` (one of `Records`), back as records in
/// file order. What no column holds keeps its default, a MARKET order's price is 0. Throw `Error`
/// for a missing or damaged file, for other columns than those of columns.hpp, and for a text
/// outside its vocabulary.
template <class Record>
void for_each_record(const std::filesystem::path& run,
                     const std::function<void(const Record&)>& use);
template <class Record>
[[nodiscard]] std::vector<Record> read_records(const std::filesystem::path& run);

}  // namespace toxvol::run
