#pragma once

#include <span>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

/// Refuses rows that do not come in the order of time.
template <class Record>
class OrderProof {
 public:
  void check(std::span<const Record> rows) {
    for (const Record& row : rows) {
      if (row.ts_init <= last_init_ || row.ts_event < last_event_) {
        throw Error{"the catalog's rows are out of order at " + to_string(row.ts_event) +
                    "; ingest that day again"};
      }
      last_init_ = row.ts_init;
      last_event_ = row.ts_event;
    }
  }

 private:
  Timestamp last_init_ = Timestamp::min();
  Timestamp last_event_ = Timestamp::min();
};

}  // namespace toxvol::catalog
