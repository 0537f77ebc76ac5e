#include "raw_table.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <arrow/builder.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/util/decimal.h>
#include <fmt/format.h>

#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/sequence.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::python {

namespace {

namespace fs = std::filesystem;

/// A table that grows by columns of records.
class Columns {
 public:
  explicit Columns(bool exact) : exact_{exact} {}

  /// The columns in the order in which `add` is called for a block, the same for every block.
  template <class Record, class Member>
  void add(std::span<const Record> rows, const char* name, Member Record::* member) {
    add(rows, name, [member](const Record& row) { return row.*member; });
  }
  template <class Record, class Get>
    requires std::is_invocable_v<Get, const Record&>
  void add(std::span<const Record> rows, const char* name, Get get) {
    using Value = std::remove_cvref_t<std::invoke_result_t<Get, const Record&>>;
    auto& builder = builder_of<Value>(name);
    check(builder.Reserve(static_cast<std::int64_t>(rows.size())));
    for (const Record& row : rows) append(builder, get(row));
  }
  void end_block() { at_ = 0; }

  [[nodiscard]] std::shared_ptr<arrow::Table> finish() {
    arrow::FieldVector fields;
    arrow::ArrayVector arrays;
    for (auto& column : columns_) {
      arrays.push_back(value_or_throw(column.builder->Finish()));
      fields.push_back(arrow::field(column.name, arrays.back()->type()));
    }
    return arrow::Table::Make(arrow::schema(std::move(fields)), std::move(arrays));
  }

 private:
  struct Column {
    std::string name;
    std::unique_ptr<arrow::ArrayBuilder> builder;
  };

  template <class Value>
  static constexpr bool kIsFixed = requires(Value value) { Value::kDecimals; };

  template <class Value>
  [[nodiscard]] std::shared_ptr<arrow::DataType> type_of() const {
    if constexpr (std::is_same_v<Value, Timestamp>) {
      return arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
    } else if constexpr (kIsFixed<Value>) {
      return exact_ ? arrow::decimal128(18, 8) : arrow::float64();
    } else if constexpr (std::is_same_v<Value, bool>) {
      return arrow::boolean();
    } else if constexpr (std::is_same_v<Value, std::optional<double>>) {
      return arrow::float64();
    } else {
      static_assert(std::is_integral_v<Value>);
      return arrow::int64();
    }
  }

  template <class Value>
  arrow::ArrayBuilder& builder_of(const char* name) {
    if (at_ == columns_.size()) {
      columns_.push_back({name, value_or_throw(arrow::MakeBuilder(type_of<Value>()))});
    }
    return *columns_[at_++].builder;
  }

  void append(arrow::ArrayBuilder& builder, Timestamp value) const {
    static_cast<arrow::TimestampBuilder&>(builder).UnsafeAppend(value.time_since_epoch().count());
  }
  template <class Tag>
  void append(arrow::ArrayBuilder& builder, Fixed<Tag> value) const {
    if (exact_) {
      static_cast<arrow::Decimal128Builder&>(builder).UnsafeAppend(arrow::Decimal128{value.raw()});
    } else {
      static_cast<arrow::DoubleBuilder&>(builder).UnsafeAppend(double_of_raw(value.raw()));
    }
  }
  void append(arrow::ArrayBuilder& builder, bool value) const {
    static_cast<arrow::BooleanBuilder&>(builder).UnsafeAppend(value);
  }
  void append(arrow::ArrayBuilder& builder, const std::optional<double>& value) const {
    auto& doubles = static_cast<arrow::DoubleBuilder&>(builder);
    if (value) {
      doubles.UnsafeAppend(*value);
    } else {
      doubles.UnsafeAppendNull();
    }
  }
  void append(arrow::ArrayBuilder& builder, std::int64_t value) const {
    static_cast<arrow::Int64Builder&>(builder).UnsafeAppend(value);
  }
  void append(arrow::ArrayBuilder& builder, std::int32_t value) const {
    append(builder, std::int64_t{value});
  }

