// Catalog -> typed events: quotes and trades of a synthetic market in memory's cache of the disk,
// read by the catalog's reader, by Arrow's into its own arrays, and only decompressed.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <arrow/io/file.h>
#include <arrow/record_batch.h>
#include <benchmark/benchmark.h>
#include <parquet/arrow/reader.h>
#include <parquet/column_page.h>
#include <parquet/column_reader.h>
#include <parquet/file_reader.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/jobs/ingest.hpp"
#include "toxvol/jobs/synth.hpp"

namespace {

using namespace toxvol;
namespace fs = std::filesystem;

/// Two days at a fifth of the real rate, made once; removed at the end.
class Catalog {
 public:
  Catalog() {
    std::string shape = (fs::temp_directory_path() / "toxvol-bench-XXXXXX").string();
    if (::mkdtemp(shape.data()) == nullptr) throw Error{"no temporary folder"};
    folder_ = shape;
    Progress silent;
    jobs::SynthRequest market;
    market.out = (folder_ / "raw").string();
    market.from = "2024-01-16";
    market.params.days = 2;
    market.params.klines_only_days = 1;
    market.params.intensity = 0.2;
    static_cast<void>(jobs::run_synth(market, silent));
    jobs::IngestRequest ingest;
    ingest.raw = {market.out};
    ingest.catalog = (folder_ / "catalog").string();
    static_cast<void>(jobs::run_ingest(ingest, silent));
    fs::remove_all(folder_ / "raw");
  }
  Catalog(const Catalog&) = delete;
  Catalog& operator=(const Catalog&) = delete;
  ~Catalog() { fs::remove_all(folder_); }

  [[nodiscard]] std::vector<std::string> files(const std::string& kind) const {
    std::vector<std::string> found;
    for (const auto& entry :
         fs::recursive_directory_iterator{folder_ / "catalog" / "data" / kind}) {
      if (entry.path().extension() == ".parquet") found.push_back(entry.path().string());
    }
    return found;
  }

 private:
  fs::path folder_;
};

const std::vector<std::string>& files(const std::string& kind) {
  static const Catalog catalog;
  static const std::vector<std::string> quotes = catalog.files("quote_tick");
  static const std::vector<std::string> trades = catalog.files("trade_tick");
  return kind == "quote_tick" ? quotes : trades;
}

template <class Record>
std::int64_t read_typed(const std::string& file) {
  columnar::MarketReader<Record> reader{file};
  std::int64_t rows = 0;
  for (auto some = reader.next(); !some.empty(); some = reader.next()) {
    benchmark::DoNotOptimize(some.data());
    rows += static_cast<std::int64_t>(some.size());
  }
  return rows;
}

/// All columns, one thread, in batches of as many rows.
std::int64_t read_arrow(const std::string& file) {
  const auto source = arrow::io::ReadableFile::Open(file).ValueOrDie();
  parquet::arrow::FileReaderBuilder builder;
  if (!builder.Open(source).ok()) throw Error{file};
  parquet::ArrowReaderProperties properties;
  properties.set_batch_size(65'536);
  properties.set_use_threads(false);
  const std::unique_ptr<parquet::arrow::FileReader> reader =
      builder.properties(properties)->Build().ValueOrDie();
  const auto batches = reader->GetRecordBatchReader().ValueOrDie();
  std::int64_t rows = 0;
  while (const auto batch = batches->Next().ValueOrDie()) rows += batch->num_rows();
  return rows;
}

/// Pages as their bytes, and no more.
std::int64_t decompress(const std::string& file) {
  const auto reader = parquet::ParquetFileReader::OpenFile(file);
  const auto metadata = reader->metadata();
  for (int group = 0; group < metadata->num_row_groups(); ++group) {
    const auto row_group = reader->RowGroup(group);
    for (int column = 0; column < metadata->num_columns(); ++column) {
      const auto pages = row_group->GetColumnPageReader(column);
      while (const auto page = pages->NextPage()) benchmark::DoNotOptimize(page->data());
    }
  }
  return metadata->num_rows();
}

void bm_read(benchmark::State& state, const std::string& kind,
             std::int64_t (*read)(const std::string&)) {
  const std::vector<std::string>& all = files(kind);
  std::int64_t rows = 0;
  for (auto _ : state) {
    for (const std::string& file : all) rows += read(file);
  }
  state.SetItemsProcessed(rows);
}
BENCHMARK_CAPTURE(bm_read, quotes, "quote_tick", read_typed<Quote>);
BENCHMARK_CAPTURE(bm_read, quotes_arrow, "quote_tick", read_arrow);
BENCHMARK_CAPTURE(bm_read, quotes_decompress, "quote_tick", decompress);
BENCHMARK_CAPTURE(bm_read, trades, "trade_tick", read_typed<Trade>);
BENCHMARK_CAPTURE(bm_read, trades_arrow, "trade_tick", read_arrow);
BENCHMARK_CAPTURE(bm_read, trades_decompress, "trade_tick", decompress);

/// A file on each of two threads: of wall time.
void bm_read_quotes_two_threads(benchmark::State& state) {
  const std::vector<std::string>& all = files("quote_tick");
  std::int64_t rows = 0;
  for (auto _ : state) {
    std::vector<std::int64_t> each(all.size());
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < each.size(); ++i) {
        threads.emplace_back([&, i] { each[i] = read_typed<Quote>(all[i]); });
      }
    }
    for (const std::int64_t some : each) rows += some;
  }
  state.SetItemsProcessed(rows);
}
BENCHMARK(bm_read_quotes_two_threads)->UseRealTime();

}  // namespace
