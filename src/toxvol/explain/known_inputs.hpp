#pragma once

#include <optional>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/explain/explanation.hpp"

namespace toxvol::explain {

/// Finds the newest record of each kind that counted at one row, from the records as they are
/// read. Ticks count if they come before the row; metrics and funding by C2.
class KnownInputs {
 public:
  struct Delays {
    Duration bar{};
    Duration metrics{};
    Duration funding{};
  };
  /// `ts`, `ts_init`: of the row.
  KnownInputs(Timestamp ts, Timestamp ts_init, Delays delays)
      : ts_{ts}, ts_init_{ts_init}, delays_{delays} {}

  void add(const Trade& trade) { keep(trade_, trade, ts_init_); }
  void add(const Quote& quote) { keep(quote_, quote, ts_init_); }
  void add(const Bar& bar) { keep(bar_, bar, ts_init_ + Duration{1}); }
  void add(const Metrics& metrics) {
    keep(metrics_, metrics, ts_init_ + delays_.bar - delays_.metrics);
  }
  void add(const Funding& funding) {
    keep(funding_, funding, ts_init_ + delays_.bar - delays_.funding);
  }

  /// In the order of `Kind`; a kind of which nothing was known is not there.
  [[nodiscard]] std::vector<KnownInput> list() const;

 private:
  template <class Record>
  static void keep(std::optional<Record>& newest, const Record& record, Timestamp before) {
    if (record.ts_init < before) newest = record;
  }

  Timestamp ts_;
  Timestamp ts_init_;
  Delays delays_;
  std::optional<Trade> trade_;
  std::optional<Quote> quote_;
  std::optional<Bar> bar_;
  std::optional<Metrics> metrics_;
  std::optional<Funding> funding_;
};

}  // namespace toxvol::explain
