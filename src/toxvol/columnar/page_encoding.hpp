#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/columnar/varint.hpp"

/// Parquet's encodings of the columns of market files, as our writer uses them: a page is one run
/// of one encoding, its indices whole bytes. Each has its inverse, by which the writer proves every
/// page before the file is anybody's. Format: parquet.apache.org/docs/file-format/data-pages.
namespace toxvol::columnar {

struct Extremes {
  std::int64_t least;
  std::int64_t most;
};
/// Of values that are not none.
[[nodiscard]] Extremes least_and_most(std::span<const std::int64_t> values);

/// Distinct values of a column, and which of them each value is. Values ascend where they lie on a
/// grid that is not much wider than they are many, such as prices on their tick: then none has to
/// be searched for. Else they stand in the order in which they first come.
class Dictionary {
 public:
  Dictionary();

  /// Forgets what it held. `values` are not none, at most 65,536; as many `indices`.
  void number(std::span<const std::int64_t> values, std::span<std::uint16_t> indices);
  [[nodiscard]] std::span<const std::int64_t> values() const { return {values_.data(), count_}; }

 private:
  struct Slot {
    std::int64_t value = 0;
    std::uint32_t age = 0;  // of another age: empty
    std::uint16_t index = 0;
  };

  [[nodiscard]] bool number_on_grid(std::span<const std::int64_t> values,
                                    std::span<std::uint16_t> indices);
  struct Grid {
    std::int64_t from;
    std::uint64_t range;
    std::uint64_t step;
  };
  /// False where some value is on no place of the grid, or it is too wide.
  [[nodiscard]] bool place(Grid grid, std::span<const std::int64_t> values,
                           std::span<std::uint16_t> indices);
  void clear();
  [[nodiscard]] std::uint16_t index_of(std::int64_t value);

  std::vector<std::int64_t> values_;
  std::size_t count_ = 0;
  std::vector<std::uint32_t> places_;   // on the grid, of each value
  std::vector<std::uint8_t> is_taken_;  // by place
  std::vector<std::uint16_t> ranks_;    // by place that is taken
  std::vector<Slot> slots_;
  std::uint32_t age_ = 1;
};

/// RLE_DICTIONARY: indices below `distinct`.
void put_indices(std::span<const std::uint16_t> indices, std::size_t distinct, Bytes& out);
/// The inverse, of such pages only. False where the bytes are no such page of `out.size()` values.
[[nodiscard]] bool get_indices(ByteView page, std::span<std::uint16_t> out);

/// DELTA_BINARY_PACKED. Of times and the like many differences are the same, and a compressor finds
/// the same bytes: `WholeBytes`. Those of ids are all sorts, which no compressor makes smaller:
/// `Bits`, but eight for the small ones, which do come again.
enum class Width : std::uint8_t { WholeBytes, Bits };
void put_deltas(std::span<const std::int64_t> values, Width width, Bytes& out);
/// The inverse, of such pages only; `page` is moved past what it took. False where the bytes are no
/// such page of `out.size()` values.
[[nodiscard]] bool get_deltas(ByteView& page, std::span<std::int64_t> out);

/// DELTA_BYTE_ARRAY of texts that follow one another in `text`, each `sizes[i]` long.
void put_texts(std::string_view text, std::span<const std::int64_t> sizes, Bytes& out);
/// The inverse: the same `text` and `sizes`.
[[nodiscard]] bool get_texts(ByteView page, std::string& text, std::span<std::int64_t> sizes);

}  // namespace toxvol::columnar
