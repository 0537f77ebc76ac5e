#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>
#include <parquet/types.h>

#include "toxvol/columnar/market_block.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/columnar/market_layout.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/columnar/page_columns.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/core/workers.hpp"

namespace toxvol::columnar {

namespace {

constexpr std::int64_t kMostRows = 65'536;  // whose columns are read at once
constexpr std::int64_t kBlockRows = 8'192;  // given at once: 512 KB of quotes
constexpr std::size_t kTileRows = 128;      // made of the columns at once: 8 KB

/// Finds each column once and checks its type. Index -1: ours and absent.
struct LookupVisitor {
  const parquet::SchemaDescriptor& schema;
  const std::string& path;
  bool by_name = false;
  std::vector<int> indices;
  int position = 0;
  bool plain = false;  // a column of ours is absent

  void find(std::string_view name, parquet::Type::type type, int length, bool required) {
    int index = by_name || !required ? schema.ColumnIndex(std::string{name}) : position;
    if (required) ++position;
    if (index >= schema.num_columns()) index = -1;
    if (index < 0) {
      if (required) refuse(path, fmt::format("column {} is missing", name));
      plain = true;
      indices.push_back(-1);
      return;
    }
    const parquet::ColumnDescriptor* column = schema.Column(index);
    if (column->name() != name) {
      refuse(path, fmt::format("column {} is {}, not {}", index, column->name(), name));
    }
    if (column->physical_type() != type || (length > 0 && column->type_length() != length)) {
      refuse(path, fmt::format("column {} is {}({}), not {}({})", name,
                               parquet::TypeToString(column->physical_type()),
                               column->type_length(), parquet::TypeToString(type), length));
    }
    indices.push_back(index);
  }
  template <class M>
  void fixed(std::string_view name, M /*member*/) {
    find(name, parquet::Type::FIXED_LEN_BYTE_ARRAY, kRawBytes, true);
  }
  template <class M>
  void time(std::string_view name, M /*member*/) {
    find(name, parquet::Type::INT64, 0, true);
  }
  template <class M>
  void integer(std::string_view name, M /*member*/) {
    find(name, parquet::Type::INT64, 0, true);
  }
  template <class M>
  void own_integer(std::string_view name, M /*member*/) {
    find(name, parquet::Type::INT64, 0, false);
  }
  template <class M>
  void own_time(std::string_view name, M /*member*/) {
    find(name, parquet::Type::INT64, 0, false);
  }
  template <class M>
  void side(std::string_view name, M /*member*/) {
    find(name, parquet::Type::INT32, 0, true);
  }
  template <class M>
  void id_text(std::string_view name, M /*member*/) {
    find(name, parquet::Type::BYTE_ARRAY, 0, true);
  }
  template <class M>
  void real(std::string_view name, M /*member*/) {
    find(name, parquet::Type::DOUBLE, 0, true);
  }
  // Known beforehand; never read.
  void constant(std::string_view /*name*/, Constant /*what*/) { indices.push_back(-1); }
};

}  // namespace

template <class Record>
struct MarketReader<Record>::State {
  using Readers = std::vector<std::shared_ptr<parquet::ColumnReader>>;

  std::string path;
  std::unique_ptr<parquet::ParquetFileReader> file;
  std::shared_ptr<parquet::FileMetaData> metadata;
  MarketFormat format;
  bool ours = false;
  std::vector<int> indices;

  /// Of some rows that follow one another.
  struct Columns {
    std::vector<std::vector<std::int64_t>> values;
    std::int64_t first_row = 0;  // in the file
    std::int64_t last_row = 0;   // one past
  };
  /// A row group that somebody reads while the rows of earlier ones are given.
  struct Ahead {
    int group = 0;
    Columns columns;
    std::shared_ptr<Piece> piece;  // null: there is none
  };

  int group = 0;                // the next to be begun
  std::int64_t group_left = 0;  // rows of the one before whose columns are not read yet
  std::int64_t row = 0;         // first row of the next block, in the file
  std::shared_ptr<parquet::RowGroupReader> group_reader;  // of one that is read in several parts
  Readers readers;
  PageColumns pages;  // whoever reads a whole row group; one does at a time
  Columns columns;
  Workers* workers = nullptr;
  Ahead ahead;
  int in_a_row = 0;  // whole row groups that were read one after the other
  std::optional<std::vector<TimeRange>> wanted;
  BlockPool<Record> blocks;
  SharedRows<Record> given;  // by `next`

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { drop_ahead(); }

