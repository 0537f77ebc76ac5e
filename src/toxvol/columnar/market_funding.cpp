#include <cstdint>
#include <span>
#include <utility>

#include <arrow/array/builder_binary.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <arrow/type_fwd.h>
#include <arrow/util/key_value_metadata.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/columnar/small_table.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/funding_update.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"

namespace toxvol::columnar {

using small::check;

MarketWriter<FundingUpdate>::MarketWriter(ByteSink sink, const MarketFormat& format,
                                          Workers* /*workers*/)
    : sink_{std::move(sink)}, instrument_id_{format.instrument_id} {}

void MarketWriter<FundingUpdate>::write(std::span<const FundingUpdate> rows) {
  rows_.insert(rows_.end(), rows.begin(), rows.end());
}

void MarketWriter<FundingUpdate>::close() {
  arrow::BinaryBuilder rates;
  arrow::UInt16Builder intervals;
  arrow::UInt64Builder nexts;
  arrow::UInt64Builder events;
  arrow::UInt64Builder inits;
  for (const FundingUpdate& row : rows_) {
    // A JSON string, as NautilusTrader encodes a Decimal.
    check(rates.Append('"' + decimal_text(row.rate.raw()) + '"'));
    check(row.interval_minutes ? intervals.Append(*row.interval_minutes) : intervals.AppendNull());
    check(nexts.AppendNull());
    check(events.Append(static_cast<std::uint64_t>(to_ns(row.ts_event))));
    check(inits.Append(static_cast<std::uint64_t>(to_ns(row.ts_init))));
  }
  const auto schema = arrow::schema(
      {arrow::field("rate", arrow::binary(), /*nullable=*/false),
       arrow::field("interval", arrow::uint16()), arrow::field("next_funding_ns", arrow::uint64()),
       arrow::field("ts_event", arrow::uint64(), /*nullable=*/false),
       arrow::field("ts_init", arrow::uint64(), /*nullable=*/false)},
      arrow::key_value_metadata({"instrument_id", "toxvol.schema"}, {instrument_id_, "1"}));
  const arrow::ArrayVector columns{check(rates.Finish()), check(intervals.Finish()),
                                   check(nexts.Finish()), check(events.Finish()),
                                   check(inits.Finish())};
  small::write(sink_, *arrow::Table::Make(schema, columns));
}

}  // namespace toxvol::columnar
