#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <arrow/ipc/writer.h>
#include <arrow/type.h>
#include <arrow/util/base64.h>
#include <arrow/util/key_value_metadata.h>
#include <arrow/util/type_fwd.h>
#include <parquet/exception.h>
#include <parquet/file_writer.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>
#include <parquet/types.h>

#include "toxvol/columnar/group_encoder.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/columnar/market_layout.hpp"
#include "toxvol/columnar/market_raw.hpp"
#include "toxvol/columnar/page_header.hpp"
#include "toxvol/columnar/sink_stream.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/workers.hpp"

namespace toxvol::columnar {

namespace {

constexpr std::string_view kMagic = "PAR1";

/// Collects Arrow fields and Parquet nodes.
struct SchemaVisitor {
  bool plain = false;
  arrow::FieldVector fields{};
  parquet::schema::NodeVector nodes{};

  void add(std::string_view name, std::shared_ptr<arrow::DataType> type,
           parquet::schema::NodePtr node) {
    fields.push_back(arrow::field(std::string{name}, std::move(type), /*nullable=*/false));
    nodes.push_back(std::move(node));
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
                                             parquet::ConvertedType::NONE, kRawBytes));
  }
  template <class M>
  void time(std::string_view name, M /*member*/) {
    add(name, arrow::uint64(),
        node(name, parquet::LogicalType::Int(64, false), parquet::Type::INT64));
  }
  template <class M>
  void integer(std::string_view name, M /*member*/) {
    add(name, arrow::int64(), node(name, parquet::Type::INT64));
  }
  template <class M>
  void own_integer(std::string_view name, M member) {
    if (!plain) integer(name, member);
  }
  template <class M>
  void own_time(std::string_view name, M member) {
    if (!plain) time(name, member);
  }
  template <class M>
  void side(std::string_view name, M /*member*/) {
    add(name, arrow::uint8(),
        node(name, parquet::LogicalType::Int(8, false), parquet::Type::INT32));
  }
  template <class M>
  void id_text(std::string_view name, M /*member*/) {
    add(name, arrow::utf8(), node(name, parquet::LogicalType::String(), parquet::Type::BYTE_ARRAY));
  }
  template <class M>
  void real(std::string_view name, M /*member*/) {
    add(name, arrow::float64(), node(name, parquet::Type::DOUBLE));
  }
  void constant(std::string_view name, Constant /*what*/) {
    add(name, arrow::utf8(), node(name, parquet::LogicalType::String(), parquet::Type::BYTE_ARRAY));
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
  if constexpr (kIsCustom<Record>) {
    keys->Append("type_name", std::string{class_name<Record>()});
  } else {
    keys->Append("price_precision", std::to_string(format.price_precision));
    keys->Append("size_precision", std::to_string(format.size_precision));
  }
  keys->Append("toxvol.schema", "1");
  return keys;
}

constexpr parquet::Encoding::type parquet_encoding(PageEncoding encoding) {
  switch (encoding) {
    case PageEncoding::DeltaBinaryPacked:
      return parquet::Encoding::DELTA_BINARY_PACKED;
    case PageEncoding::DeltaByteArray:
      return parquet::Encoding::DELTA_BYTE_ARRAY;
    case PageEncoding::RleDictionary:
      return parquet::Encoding::RLE_DICTIONARY;
    case PageEncoding::Plain:
      break;
  }
  return parquet::Encoding::PLAIN;
}

/// The chunk begins at `start` in the file.
void describe(const EncodedColumn& column, std::size_t rows, std::int64_t start,
              parquet::ColumnChunkMetaDataBuilder& out) {
  if (column.range) {
    const auto bytes_of = [](std::int64_t value) {
      std::string bytes(sizeof value, '\0');
      std::memcpy(bytes.data(), &value, sizeof value);
      return bytes;
    };
    parquet::EncodedStatistics statistics;
    statistics.set_min(bytes_of(column.range->least));
    statistics.set_max(bytes_of(column.range->most));
    statistics.set_null_count(0);
    out.SetStatistics(statistics);
  }
  const bool has_dictionary = column.dictionary_bytes > 0;
  std::map<parquet::Encoding::type, std::int32_t> dictionary_pages;
  if (has_dictionary) dictionary_pages[parquet::Encoding::PLAIN] = 1;
  const std::map<parquet::Encoding::type, std::int32_t> data_pages{
      {parquet_encoding(column.encoding), 1}};
  constexpr std::int64_t kNoPage = -1;
  out.Finish(static_cast<std::int64_t>(rows), has_dictionary ? start : kNoPage, kNoPage,
             start + static_cast<std::int64_t>(column.dictionary_bytes),
             static_cast<std::int64_t>(column.dictionary_bytes + column.data_bytes),
             static_cast<std::int64_t>(column.plain_bytes), has_dictionary,
             /*dictionary_fallback=*/false, dictionary_pages, data_pages);
}

std::shared_ptr<parquet::WriterProperties> properties() {
  return parquet::WriterProperties::Builder{}
      .compression(arrow::Compression::ZSTD)
      ->version(parquet::ParquetVersion::PARQUET_2_6)
      ->build();
}

}  // namespace