  /// First and last `ts_init` of a row group, where its footer says them.
  [[nodiscard]] std::optional<std::pair<Timestamp, Timestamp>> span_of(int which) const {
    const int index = metadata->schema()->ColumnIndex(std::string{"ts_init"});
    if (index < 0) return std::nullopt;
    const auto chunk = metadata->RowGroup(which)->ColumnChunk(index);
    const auto statistics = chunk->statistics();
    if (!statistics || !statistics->HasMinMax()) return std::nullopt;
    const auto& typed = static_cast<const parquet::Int64Statistics&>(*statistics);
    return std::pair{from_ns(typed.min()), from_ns(typed.max())};
  }
  /// Whether a row group may hold rows of the wanted range.
  [[nodiscard]] bool needed(int which) const {
    if (!wanted) return true;
    const auto span = span_of(which);
    return !span || std::any_of(wanted->begin(), wanted->end(), [&](const TimeRange& part) {
      return span->second >= part.from && span->first < part.to;
    });
  }
  /// Passes a row group that has not been opened.
  void leave_out() {
    row += metadata->RowGroup(group)->num_rows();
    ++group;
  }

  /// Whether all its rows are read at once, by our own decoders where they can.
  [[nodiscard]] bool is_whole(int which) const {
    return ours && metadata->RowGroup(which)->num_rows() <= kMostRows;
  }

  [[nodiscard]] bool has_columns() const { return row < columns.last_row; }
  /// The columns of the next rows. False at the end of the file.
  bool read_columns() {
    if (group_left == 0) {
      if (!find_group()) return false;
      if (is_whole(group)) {
        if (!take_ahead()) read_whole(group, row, columns);
        ++group;
        ++in_a_row;
        begin_ahead();
        return true;
      }
      group_reader = file->RowGroup(group);
      group_left = metadata->RowGroup(group)->num_rows();
      readers.assign(indices.size(), nullptr);
      ++group;
    }
    const std::int64_t count = std::min(group_left, kMostRows);
    read(*group_reader, readers, nullptr, row, count, columns);
    group_left -= count;
    return true;
  }

  /// Passes row groups that nobody wants. False at the end of the file.
  bool find_group() {
    while (group < metadata->num_row_groups()) {
      if (needed(group) && metadata->RowGroup(group)->num_rows() > 0) return true;
      leave_out();
    }
    return false;
  }
  void read(parquet::RowGroupReader& from, Readers& by, PageColumns* by_us, std::int64_t first,
            std::int64_t count, Columns& into) const {
    ColumnsVisitor reading{.path = path,
                           .indices = indices,
                           .group = from,
                           .readers = by,
                           .pages = by_us,
                           .rows = static_cast<std::size_t>(count),
                           .first_row = first,
                           .columns = into.values};
    toxvol::columnar::columns(std::type_identity<Record>{}, reading);
    into.first_row = first;
    into.last_row = first + count;
  }
  void read_whole(int which, std::int64_t first, Columns& into) {
    const auto from = file->RowGroup(which);
    Readers by(indices.size());
    pages.go_to(which);
    read(*from, by, &pages, first, from->metadata()->num_rows(), into);
  }

