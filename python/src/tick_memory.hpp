#pragma once

#include <cstdint>

#include <nanobind/nanobind.h>

#include "toxvol/core/market.hpp"

namespace toxvol::python {

/// Reads NautilusTrader's QuoteTick and TradeTick where they lie, without a Python object a field:
/// both keep one C struct, which its headers publish (core/includes/model.h). Where in the object
/// it lies, and that it is laid out as here, is found out from samples whose fields are known.
class TickMemory {
 public:
  /// `quote` and `trade` as `QuoteTick.from_raw` and `TradeTick.from_raw` make them of the fields
  /// of `sample_quote` and `sample_trade`. Throws `Error` for another layout.
  TickMemory(nanobind::handle quote, nanobind::handle trade);

  /// Throws `TypeError` for anything else, `Error` for more than eight decimals.
  [[nodiscard]] Quote quote(nanobind::handle tick) const;
  [[nodiscard]] Trade trade(nanobind::handle tick) const;

 private:
  PyTypeObject* quote_type_;
  PyTypeObject* trade_type_;
  std::ptrdiff_t quote_offset_;
  std::ptrdiff_t trade_offset_;
};

/// Units of 1e-16, as NautilusTrader keeps them.
struct SampleQuote {
  std::int64_t bid = 123'456'700'000'000;
  std::int64_t ask = 123'456'800'000'000;
  std::int64_t bid_size = 7'001'000'000'000'000;
  std::int64_t ask_size = 8'002'000'000'000'000;
  std::uint64_t ts_event = 1'700'000'000'000'000'001;
  std::uint64_t ts_init = 1'700'000'000'000'000'002;
};
struct SampleTrade {
  std::int64_t price = 123'456'900'000'000;
  std::int64_t size = 9'003'000'000'000'000;
  std::uint64_t ts_event = 1'700'000'000'000'000'003;
  std::uint64_t ts_init = 1'700'000'000'000'000'004;
};

}  // namespace toxvol::python
