// A settlement that is taken has an interval of at least an hour and a time.
#include <cstddef>
#include <cstdint>

#include "fuzz/row.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/funding_row.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol {

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto fields = fuzz::split<3>(fuzz::text(data, size));
  if (!fields) return 0;
  const auto funding = csv::parse_funding(*fields, csv::TimeUnit::Milliseconds);
  if (!funding) return 0;
  fuzz::require(funding->interval_hours > 0);
  fuzz::require(funding->ts_event > Timestamp{} && funding->ts_init == Timestamp{});
  return 0;
}

}  // namespace toxvol
