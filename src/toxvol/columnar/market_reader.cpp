#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/column_reader.h>
#include <parquet/exception.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>
#include <parquet/types.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/columnar/market_layout.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::columnar {

namespace {

constexpr std::size_t kBlockRows = 65'536;

[[noreturn]] void refuse(const std::string& path, std::string_view what) {
  throw Error{
      fmt::format("{}: {}; is it a file of a NautilusTrader 1.x catalog (Linux)?", path, what),
      ErrorCode::Corrupt};
}

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

/// Fills one block, column by column, from the readers of one row group.
template <class Record>
struct BlockVisitor {
  const std::string& path;
  std::vector<std::shared_ptr<parquet::ColumnReader>>& readers;
  std::span<Record> rows;
  std::int64_t first_row = 0;  // of the block in the file, from 0
  std::size_t column = 0;
  std::vector<std::int16_t> levels;
  std::vector<parquet::FixedLenByteArray> fixed_values;
  std::vector<parquet::ByteArray> texts;
  std::vector<std::int64_t> longs;
  std::vector<std::int32_t> ints;
  std::vector<double> reals;

  [[nodiscard]] parquet::ColumnReader* next_reader() { return readers[column++].get(); }

  /// Hands every value of the block to `take(row, value)`. Values that are pointers into a page
  /// live until the next batch, hence no gathering first.
  template <class Typed, class Value, class Take>
  void read(parquet::ColumnReader* reader, std::string_view name, std::vector<Value>& values,
            Take&& take) {
    values.resize(kBlockRows);
    levels.resize(kBlockRows);
    auto* typed = static_cast<Typed*>(reader);
    std::size_t done = 0;
    while (done < rows.size()) {
      std::int64_t count = 0;
      const std::int64_t read_levels =
          typed->ReadBatch(static_cast<std::int64_t>(rows.size() - done), levels.data(), nullptr,
                           values.data(), &count);
      if (count != read_levels) refuse(path, fmt::format("column {} holds a null", name));
      if (count == 0) refuse(path, fmt::format("column {} ends early", name));
      for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) take(done + i, values[i]);
      done += static_cast<std::size_t>(count);
    }
  }

  template <class Tag>
  void fixed(std::string_view name, Fixed<Tag> Record::* member) {
    read<parquet::FixedLenByteArrayReader>(
        next_reader(), name, fixed_values,
        [&](std::size_t i, const parquet::FixedLenByteArray& value) {
          const auto raw = get_raw(value.ptr);
          if (!raw) {
            refuse(path, fmt::format("row {}, column {}: not a whole multiple of 1e-8 below 9.2e10",
                                     first_row + static_cast<std::int64_t>(i) + 1, name));
          }
          rows[i].*member = Fixed<Tag>::from_raw(*raw);
        });
  }
  template <class Put>
  void read_longs(parquet::ColumnReader* reader, std::string_view name, Put&& put) {
    read<parquet::Int64Reader>(reader, name, longs, put);
  }
  void time(std::string_view name, Timestamp Record::* member) {
    read_longs(next_reader(), name,
               [&](std::size_t i, std::int64_t ns) { rows[i].*member = from_ns(ns); });
  }
  template <class Int>
  void integer(std::string_view name, Int Record::* member) {
    read_longs(next_reader(), name, [&](std::size_t i, std::int64_t value) {
      if constexpr (sizeof(Int) < sizeof value) {
        if (static_cast<Int>(value) != value) {
          refuse(path, fmt::format("column {} holds {}", name, value));
        }
      }
      rows[i].*member = static_cast<Int>(value);
    });
  }
  void own_integer(std::string_view name, std::int64_t Record::* member) {
    parquet::ColumnReader* reader = next_reader();
    if (reader != nullptr) {
      read_longs(reader, name, [&](std::size_t i, std::int64_t id) { rows[i].*member = id; });
      return;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if constexpr (std::is_same_v<Record, Trade>) {
        rows[i].*member = rows[i].agg_trade_id;
      } else {
        rows[i].*member = first_row + static_cast<std::int64_t>(i) + 1;
      }
    }
  }
  void own_time(std::string_view name, Timestamp Record::* member) {
    parquet::ColumnReader* reader = next_reader();
    if (reader != nullptr) {
      read_longs(reader, name,
                 [&](std::size_t i, std::int64_t ns) { rows[i].*member = from_ns(ns); });
      return;
    }
    for (Record& row : rows) row.*member = row.ts_event;
  }
  void side(std::string_view name, Side Record::* member) {
    read<parquet::Int32Reader>(next_reader(), name, ints, [&](std::size_t i, std::int32_t value) {
      if (value != 1 && value != 2) {
        refuse(path, fmt::format("row {}: aggressor_side {} is neither BUYER nor SELLER",
                                 first_row + static_cast<std::int64_t>(i) + 1, value));
      }
      rows[i].*member = value == 1 ? Side::Buy : Side::Sell;
    });
  }
  void id_text(std::string_view name, std::int64_t Record::* member) {
    read<parquet::ByteArrayReader>(
        next_reader(), name, texts, [&](std::size_t i, const parquet::ByteArray& text) {
          const char* begin = reinterpret_cast<const char*>(text.ptr);
          std::int64_t id = 0;
          const auto result = std::from_chars(begin, begin + text.len, id);
          if (result.ec != std::errc{} || result.ptr != begin + text.len) {
            id = first_row + static_cast<std::int64_t>(i) + 1;
          }
          rows[i].*member = id;
        });
  }
  template <class Tag>
  void real(std::string_view name, Fixed<Tag> Record::* member) {
    read<parquet::DoubleReader>(next_reader(), name, reals, [&](std::size_t i, double value) {
      const auto raw = raw_of_double(value);
      if (!raw) {
        refuse(path, fmt::format("row {}, column {}: {} has no exact value of 8 decimals",
                                 first_row + static_cast<std::int64_t>(i) + 1, name, value));
      }
      rows[i].*member = Fixed<Tag>::from_raw(*raw);
    });
  }
  void real(std::string_view name, std::optional<double> Record::* member) {
    read<parquet::DoubleReader>(next_reader(), name, reals, [&](std::size_t i, double value) {
      rows[i].*member = std::isnan(value) ? std::nullopt : std::optional{value};
    });
  }
  void constant(std::string_view /*name*/, Constant /*what*/) { ++column; }
};

}  // namespace

