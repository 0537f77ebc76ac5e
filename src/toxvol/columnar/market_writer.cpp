#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <arrow/io/interfaces.h>
#include <arrow/ipc/writer.h>
#include <arrow/type.h>
#include <arrow/util/base64.h>
#include <arrow/util/key_value_metadata.h>
#include <fmt/format.h>
#include <parquet/column_writer.h>
#include <parquet/file_writer.h>
#include <parquet/properties.h>
#include <parquet/schema.h>
#include <parquet/types.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/columnar/market_layout.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::columnar {

namespace {

constexpr std::size_t kGroupRows = 65'536;

/// Arrow's idea of a file around a sink. An exception of the sink waits in `failure`, because
/// Arrow's code is not asked to be passed through by foreign exceptions.
class SinkStream final : public arrow::io::OutputStream {
 public:
  explicit SinkStream(ByteSink sink) : sink_{std::move(sink)} {}

  arrow::Status Write(const void* data, std::int64_t bytes) override {
    if (failure_) return arrow::Status::IOError("earlier failure");
    try {
      sink_({static_cast<const std::byte*>(data), static_cast<std::size_t>(bytes)});
    } catch (const std::exception&) {
      failure_ = std::current_exception();
      return arrow::Status::IOError("sink");
    }
    position_ += bytes;
    return arrow::Status::OK();
  }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  bool closed() const override { return closed_; }

  /// Runs `work`; throws the sink's own exception, or Arrow's as `Error`.
  template <class Work>
  void guard(Work&& work) {
    try {
      work();
    } catch (const parquet::ParquetException& error) {
      if (failure_) std::rethrow_exception(failure_);
      throw Error{fmt::format("writing Parquet: {}", error.what())};
    }
  }

 private:
  ByteSink sink_;
  std::int64_t position_ = 0;
  bool closed_ = false;
  std::exception_ptr failure_;
};

/// Collects Arrow fields and Parquet nodes.
struct SchemaVisitor {
  arrow::FieldVector fields;
  parquet::schema::NodeVector nodes;
  parquet::WriterProperties::Builder* properties;

  void add(std::string_view name, std::shared_ptr<arrow::DataType> type,
           parquet::schema::NodePtr node, parquet::Encoding::type encoding) {
    const std::string column{name};
    fields.push_back(arrow::field(column, std::move(type), /*nullable=*/false));
    nodes.push_back(std::move(node));
    if (encoding == parquet::Encoding::RLE_DICTIONARY) {
      properties->enable_dictionary(column);
    } else {
      properties->encoding(column, encoding);
    }
  }
  static parquet::schema::NodePtr node(std::string_view name, parquet::Type::type type) {
    return parquet::schema::PrimitiveNode::Make(std::string{name}, parquet::Repetition::REQUIRED,
                                                type);
  }
  static parquet::schema::NodePtr node(std::string_view name,
                                       std::shared_ptr<const parquet::LogicalType> logical,
                                       parquet::Type::type type) {
    return parquet::schema::PrimitiveNode::Make(std::string{name}, parquet::Repetition::REQUIRED,
                                                std::move(logical), type);
  }
  template <class M>
  void fixed(std::string_view name, M /*member*/) {
    add(name, arrow::fixed_size_binary(kRawBytes),
        parquet::schema::PrimitiveNode::Make(std::string{name}, parquet::Repetition::REQUIRED,
                                             parquet::Type::FIXED_LEN_BYTE_ARRAY,
                                             parquet::ConvertedType::NONE, kRawBytes),
        parquet::Encoding::PLAIN);
  }
  template <class M>
  void time(std::string_view name, M /*member*/) {
    add(name, arrow::uint64(),
        node(name, parquet::LogicalType::Int(64, false), parquet::Type::INT64),
        parquet::Encoding::DELTA_BINARY_PACKED);
  }
  template <class M>
  void integer(std::string_view name, M /*member*/) {
    add(name, arrow::int64(), node(name, parquet::Type::INT64),
        parquet::Encoding::DELTA_BINARY_PACKED);
  }
  template <class M>
  void time_signed(std::string_view name, M member) {
    integer(name, member);
  }
  template <class M>
  void own_integer(std::string_view name, M member) {
    integer(name, member);
  }
  template <class M>
  void own_time(std::string_view name, M member) {
    time(name, member);
  }
  template <class M>
  void side(std::string_view name, M /*member*/) {
    add(name, arrow::uint8(), node(name, parquet::LogicalType::Int(8, false), parquet::Type::INT32),
        parquet::Encoding::RLE_DICTIONARY);
  }
  template <class M>
  void id_text(std::string_view name, M /*member*/) {
    add(name, arrow::utf8(), node(name, parquet::LogicalType::String(), parquet::Type::BYTE_ARRAY),
        parquet::Encoding::DELTA_BYTE_ARRAY);
  }
  template <class M>
  void real(std::string_view name, M /*member*/) {
    add(name, arrow::float64(), node(name, parquet::Type::DOUBLE), parquet::Encoding::PLAIN);
  }
  void constant(std::string_view name, Constant /*what*/) {
    add(name, arrow::utf8(), node(name, parquet::LogicalType::String(), parquet::Type::BYTE_ARRAY),
        parquet::Encoding::RLE_DICTIONARY);
  }
};

/// Writes one row group, column by column. Buffers live as long as the writer.
template <class Record>
struct GroupVisitor {
  std::span<const Record> rows;
  std::string_view instrument_id;
  parquet::RowGroupWriter* group = nullptr;
  std::vector<std::uint8_t> bytes;
  std::vector<parquet::FixedLenByteArray> fixed_pointers;
  std::vector<parquet::ByteArray> texts;
  std::vector<std::int64_t> longs;
  std::vector<std::int32_t> ints;
  std::vector<double> reals;

  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(rows.size()); }

