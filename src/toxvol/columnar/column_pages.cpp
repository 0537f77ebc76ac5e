#include "toxvol/columnar/column_pages.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <arrow/io/interfaces.h>
#include <arrow/util/compression.h>
#include <parquet/metadata.h>
#include <parquet/types.h>

#include "toxvol/columnar/page_header.hpp"
#include "toxvol/columnar/varint.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::columnar {

namespace {

/// More than any column or page of ours has. Beyond it a damaged file would be taken at its word.
constexpr std::size_t kMostBytes = std::size_t{16} << 20;

void make_room(std::size_t size, Bytes& bytes) {
  if (bytes.size() < size) bytes.resize(size);
}

std::shared_ptr<arrow::util::Decompressor> new_zstd() {
  const auto codec = arrow::util::Codec::Create(arrow::Compression::ZSTD);
  if (!codec.ok()) throw Error{"ZSTD: " + codec.status().message()};
  auto made = (*codec)->MakeDecompressor();
  if (!made.ok()) throw Error{"ZSTD: " + made.status().message()};
  return *std::move(made);
}

}  // namespace

ColumnPages::ColumnPages() : zstd_{new_zstd()} {}

void ColumnPages::open(std::shared_ptr<arrow::io::RandomAccessFile> file,
                       std::shared_ptr<parquet::FileMetaData> metadata) {
  file_ = std::move(file);
  metadata_ = std::move(metadata);
}

bool ColumnPages::go_to(int group, int column) {
  const auto chunk = metadata_->RowGroup(group)->ColumnChunk(column);
  const std::int64_t size = chunk->total_compressed_size();
  if (chunk->compression() != parquet::Compression::ZSTD || size <= 0 ||
      size > static_cast<std::int64_t>(kMostBytes)) {
    return false;
  }
  const std::int64_t begin =
      chunk->has_dictionary_page() ? chunk->dictionary_page_offset() : chunk->data_page_offset();
  make_room(static_cast<std::size_t>(size), chunk_);
  const auto read = file_->ReadAt(begin, size, chunk_.data());
  if (!read.ok() || *read != size) return false;
  left_ = ByteView{chunk_}.first(static_cast<std::size_t>(size));
  return true;
}

std::optional<ColumnPages::Page> ColumnPages::dictionary() {
  return decompressed(get_dictionary_header(left_));
}

std::optional<ColumnPages::Page> ColumnPages::data(PageEncoding encoding) {
  return decompressed(get_data_header(encoding, left_));
}

std::optional<ColumnPages::Page> ColumnPages::decompressed(const std::optional<PageSizes>& sizes) {
  if (!sizes || sizes->compressed > left_.size() || sizes->plain > kMostBytes) return std::nullopt;
  make_room(sizes->plain, page_);
  const auto in = static_cast<std::int64_t>(sizes->compressed);
  const auto out = static_cast<std::int64_t>(sizes->plain);
  if (!zstd_->Reset().ok()) return std::nullopt;
  const auto done = zstd_->Decompress(in, left_.data(), out, page_.data());
  if (!done.ok() || done->bytes_read != in || done->bytes_written != out || !zstd_->IsFinished()) {
    return std::nullopt;
  }
  left_ = left_.subspan(sizes->compressed);
  return Page{.values = sizes->values, .bytes = ByteView{page_}.first(sizes->plain)};
}

}  // namespace toxvol::columnar
