#include "toxvol/jobs/factors.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/run/run_writer.hpp"

namespace toxvol::jobs {

namespace {

/// A stream's next record and when it counts: `ts_init` plus its delay.
template <class Record>
class Head {
 public:
  Head(BlockStream<Record>* stream, Duration delay) : stream_{stream}, delay_{delay} { fill(); }

  [[nodiscard]] Timestamp due() const {
    return block_.empty() ? Timestamp::max() : block_.front().ts_init + delay_;
  }
  const Record& front() const { return block_.front(); }
  void pop() {
    block_ = block_.subspan(1);
    if (block_.empty()) fill();
  }

 private:
  void fill() {
    if (stream_ != nullptr) block_ = stream_->next();
  }

  BlockStream<Record>* stream_;
  Duration delay_;
  std::span<const Record> block_;
};

}  // namespace

/// Streams every kind through folder and model in the order in which it is known.
void stream_factors(Market& market, const config::Config& config, const FactorRowSink& sink,
                    Progress& progress) {
  const auto& params = config.strategy.factors;
  factors::MinuteFolder folder{params, market.instrument, market.inputs};
  factors::FactorModel model{params, market.inputs};
  const MarketData& data = market.opened.data;
  Head<Trade> trades{data.trades.get(), config.agg_delay};
  Head<Quote> quotes{data.quotes.get(), Duration{}};
  Head<Bar> bars{data.bars.get(), params.data.bar_delay};
  Head<Metrics> metrics{data.metrics.get(), Duration{}};
  Head<Funding> funding{data.funding.get(), Duration{}};
  progress.begin("factors", (market.to - market.from) / kMinute);
  std::int64_t rows = 0;
  while (bars.due() != Timestamp::max()) {
    const Timestamp next =
        std::min({trades.due(), quotes.due(), bars.due(), metrics.due(), funding.due()});
    ++rows;
    if (next == trades.due()) {
      folder.on(trades.front());
      trades.pop();
    } else if (next == quotes.due()) {
      folder.on(quotes.front());
      quotes.pop();
    } else if (next == bars.due()) {
      const Bar bar = bars.front();
      const auto& row = model.update(folder.close(bar));
      if (bar.ts_event - kMinute >= market.from) {
        sink(row);
        progress.advance(1, rows);
        rows = 0;
      }
      bars.pop();
    } else if (next == metrics.due()) {
      model.on(metrics.front());
      metrics.pop();
    } else {
      model.on(funding.front());
      funding.pop();
    }
  }
}

std::int64_t run_factors(const FactorsRequest& request, Progress& progress) {
  const std::string extension = request.out.extension().string();
  if (!extension.empty() && extension != ".parquet" && extension != ".pq") {
    throw UsageError{fmt::format("--out {}: the table is written as Parquet; name it {}.parquet",
                                 request.out.string(),
                                 (request.out.parent_path() / request.out.stem()).string())};
  }
  check_market_folders(request.market);
  run::FactorsWriter writer{request.out, request.force};
  const auto record = [&writer](const factors::FactorRow& row) { writer.record(row); };
  read_ahead([&](Workers& workers) {
    Market market =
        open_market(request.market, request.config, request.out.parent_path(), progress, &workers);
    stream_factors(market, request.config, record, progress);
  });
  writer.commit();
  return writer.rows();
}

}  // namespace toxvol::jobs