template <class Record>
struct MarketReader<Record>::State {
  std::string path;
  std::unique_ptr<parquet::ParquetFileReader> file;
  std::shared_ptr<parquet::FileMetaData> metadata;
  MarketFormat format;
  bool ours = false;
  std::vector<int> indices;

  int group = 0;
  std::int64_t group_left = 0;
  std::int64_t row = 0;  // first row of the next block, in the file
  std::vector<std::shared_ptr<parquet::ColumnReader>> readers;
  std::shared_ptr<parquet::RowGroupReader> group_reader;
  std::optional<std::pair<Timestamp, Timestamp>> wanted;
  std::vector<Record> block;

  /// Whether a row group may hold rows of the wanted range.
  [[nodiscard]] bool needed(int which) const {
    if (!wanted) return true;
    const int index = metadata->schema()->ColumnIndex(std::string{"ts_init"});
    if (index < 0) return true;
    const auto chunk = metadata->RowGroup(which)->ColumnChunk(index);
    const auto statistics = chunk->statistics();
    if (!statistics || !statistics->HasMinMax()) return true;
    const auto& typed = static_cast<const parquet::Int64Statistics&>(*statistics);
    return from_ns(typed.max()) >= wanted->first && from_ns(typed.min()) < wanted->second;
  }

  /// False at the end of the file.
  bool open_group() {
    while (group_left == 0) {
      if (group >= metadata->num_row_groups()) return false;
      if (!needed(group) || metadata->RowGroup(group)->num_rows() == 0) {
        row += metadata->RowGroup(group)->num_rows();
        ++group;
        continue;
      }
      group_reader = file->RowGroup(group);
      group_left = metadata->RowGroup(group)->num_rows();
      readers.clear();
      for (const int index : indices) {
        readers.push_back(index < 0 ? nullptr : group_reader->Column(index));
      }
      ++group;
    }
    return true;
  }
};

template <class Record>
MarketReader<Record>::MarketReader(const std::string& path) : state_{std::make_unique<State>()} {
  state_->path = path;
  try {
    state_->file = parquet::ParquetFileReader::OpenFile(path, /*memory_map=*/false);
    state_->metadata = state_->file->metadata();
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
void MarketReader<Record>::skip_outside(Timestamp from, Timestamp to) {
  state_->wanted = std::pair{from, to};
}

template <class Record>
std::span<const Record> MarketReader<Record>::next() {
  State& state = *state_;
  try {
    if (!state.open_group()) return {};
    const auto count =
        static_cast<std::size_t>(std::min(state.group_left, static_cast<std::int64_t>(kBlockRows)));
    state.block.resize(count);
    BlockVisitor<Record> visitor{
        .path = state.path,
        .readers = state.readers,
        .rows = state.block,
        .first_row = state.row,
        .levels = {},
        .fixed_values = {},
        .texts = {},
        .longs = {},
        .ints = {},
        .reals = {},
    };
    columns(std::type_identity<Record>{}, visitor);
    state.row += static_cast<std::int64_t>(count);
    state.group_left -= static_cast<std::int64_t>(count);
    return state.block;
  } catch (const parquet::ParquetException& error) {
    throw Error{fmt::format("{}: damaged Parquet file ({}); ingest its day again", state.path,
                            error.what()),
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