template <class Record>
struct MarketWriter<Record>::State {
  /// A row group in the making, and what can be used again for the next one.
  struct Job {
    Job(const std::string& instrument_id, bool plain)
        : piece{[this] { encoder.encode(rows, group); }}, encoder{instrument_id, plain} {}
    Piece piece;
    RowColumns<Record> rows{};
    GroupEncoder<Record> encoder;
    EncodedGroup group{};
  };

  State(ByteSink sink, const MarketFormat& format, Workers* who)
      : stream{std::move(sink)},
        instrument_id{format.instrument_id},
        is_plain{format.plain},
        workers{who != nullptr ? *who : alone} {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    for (const auto& job : jobs) workers.drop(job->piece);
  }

  SinkStream stream;
  std::string instrument_id;
  bool is_plain;
  Alone alone{};
  Workers& workers;
  std::shared_ptr<arrow::KeyValueMetadata> keys{};
  parquet::SchemaDescriptor schema{};
  std::unique_ptr<parquet::FileMetaDataBuilder> footer{};
  std::int64_t bytes = 0;
  std::int16_t groups = 0;
  std::deque<std::shared_ptr<Job>> jobs{};  // started, in order
  std::shared_ptr<Job> next{};              // its rows are still coming
  std::vector<std::shared_ptr<Job>> free{};

  void put(const void* what, std::size_t size) {
    PARQUET_THROW_NOT_OK(stream.Write(what, static_cast<std::int64_t>(size)));
    bytes += static_cast<std::int64_t>(size);
  }

  void start() {
    workers.start({next, &next->piece});
    jobs.push_back(std::move(next));
    next.reset();
  }

  /// The oldest of `jobs` to the file.
  void append() {
    const std::shared_ptr<Job> job = std::move(jobs.front());
    jobs.pop_front();
    workers.finish(job->piece);
    const EncodedGroup& group = job->group;
    auto* const description = footer->AppendRowGroup();
    description->set_num_rows(static_cast<std::int64_t>(group.rows));
    std::int64_t start = bytes;
    std::int64_t plain = 0;
    for (const EncodedColumn& column : group.columns) {
      describe(column, group.rows, start, *description->NextColumnChunk());
      start += static_cast<std::int64_t>(column.dictionary_bytes + column.data_bytes);
      plain += static_cast<std::int64_t>(column.plain_bytes);
    }
    description->Finish(plain, groups++);
    put(group.bytes.data(), group.bytes.size());
    job->rows.clear();
    job->piece.state = Piece::State::Waiting;
    free.push_back(job);
  }

  RowColumns<Record>& rows() {
    if (!next && !free.empty()) {
      next = std::move(free.back());
      free.pop_back();
    }
    if (!next) next = std::make_shared<Job>(instrument_id, is_plain);
    return next->rows;
  }
};

template <class Record>
MarketWriter<Record>::MarketWriter(ByteSink sink, const MarketFormat& format, Workers* workers)
    : state_{std::make_unique<State>(std::move(sink), format, workers)} {
  SchemaVisitor schema{.plain = format.plain};
  columns(std::type_identity<Record>{}, schema);
  State& state = *state_;
  state.stream.guard([&] {
    state.keys = footer_keys<Record>(format);
    const auto arrow_schema = arrow::schema(schema.fields, state.keys->Copy());
    auto serialized = arrow::ipc::SerializeSchema(*arrow_schema);
    if (!serialized.ok()) throw Error{"Arrow schema: " + serialized.status().message()};
    state.keys->Append("ARROW:schema", arrow::util::base64_encode(std::string_view{**serialized}));
    state.schema.Init(
        parquet::schema::GroupNode::Make("schema", parquet::Repetition::REQUIRED, schema.nodes));
    state.footer = parquet::FileMetaDataBuilder::Make(&state.schema, properties());
    state.put(kMagic.data(), kMagic.size());
  });
}

template <class Record>
MarketWriter<Record>::MarketWriter(MarketWriter&&) noexcept = default;
template <class Record>
MarketWriter<Record>::~MarketWriter() = default;

template <class Record>
void MarketWriter<Record>::write(std::span<const Record> rows) {
  State& state = *state_;
  state.stream.guard([&] {
    while (!rows.empty()) {
      RowColumns<Record>& group = state.rows();
      const auto taken = rows.first(std::min(rows.size(), kGroupRows - group.rows()));
      group.append(taken);
      rows = rows.subspan(taken.size());
      if (group.rows() < kGroupRows) return;
      state.start();
      while (state.jobs.size() > state.workers.ahead()) state.append();
    }
  });
}

template <class Record>
void MarketWriter<Record>::close() {
  State& state = *state_;
  state.stream.guard([&] {
    if (state.next && state.next->rows.rows() > 0) state.start();
    while (!state.jobs.empty()) state.append();
    parquet::WriteFileMetaData(*state.footer->Finish(state.keys), &state.stream);
  });
}

template class MarketWriter<Trade>;
template class MarketWriter<Quote>;
template class MarketWriter<Bar>;
template class MarketWriter<KlineFlow>;
template class MarketWriter<Metrics>;
template class MarketWriter<Funding>;

}  // namespace toxvol::columnar