  /// What was read ahead, if that is what is wanted now.
  bool take_ahead() {
    if (!ahead.piece) return false;
    if (ahead.group != group) {
      drop_ahead();
      return false;
    }
    const std::shared_ptr<Piece> piece = std::exchange(ahead.piece, nullptr);
    workers->finish(*piece);
    std::swap(columns, ahead.columns);
    return true;
  }
  /// From the second row group on: who wants a few rows here and there shall not read more.
  void begin_ahead() {
    if (workers == nullptr || in_a_row < 2 || group >= metadata->num_row_groups()) return;
    if (!needed(group) || !is_whole(group)) return;
    ahead.group = group;
    ahead.piece = std::make_shared<Piece>(
        [this, first = columns.last_row] { read_whole(ahead.group, first, ahead.columns); });
    workers->start(ahead.piece);
  }
  void drop_ahead() noexcept {
    if (ahead.piece) workers->drop(*std::exchange(ahead.piece, nullptr));
  }
};

template <class Record>
MarketReader<Record>::MarketReader(const std::string& path, Workers* workers)
    : state_{std::make_unique<State>()} {
  state_->path = path;
  state_->workers = workers;
  try {
    // The C library's: Arrow's own gives the memory of each page back, and asks for it again.
    const parquet::ReaderProperties properties{arrow::system_memory_pool()};
    auto file = arrow::io::ReadableFile::Open(path);
    if (!file.ok())
      refuse(path, fmt::format("not readable as Parquet ({})", file.status().message()));
    state_->file = parquet::ParquetFileReader::Open(*file, properties);
    state_->metadata = state_->file->metadata();
    state_->pages.open(*std::move(file), state_->metadata);
  } catch (const parquet::ParquetException& error) {
    refuse(path, fmt::format("not readable as Parquet ({})", error.what()));
  }
  if (const auto& keys = state_->metadata->key_value_metadata()) {
    const auto value = [&](const char* key) {
      const auto found = keys->Get(key);
      return found.ok() ? *found : std::string{};
    };
    state_->ours = value("toxvol.schema") == "1";
    state_->format.instrument_id = value("instrument_id");
    const auto number = [&](const char* key) {
      const std::string text = value(key);
      int result = 0;
      std::from_chars(text.data(), text.data() + text.size(), result);
      return result;
    };
    state_->format.price_precision = number("price_precision");
    state_->format.size_precision = number("size_precision");
  }
  LookupVisitor lookup{.schema = *state_->metadata->schema(),
                       .path = path,
                       .by_name = kIsCustom<Record>,
                       .indices = {}};
  columns(std::type_identity<Record>{}, lookup);
  state_->indices = std::move(lookup.indices);
  state_->format.plain = lookup.plain;
}

template <class Record>
MarketReader<Record>::MarketReader(MarketReader&&) noexcept = default;
template <class Record>
MarketReader<Record>& MarketReader<Record>::operator=(MarketReader&&) noexcept = default;
template <class Record>
MarketReader<Record>::~MarketReader() = default;

template <class Record>
bool MarketReader<Record>::ours() const {
  return state_->ours;
}

template <class Record>
std::int64_t MarketReader<Record>::rows() const {
  return state_->metadata->num_rows();
}

template <class Record>
const MarketFormat& MarketReader<Record>::format() const {
  return state_->format;
}

template <class Record>
void MarketReader<Record>::skip_outside(std::vector<TimeRange> parts) {
  state_->wanted = std::move(parts);
}

template <class Record>
bool MarketReader<Record>::skip_before(Timestamp ts) {
  State& state = *state_;
  bool any = false;
  if (state.has_columns() || state.group_left > 0) {
    const auto span = state.span_of(state.group - 1);
    if (!span || span->second >= ts) return false;
    state.row = state.columns.last_row + state.group_left;
    state.group_left = 0;
    any = true;
  }
  const int first = state.group;
  while (state.group < state.metadata->num_row_groups()) {
    const auto span = state.span_of(state.group);
    if (!span || span->second >= ts) break;
    state.leave_out();
  }
  any |= state.group > first;
  if (any) state.in_a_row = 0;
  return any;
}

template <class Record>
bool MarketReader<Record>::at_end() const {
  return !state_->has_columns() && state_->group_left == 0 &&
         state_->group >= state_->metadata->num_row_groups();
}

template <class Record>
std::span<const Record> MarketReader<Record>::next() {
  state_->given = {};  // its block may be used again
  state_->given = next_shared();
  return state_->given.rows;
}

template <class Record>
SharedRows<Record> MarketReader<Record>::next_shared() {
  State& state = *state_;
  try {
    if (!state.has_columns() && !state.read_columns()) return {};
    const auto first_in_columns = static_cast<std::size_t>(state.row - state.columns.first_row);
    const auto count =
        static_cast<std::size_t>(std::min(state.columns.last_row - state.row, kBlockRows));
    const std::shared_ptr<std::vector<Record>>& block = state.blocks.spare();
    block->resize(count);
    for (std::size_t first = 0; first < count; first += kTileRows) {
      RowsVisitor<Record> making{
          .columns = state.columns.values,
          .rows = std::span{*block}.subspan(first, std::min(kTileRows, count - first)),
          .first = first_in_columns + first,
          .first_row = state.columns.first_row};
      toxvol::columnar::columns(std::type_identity<Record>{}, making);
    }
    state.row += static_cast<std::int64_t>(count);
    return {.owner = block, .rows = *block};
  } catch (const parquet::ParquetException& error) {
    throw FileError{state.path,
                    fmt::format("damaged Parquet file ({}); ingest its day again", error.what()),
                    ErrorCode::Corrupt};
  }
}

template class MarketReader<Trade>;
template class MarketReader<Quote>;
template class MarketReader<Bar>;
template class MarketReader<KlineFlow>;
template class MarketReader<Metrics>;
template class MarketReader<Funding>;

}  // namespace toxvol::columnar