  template <class Tag>
  void fixed(std::string_view /*name*/, Fixed<Tag> Record::* member) {
    bytes.resize(kGroupRows * kRawBytes);
    fixed_pointers.resize(kGroupRows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::uint8_t* out = bytes.data() + i * kRawBytes;
      put_raw((rows[i].*member).raw(), out);
      fixed_pointers[i].ptr = out;
    }
    static_cast<parquet::FixedLenByteArrayWriter*>(group->NextColumn())
        ->WriteBatch(count(), nullptr, nullptr, fixed_pointers.data());
  }
  void put_longs() {
    static_cast<parquet::Int64Writer*>(group->NextColumn())
        ->WriteBatch(count(), nullptr, nullptr, longs.data());
  }
  void time(std::string_view /*name*/, Timestamp Record::* member) {
    longs.resize(kGroupRows);
    for (std::size_t i = 0; i < rows.size(); ++i) longs[i] = to_ns(rows[i].*member);
    put_longs();
  }
  void time_signed(std::string_view name, Timestamp Record::* member) { time(name, member); }
  void own_time(std::string_view name, Timestamp Record::* member) { time(name, member); }
  template <class Int>
  void integer(std::string_view /*name*/, Int Record::* member) {
    longs.resize(kGroupRows);
    for (std::size_t i = 0; i < rows.size(); ++i) longs[i] = rows[i].*member;
    put_longs();
  }
  void own_integer(std::string_view name, std::int64_t Record::* member) { integer(name, member); }
  void side(std::string_view /*name*/, Side Record::* member) {
    ints.resize(kGroupRows);
    for (std::size_t i = 0; i < rows.size(); ++i) ints[i] = rows[i].*member == Side::Buy ? 1 : 2;
    static_cast<parquet::Int32Writer*>(group->NextColumn())
        ->WriteBatch(count(), nullptr, nullptr, ints.data());
  }
  void put_texts() {
    static_cast<parquet::ByteArrayWriter*>(group->NextColumn())
        ->WriteBatch(count(), nullptr, nullptr, texts.data());
  }
  void id_text(std::string_view /*name*/, std::int64_t Record::* member) {
    constexpr std::size_t kWidth = 20;
    bytes.resize(std::max(bytes.size(), kGroupRows * kWidth));
    texts.resize(kGroupRows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      char* out = reinterpret_cast<char*>(bytes.data()) + i * kWidth;
      const auto end = std::to_chars(out, out + kWidth, rows[i].*member).ptr;
      texts[i] = parquet::ByteArray{static_cast<std::uint32_t>(end - out),
                                    reinterpret_cast<const std::uint8_t*>(out)};
    }
    put_texts();
  }
  void put_reals() {
    static_cast<parquet::DoubleWriter*>(group->NextColumn())
        ->WriteBatch(count(), nullptr, nullptr, reals.data());
  }
  template <class Tag>
  void real(std::string_view name, Fixed<Tag> Record::* member) {
    reals.resize(kGroupRows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::int64_t raw = (rows[i].*member).raw();
      reals[i] = double_of_raw(raw);
      // The catalog is exact: a number that its double would not give back is not stored.
      if (raw_of_double(reals[i]) != raw) {
        throw InexactNumber{fmt::format("{} {} at {} has too many digits for a double", name,
                                        decimal_text(raw, Price::kDecimals),
                                        to_string(rows[i].ts_event))};
      }
    }
    put_reals();
  }
  void real(std::string_view /*name*/, std::optional<double> Record::* member) {
    reals.resize(kGroupRows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      reals[i] = (rows[i].*member).value_or(std::numeric_limits<double>::quiet_NaN());
    }
    put_reals();
  }
  void constant(std::string_view /*name*/, Constant what) {
    const std::string_view text =
        what == Constant::InstrumentId ? instrument_id : class_name<Record>();
    texts.assign(kGroupRows,
                 parquet::ByteArray{static_cast<std::uint32_t>(text.size()),
                                    reinterpret_cast<const std::uint8_t*>(text.data())});
    put_texts();
  }
};

