#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "toxvol/columnar/page_encoding.hpp"
#include "toxvol/columnar/page_header.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"

namespace toxvol::columnar {

inline constexpr std::size_t kGroupRows = 65'536;

/// What the footer says of a column of a row group. Sizes with their pages' headers.
struct EncodedColumn {
  PageEncoding encoding{};
  std::size_t dictionary_bytes = 0;  // 0: no dictionary
  std::size_t data_bytes = 0;
  std::size_t plain_bytes = 0;  // of both pages, before compression
  struct Range {
    std::int64_t least = 0;
    std::int64_t most = 0;
  };
  std::optional<Range> range;  // of `ts_init`
};

/// A row group as it stands in a file, wherever that is: offsets are not in it.
struct EncodedGroup {
  std::size_t rows = 0;
  Bytes bytes;  // column after column
  std::vector<EncodedColumn> columns;
};

/// Rows turned into columns of 64-bit numbers: fixed point as its units, times in nanoseconds,
/// sides as in the file, doubles as their bits. Rows are turned while they are still in the cache;
/// column after column is then read in one go.
template <class Record>
class RowColumns {
 public:
  /// Throws `InexactNumber` as `MarketWriter::write` does.
  void append(std::span<const Record> rows);
  void clear();
  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// In the order of market_layout.hpp, those of constant text left out.
  [[nodiscard]] std::span<const std::int64_t> column(std::size_t which) const {
    return std::span{columns_[which]}.first(rows_);
  }

 private:
  std::size_t rows_ = 0;
  std::vector<std::vector<std::int64_t>> columns_;  // behind the rows, room for more
};

/// Encodes row groups, one at a time; several encoders work side by side. Every page is decoded
/// and compared with its rows before it is compressed.
template <class Record>
class GroupEncoder {
 public:
  /// `plain`: leaves out the trailing columns of ours.
  GroupEncoder(std::string instrument_id, bool plain);
  GroupEncoder(const GroupEncoder&) = delete;
  GroupEncoder& operator=(const GroupEncoder&) = delete;
  ~GroupEncoder();

  /// At most `kGroupRows` rows, not none. Throws `Error` where a page would not give its rows back.
  void encode(const RowColumns<Record>& rows, EncodedGroup& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

extern template class RowColumns<Trade>;
extern template class RowColumns<Quote>;
extern template class RowColumns<Bar>;
extern template class RowColumns<KlineFlow>;
extern template class RowColumns<Metrics>;
extern template class RowColumns<Funding>;
extern template class GroupEncoder<Trade>;
extern template class GroupEncoder<Quote>;
extern template class GroupEncoder<Bar>;
extern template class GroupEncoder<KlineFlow>;
extern template class GroupEncoder<Metrics>;
extern template class GroupEncoder<Funding>;

}  // namespace toxvol::columnar
