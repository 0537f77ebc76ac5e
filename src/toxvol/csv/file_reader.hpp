#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

struct ReaderOptions {
  /// The day in the file's name. Metrics need it (C4); the others do not look at it.
  std::optional<Day> file_day{};
  /// Metrics: the symbol every row must name; empty: the one that the first row names.
  std::string symbol{};
  /// The first bad row throws `Error` in place of being kept.
  bool strict = false;
  /// Text that is parsed at a time. What is read does not depend on it, but for the blocks in which
  /// it comes.
  std::size_t block_bytes = 1 << 18;
  std::size_t max_bad_rows = 1'000;      // kept with their place and value; the count is exact
  std::size_t max_line_bytes = 1 << 20;  // a longer line is one bad row
  /// Who reads and parses the next blocks meanwhile; must outlive the reader. Null: nobody.
  Workers* workers = nullptr;
};

/// A row that gave no record.
struct BadRow {
  std::int64_t line = 0;  // 1-based, the header counts
  std::int64_t byte = 0;  // offset of the line's first byte in the decompressed file
  std::string column{};   // empty: the line as a whole
  std::string value{};    // at most 80 bytes
  RowFault fault{};
  std::string text{};  // what is wrong, in a few words
};

struct ReadStats {
  std::int64_t rows_read = 0;  // data rows, the bad ones among them
  std::int64_t bad_rows = 0;
  std::int64_t bytes = 0;  // decompressed, consumed so far
  bool has_header = false;
  std::optional<TimeUnit> unit{};  // of the first row with a time; none for metrics
};

/// Reads one Binance file of one kind to its end: `Trade`, `Quote`, `Bar`, `Metrics`, `Funding`.
/// With or without a header (mapped by name), LF or CRLF, byte-order mark, any number of blank
/// lines at the end. A bad row is kept aside and harms no other. Memory is bounded by the options.
/// Columns: docs/data.md
template <class Record>
class FileReader {
 public:
  /// Reads the first line. Throws `Error`: an empty file, a header of another kind (named), a spot
  /// or COIN-M file.
  explicit FileReader(std::unique_ptr<ByteSource> source, ReaderOptions options = {});
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  FileReader(FileReader&&) noexcept;
  FileReader& operator=(FileReader&&) noexcept;
  ~FileReader();

  /// The next records in file order, valid until the next call and the caller's to change; empty
  /// at the end, for ever. Throws `Error` when the source fails, or at a bad row if `strict`.
  [[nodiscard]] std::span<Record> next();
  /// The 1-based line of each record of the last `next()`.
  [[nodiscard]] std::span<const std::int64_t> lines() const;

  /// In file order. Complete once `next()` has come back empty.
  [[nodiscard]] std::span<const BadRow> bad_rows() const;
  [[nodiscard]] const ReadStats& stats() const;
  [[nodiscard]] const std::string& name() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

extern template class FileReader<Trade>;
extern template class FileReader<Quote>;
extern template class FileReader<Bar>;
extern template class FileReader<Metrics>;
extern template class FileReader<Funding>;

}  // namespace toxvol::csv
