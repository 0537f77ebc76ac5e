#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/file_reader.hpp"

namespace {

using namespace toxvol;

constexpr int kRows = 1'000'000;  // some 70 MB: more than a cache holds

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : rest_{text} {}
  std::size_t read(std::span<char> out) override {
    const std::size_t size = std::min(out.size(), rest_.size());
    std::memcpy(out.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
  }
  const std::string& name() const override { return name_; }

 private:
  std::string_view rest_;
  std::string name_ = "bench.csv";
};

/// A small generator of its own, so that every run measures the same rows.
class Noise {
 public:
  std::uint64_t below(std::uint64_t limit) {
    state_ = state_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    return (state_ >> 33U) % limit;
  }

 private:
  std::uint64_t state_ = 1;
};

/// Widths vary as in the real files: sizes of 1 to 3 digits before the point.
std::string qty(Noise& noise) {
  const std::uint64_t whole = noise.below(4) == 0 ? noise.below(120) : noise.below(10);
  return fmt::format("{}.{:03}", whole, 1 + noise.below(999));
}

std::string book_ticker(std::string_view decimals) {
  Noise noise;
  std::string text =
      "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,"
      "event_time\n";
  std::uint64_t id = 4'123'107'839'020;
  std::uint64_t ms = 1'706'745'600'000;
  std::uint64_t tick = 428'000;
  for (int i = 0; i < kRows; ++i) {
    id += noise.below(3'000);
    ms += noise.below(4);
    tick += noise.below(3);
    tick -= noise.below(3);
    text += fmt::format("{},{}.{}{},{},{}.{}{},{},{},{}\n", id, tick / 10, tick % 10, decimals,
                        qty(noise), (tick + 1) / 10, (tick + 1) % 10, decimals, qty(noise), ms,
                        ms + noise.below(3));
  }
  return text;
}

std::string agg_trades() {
  Noise noise;
  std::string text =
      "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n";
  std::uint64_t id = 2'066'583'935;
  std::uint64_t trade_id = 5'066'583'935;
  std::uint64_t ms = 1'706'745'600'000;
  for (int i = 0; i < kRows; ++i) {
    const std::uint64_t last = trade_id + noise.below(4);
    ms += noise.below(60);
    text +=
        fmt::format("{},{}.{},{},{},{},{},{}\n", ++id, 42'800 + noise.below(99), noise.below(10),
                    qty(noise), trade_id, last, ms, noise.below(2) == 0 ? "true" : "false");
    trade_id = last + 1;
  }
  return text;
}

template <class Record>
void read_all(benchmark::State& state, const std::string& text) {
  std::int64_t rows = 0;
  for (auto _ : state) {
    csv::FileReader<Record> reader{std::make_unique<TextSource>(text)};
    for (auto block = reader.next(); !block.empty(); block = reader.next()) {
      benchmark::DoNotOptimize(block.data());
      rows += static_cast<std::int64_t>(block.size());
    }
    if (reader.stats().bad_rows != 0) state.SkipWithError("the rows are not as meant");
  }
  state.SetItemsProcessed(rows);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void bm_book_ticker(benchmark::State& state) {
  read_all<Quote>(state, book_ticker(""));
}
BENCHMARK(bm_book_ticker)->Unit(benchmark::kMillisecond);

/// As in the files of 2024-01 on: `42800.10000000`.
void bm_book_ticker_eight_decimals(benchmark::State& state) {
  read_all<Quote>(state, book_ticker("0000000"));
}
BENCHMARK(bm_book_ticker_eight_decimals)->Unit(benchmark::kMillisecond);

/// Columns in another order: the careful path alone.
void bm_book_ticker_careful(benchmark::State& state) {
  std::string text = book_ticker("");
  const std::string_view header = "update_id,best_bid_price,best_bid_qty,best_ask_price,";
  text.replace(0, header.size(), "update_id,best_ask_price,best_bid_qty,best_bid_price,");
  read_all<Quote>(state, text);
}
BENCHMARK(bm_book_ticker_careful)->Unit(benchmark::kMillisecond);

void bm_agg_trades(benchmark::State& state) {
  read_all<Trade>(state, agg_trades());
}
BENCHMARK(bm_agg_trades)->Unit(benchmark::kMillisecond);

}  // namespace
