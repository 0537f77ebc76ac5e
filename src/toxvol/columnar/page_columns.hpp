#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/columnar/column_pages.hpp"

namespace arrow::io {
class RandomAccessFile;
}  // namespace arrow::io
namespace parquet {
class FileMetaData;
}  // namespace parquet

namespace toxvol::columnar {

/// Reads whole columns of a row group as 64-bit numbers where their pages are such as our writer
/// makes them (page_encoding.hpp): one data page, behind one dictionary where there is one. False:
/// they are not, or hold what no column of ours can, or are damaged; `out` is then whatever it is.
/// Such columns are Arrow's, which says what is wrong with them.
class PageColumns {
 public:
  PageColumns();
  void open(std::shared_ptr<arrow::io::RandomAccessFile> file,
            std::shared_ptr<parquet::FileMetaData> metadata) {
    pages_.open(std::move(file), std::move(metadata));
  }
  /// The columns of this row group from now on.
  void go_to(int group) { group_ = group; }

  /// Fixed point by a dictionary, in units of 1e-8.
  [[nodiscard]] bool read_fixed(int column, std::span<std::int64_t> out);
  /// 32-bit numbers by a dictionary.
  [[nodiscard]] bool read_ints(int column, std::span<std::int64_t> out);
  /// 64-bit numbers by their differences.
  [[nodiscard]] bool read_longs(int column, std::span<std::int64_t> out);
  /// Decimal texts.
  [[nodiscard]] bool read_texts(int column, std::span<std::int64_t> out);

 private:
  template <std::size_t kWidth, class Get>
  bool by_dictionary(int column, std::span<std::int64_t> out, Get get);

  ColumnPages pages_;
  int group_ = 0;
  std::vector<std::int64_t> dictionary_;
  std::vector<std::uint16_t> indices_;
  std::vector<std::int64_t> sizes_;
  std::string text_;
};

}  // namespace toxvol::columnar
