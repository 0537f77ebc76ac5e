#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "toxvol/columnar/page_header.hpp"
#include "toxvol/columnar/varint.hpp"

namespace arrow::io {
class RandomAccessFile;
}  // namespace arrow::io
namespace arrow::util {
class Decompressor;
}  // namespace arrow::util
namespace parquet {
class FileMetaData;
}  // namespace parquet

namespace toxvol::columnar {

/// The pages of one column of one row group after the other, where they are as our writer makes
/// them, in memory that is used again. Arrow's page reader takes new memory and a new context of
/// zstd for each page.
class ColumnPages {
 public:
  struct Page {
    std::size_t values = 0;
    ByteView bytes;  // until the next page
  };

  ColumnPages();

  void open(std::shared_ptr<arrow::io::RandomAccessFile> file,
            std::shared_ptr<parquet::FileMetaData> metadata);
  /// The pages of this column from now on. False: none that our writer makes.
  [[nodiscard]] bool go_to(int group, int column);
  /// The next page; nothing where it is another one, or damaged.
  [[nodiscard]] std::optional<Page> dictionary();
  [[nodiscard]] std::optional<Page> data(PageEncoding encoding);

 private:
  [[nodiscard]] std::optional<Page> decompressed(const std::optional<PageSizes>& sizes);

  std::shared_ptr<arrow::io::RandomAccessFile> file_;
  std::shared_ptr<parquet::FileMetaData> metadata_;
  std::shared_ptr<arrow::util::Decompressor> zstd_;
  Bytes chunk_;    // as it is in the file
  ByteView left_;  // of it
  Bytes page_;
};

}  // namespace toxvol::columnar
