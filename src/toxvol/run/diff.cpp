#include "toxvol/run/diff.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/run/documents.hpp"
#include "toxvol/run/tables.hpp"

namespace toxvol::run {

namespace {

namespace fs = std::filesystem;
using columnar::ColumnBlock;
using columnar::ColumnType;
using columnar::TableBlock;
using columnar::TableReader;
using Json = nlohmann::ordered_json;

std::string value_text(const ColumnBlock& column, std::size_t row) {
  if (column.is_null(row)) return "null";
  switch (column.type()) {
    case ColumnType::Timestamp:
      return to_string(from_ns(*column.integer(row)));
    case ColumnType::Decimal:
      return decimal_text(*column.integer(row));
    case ColumnType::Text:
      return std::string{*column.text(row)};
    case ColumnType::Float64:
      return fmt::format("{}", *column.real(row));
    case ColumnType::Bool:
      return *column.integer(row) != 0 ? "true" : "false";
    case ColumnType::Date:
      return to_string(Day{std::chrono::days{*column.integer(row)}});
    default:
      return std::to_string(*column.integer(row));
  }
}

bool is_equal(const ColumnBlock& a, const ColumnBlock& b, std::size_t row_a, std::size_t row_b) {
  if (a.is_null(row_a) || b.is_null(row_b)) return a.is_null(row_a) == b.is_null(row_b);
  if (a.type() == ColumnType::Text) return a.text(row_a) == b.text(row_b);
  if (a.type() == ColumnType::Float64) return a.real(row_a) == b.real(row_b);
  return a.integer(row_a) == b.integer(row_b);
}

/// The rows of a table one after the other, whatever its row groups.
class Rows {
 public:
  explicit Rows(const fs::path& path) : reader_{path.string()} {}

  bool advance() {
    ++row_;
    ++number_;
    while (!block_ || row_ >= block_->rows) {
      block_ = reader_.next();
      row_ = 0;
      if (!block_) return false;
    }
    return true;
  }
  [[nodiscard]] const columnar::Schema& schema() const { return reader_.schema(); }
  [[nodiscard]] std::int64_t rows() const { return reader_.rows(); }
  [[nodiscard]] std::int64_t number() const { return number_; }  // from 1
  [[nodiscard]] const ColumnBlock& column(std::size_t i) const { return block_->columns[i]; }
  [[nodiscard]] std::size_t row() const { return row_; }
  [[nodiscard]] std::string text(std::size_t i) const { return value_text(column(i), row_); }

 private:
  TableReader reader_;
  std::optional<TableBlock> block_;
  std::size_t row_ = 0;
  std::int64_t number_ = 0;
};

std::optional<std::string> table_difference(const std::string& name, const fs::path& a,
                                            const fs::path& b) {
  Rows left{a / name};
  Rows right{b / name};
  if (left.schema() != right.schema()) return name + ": the columns differ";
  for (;;) {
    const bool more_left = left.advance();
    const bool more_right = right.advance();
    if (!more_left && !more_right) return std::nullopt;
    if (more_left != more_right) {
      return fmt::format("{}: {} rows in A, {} in B; equal up to row {}", name, left.rows(),
                         right.rows(), left.number() - 1);
    }
    for (std::size_t i = 0; i < left.schema().size(); ++i) {
      if (is_equal(left.column(i), right.column(i), left.row(), right.row())) continue;
      const std::string& key = left.schema().front().name;
      return fmt::format("{}: row {} ({} {}): {} is {} in A, {} in B", name, left.number(), key,
                         left.text(0), left.schema()[i].name, left.text(i), right.text(i));
    }
  }
}

std::string path_of(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + '.' + key;
}

std::optional<std::string> json_difference(const std::string& at, const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    for (const auto& [key, value] : a.items()) {
      if (!b.contains(key)) return path_of(at, key) + " is in A only";
      if (auto found = json_difference(path_of(at, key), value, b.at(key))) return found;
    }
    for (const auto& [key, value] : b.items()) {
      if (!a.contains(key)) return path_of(at, key) + " is in B only";
    }
    return std::nullopt;
  }
  if (a.is_array() && b.is_array() && a.size() == b.size()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (auto found = json_difference(fmt::format("{}[{}]", at, i), a[i], b[i])) return found;
    }
    return std::nullopt;
  }
  if (a == b) return std::nullopt;
  return fmt::format("{} is {} in A, {} in B", at, a.dump(), b.dump());
}

std::optional<std::string> document_difference(const std::string& name, const fs::path& a,
                                               const fs::path& b) {
  const Json left = Json::parse(io::read_file(a / name), nullptr, false);
  const Json right = Json::parse(io::read_file(b / name), nullptr, false);
  for (const auto& [json, folder] : {std::pair{&left, &a}, std::pair{&right, &b}}) {
    if (json->is_discarded()) throw Error((*folder / name).string() + ": not JSON");
  }
  const auto found = json_difference("", left, right);
  return found ? std::optional{name + ": " + *found} : std::nullopt;
}

}  // namespace

std::vector<std::string> diff(const fs::path& a, const fs::path& b) {
  for (const fs::path& run : {a, b}) {
    if (!fs::exists(run / "run.json")) {
      throw Error(run.string() + " is not a run folder: it has no run.json");
    }
  }
  std::vector<std::string> found;
  const auto compare = [&](const std::string& name, auto difference) {
    const bool in_a = fs::exists(a / name);
    const bool in_b = fs::exists(b / name);
    if (in_a != in_b) {
      found.push_back(name + (in_a ? " is in A only" : " is in B only"));
    } else if (in_a) {
      if (const auto line = difference(name, a, b)) found.push_back(*line);
    }
  };
  for (const std::string_view table : kTables) {
    compare(std::string{table} + ".parquet", table_difference);
  }
  for (const char* name : {"run.json", "summary.json"}) compare(name, document_difference);
  return found;
}

}  // namespace toxvol::run
