#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"

namespace toxvol::report {

/// A small Parquet file read whole, its values by column name. An absent column has no values:
/// older studies lack the newer columns. Throws `Error` for a missing or damaged file.
class LoadedTable {
 public:
  explicit LoadedTable(const std::filesystem::path& file);

  [[nodiscard]] std::size_t rows() const { return block_.rows; }
  [[nodiscard]] const columnar::Schema& schema() const { return schema_; }
  [[nodiscard]] bool has(std::string_view name) const { return place(name).has_value(); }
  /// A float64 or integer column, a decimal as its number.
  [[nodiscard]] std::optional<double> real(std::string_view name, std::size_t row) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view name, std::size_t row) const;
  /// Empty where it is null.
  [[nodiscard]] std::string text(std::string_view name, std::size_t row) const;

 private:
  [[nodiscard]] std::optional<std::size_t> place(std::string_view name) const;

  columnar::Schema schema_;
  columnar::TableBlock block_;
};

}  // namespace toxvol::report