/// The keys NautilusTrader reads, and ours.
template <class Record>
std::shared_ptr<arrow::KeyValueMetadata> footer_keys(const MarketFormat& format) {
  auto keys = std::make_shared<arrow::KeyValueMetadata>();
  if constexpr (std::is_same_v<Record, Bar>) {
    keys->Append("bar_type", format.instrument_id + "-1-MINUTE-LAST-EXTERNAL");
  } else {
    keys->Append("instrument_id", format.instrument_id);
  }
  if constexpr (!kIsCustom<Record>) {
    keys->Append("price_precision", std::to_string(format.price_precision));
    keys->Append("size_precision", std::to_string(format.size_precision));
  }
  keys->Append("toxvol.schema", "1");
  return keys;
}

}  // namespace

template <class Record>
struct MarketWriter<Record>::State {
  std::shared_ptr<SinkStream> stream;
  std::string instrument_id;
  std::unique_ptr<parquet::ParquetFileWriter> writer;
  std::vector<Record> pending;
  GroupVisitor<Record> group;

  void flush(std::span<const Record> rows) {
    stream->guard([&] {
      group.rows = rows;
      group.instrument_id = instrument_id;
      group.group = writer->AppendRowGroup();
      columns(std::type_identity<Record>{}, group);
      group.group->Close();
    });
  }
};