  bool exact_;
  std::size_t at_ = 0;
  std::vector<Column> columns_;
};

void add_columns(std::span<const Trade> rows, Columns& to) {
  to.add(rows, "agg_trade_id", &Trade::agg_trade_id);
  to.add(rows, "price", &Trade::price);
  to.add(rows, "qty", &Trade::qty);
  to.add(rows, "is_buyer_maker", [](const Trade& row) { return row.aggressor == Side::Sell; });
  to.add(rows, "first_trade_id", &Trade::first_trade_id);
  to.add(rows, "last_trade_id", &Trade::last_trade_id);
}

void add_columns(std::span<const Quote> rows, Columns& to) {
  to.add(rows, "update_id", &Quote::update_id);
  to.add(rows, "bid", &Quote::bid);
  to.add(rows, "ask", &Quote::ask);
  to.add(rows, "bid_qty", &Quote::bid_qty);
  to.add(rows, "ask_qty", &Quote::ask_qty);
  to.add(rows, "ts_sent", &Quote::ts_sent);
}

void add_columns(std::span<const Bar> rows, Columns& to) {
  to.add(rows, "open", &Bar::open);
  to.add(rows, "high", &Bar::high);
  to.add(rows, "low", &Bar::low);
  to.add(rows, "close", &Bar::close);
  to.add(rows, "volume", &Bar::volume);
  to.add(rows, "quote_volume", &Bar::quote_volume);
  to.add(rows, "count", &Bar::count);
  to.add(rows, "taker_buy_volume", &Bar::taker_buy_volume);
  to.add(rows, "taker_buy_quote_volume", &Bar::taker_buy_quote_volume);
}

void add_columns(std::span<const Metrics> rows, Columns& to) {
  to.add(rows, "open_interest", &Metrics::open_interest);
  to.add(rows, "open_interest_value", &Metrics::open_interest_value);
  to.add(rows, "toptrader_count_ls", &Metrics::toptrader_count_ls);
  to.add(rows, "toptrader_sum_ls", &Metrics::toptrader_sum_ls);
  to.add(rows, "count_ls", &Metrics::count_ls);
  to.add(rows, "taker_ls", &Metrics::taker_ls);
}

void add_columns(std::span<const Funding> rows, Columns& to) {
  to.add(rows, "funding_rate", &Funding::rate);
  to.add(rows, "interval_hours", &Funding::interval_hours);
}

template <class Record>
void put(std::span<const Record> block, Columns& to) {
  to.add(block, "ts_event", &Record::ts_event);
  to.add(block, "ts_init", &Record::ts_init);
  add_columns(block, to);
  to.end_block();
}

template <class Record>
Table read_stream(BlockStream<Record>& rows, Progress& progress) {
  Columns columns{false};
  put(std::span<const Record>{}, columns);
  for (auto block = rows.next(); !block.empty(); block = rows.next()) {
    put(block, columns);
    progress.advance(0, std::ssize(block));
  }
  return {columns.finish()};
}

template <class Record>
RawTable read_file(const catalog::SourceFile& file, bool exact, bool strict) {
  catalog::SequenceOptions options;
  options.spill_folder = fs::temp_directory_path();
  options.strict = strict;
  options.detect = false;
  const catalog::Reading reading =
      catalog::is_ordered<Record>(file) ? catalog::Reading::InOrder : catalog::Reading::Sorted;
  catalog::SequencedFile<Record> rows{file, options, reading};
  Columns columns{exact};
  put(std::span<const Record>{}, columns);  // so that a file without rows has columns
  while (const auto block = rows.next()) put(std::span<const Record>{block->rows}, columns);
  return {.table = {columns.finish()}, .symbol = file.symbol, .counts = rows.counts()};
}

}  // namespace

RawTable read_raw(const std::string& path, Kind kind, bool exact, bool strict) {
  const catalog::NameReading name = catalog::read_name(fs::absolute(path));
  if (name.refused) throw UsageError{fmt::format("{}: {}", path, *name.refused)};
  if (!name.file || name.file->kind != kind) {
    throw UsageError{fmt::format("{}: not the name of a {} file of Binance's, such as {}", path,
                                 toxvol::name(kind),
                                 fmt::format("BTCUSDT-{}-{}.csv", facts(kind).in_file_names,
                                             facts(kind).by_month ? "2024-01" : "2024-01-31"))};
  }
  catalog::SourceFile file = *name.file;
  file.path = path;
  file.relative = path;
  if (!fs::exists(file.path)) {
    throw Error{fmt::format("{}: no such file", path), ErrorCode::NotFound};
  }
  file.bytes = static_cast<std::int64_t>(fs::file_size(file.path));
  return with_kind(kind, [&]<class Record>(std::type_identity<Record>) {
    return read_file<Record>(file, exact, strict);
  });
}

Table read_market(const std::vector<std::string>& raw, const std::string& symbol, Kind kind,
                  Timestamp from, Timestamp to, Progress& progress) {
  const auto market = catalog::open_raw({raw.begin(), raw.end()}, symbol, from, to, only(kind),
                                        fs::temp_directory_path());
  progress.begin(fmt::format("read {}", toxvol::name(kind)), 0);
  return with_kind(kind, [&]<class Record>(std::type_identity<Record>) {
    return read_stream(*stream_of<Record>(market.data), progress);
  });
}

}  // namespace toxvol::python
