#include "toxvol/study/shared_market.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include "toxvol/core/stream.hpp"

namespace toxvol::study {

namespace {

template <class Record>
class Reader final : public BlockStream<Record> {
 public:
  Reader(SharedStream<Record>& stream, std::size_t reader) : stream_{stream}, reader_{reader} {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() override { stream_.leave(reader_); }

  std::span<const Record> next() override {
    given_ = next_shared();
    return given_.rows;
  }
  SharedRows<Record> next_shared() override { return stream_.next(reader_); }

 private:
  SharedStream<Record>& stream_;
  std::size_t reader_;
  SharedRows<Record> given_;  // by `next`
};

template <class Record>
std::unique_ptr<BlockStream<Record>> reader_of(SharedStream<Record>& stream, std::size_t reader) {
  if (!stream.has_source()) return nullptr;
  return std::make_unique<Reader<Record>>(stream, reader);
}

}  // namespace

SharedMarket::SharedMarket(MarketData data, std::size_t readers)
    : trades_{std::move(data.trades), readers},
      quotes_{std::move(data.quotes), readers},
      bars_{std::move(data.bars), readers},
      metrics_{std::move(data.metrics), readers},
      funding_{std::move(data.funding), readers} {}

MarketData SharedMarket::open(std::size_t reader) {
  MarketData data;
  data.trades = reader_of(trades_, reader);
  data.quotes = reader_of(quotes_, reader);
  data.bars = reader_of(bars_, reader);
  data.metrics = reader_of(metrics_, reader);
  data.funding = reader_of(funding_, reader);
  return data;
}

}  // namespace toxvol::study