template <class Record>
MarketWriter<Record>::MarketWriter(ByteSink sink, const MarketFormat& format)
    : state_{std::make_unique<State>()} {
  parquet::WriterProperties::Builder properties;
  properties.compression(arrow::Compression::ZSTD)
      ->compression_level(1)
      ->version(parquet::ParquetVersion::PARQUET_2_6)
      ->data_pagesize(std::int64_t{1} << 21)
      ->write_batch_size(static_cast<std::int64_t>(kGroupRows))
      ->max_row_group_length(static_cast<std::int64_t>(kGroupRows))
      ->max_rows_per_page(static_cast<std::int64_t>(kGroupRows))
      ->disable_write_page_index()
      ->disable_dictionary()
      ->disable_statistics()
      ->enable_statistics(std::string{"ts_init"});
  SchemaVisitor schema{.fields = {}, .nodes = {}, .properties = &properties};
  columns(std::type_identity<Record>{}, schema);

  state_->instrument_id = format.instrument_id;
  state_->stream = std::make_shared<SinkStream>(std::move(sink));
  state_->stream->guard([&] {
    const auto keys = footer_keys<Record>(format);
    const auto arrow_schema = arrow::schema(schema.fields, keys->Copy());
    auto serialized = arrow::ipc::SerializeSchema(*arrow_schema);
    if (!serialized.ok()) throw Error{"Arrow schema: " + serialized.status().message()};
    keys->Append("ARROW:schema", arrow::util::base64_encode(std::string_view{**serialized}));
    const auto root = std::static_pointer_cast<parquet::schema::GroupNode>(
        parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, schema.nodes));
    state_->writer =
        parquet::ParquetFileWriter::Open(state_->stream, root, properties.build(), keys);
  });
}

template <class Record>
MarketWriter<Record>::MarketWriter(MarketWriter&&) noexcept = default;
template <class Record>
MarketWriter<Record>::~MarketWriter() = default;

template <class Record>
void MarketWriter<Record>::write(std::span<const Record> rows) {
  auto& pending = state_->pending;
  while (!rows.empty()) {
    if (pending.empty() && rows.size() >= kGroupRows) {
      state_->flush(rows.first(kGroupRows));
      rows = rows.subspan(kGroupRows);
      continue;
    }
    const std::size_t taken = std::min(rows.size(), kGroupRows - pending.size());
    pending.insert(pending.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(taken));
    rows = rows.subspan(taken);
    if (pending.size() == kGroupRows) {
      state_->flush(pending);
      pending.clear();
    }
  }
}

template <class Record>
void MarketWriter<Record>::close() {
  if (!state_->pending.empty()) state_->flush(state_->pending);
  state_->pending.clear();
  state_->stream->guard([&] { state_->writer->Close(); });
}

std::string decimal_text(std::int64_t raw, int decimals) {
  // 128 bits because the magnitude of the smallest 64-bit number has none.
  const auto magnitude =
      raw < 0 ? 0 - static_cast<std::uint64_t>(raw) : static_cast<std::uint64_t>(raw);
  constexpr auto kOne = static_cast<std::uint64_t>(Price::kOne);
  std::string text =
      fmt::format("{}{}.{:08d}", raw < 0 ? "-" : "", magnitude / kOne, magnitude % kOne);
  text.resize(text.size() - static_cast<std::size_t>(Price::kDecimals - decimals));
  if (decimals == 0) text.pop_back();
  return text;
}

double double_of_raw(std::int64_t raw) {
  // Through text: raw / 1e8 rounds twice once raw needs more than 53 bits.
  const std::string text = decimal_text(raw, Price::kDecimals);
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<std::int64_t> raw_of_double(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  std::array<char, 400> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  std::string_view rest{text.data(), static_cast<std::size_t>(end - text.data())};
  const bool negative = rest.starts_with('-');
  if (negative) rest.remove_prefix(1);
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : rest.substr(point + 1);
  if (whole.size() > 11 || fraction.size() > 8) return std::nullopt;
  std::int64_t raw = 0;
  for (const char digit : whole) raw = raw * 10 + (digit - '0');
  for (std::size_t i = 0; i < 8; ++i) {
    const std::int64_t digit = i < fraction.size() ? fraction[i] - '0' : 0;
    if (raw > (std::numeric_limits<std::int64_t>::max() - digit) / 10) return std::nullopt;
    raw = raw * 10 + digit;
  }
  return negative ? -raw : raw;
}

template class MarketWriter<Trade>;
template class MarketWriter<Quote>;
template class MarketWriter<Bar>;
template class MarketWriter<KlineFlow>;
template class MarketWriter<Metrics>;
template class MarketWriter<Funding>;

}  // namespace toxvol::columnar
