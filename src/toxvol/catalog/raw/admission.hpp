#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/divisor.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/sound.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/quality/detectors.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

/// What can be said of a row alone, before its neighbours are known.
template <class Record>
class Admission {
 public:
  Admission(const SourceFile& file, Precision precision)
      : file_{file},
        period_{file.period()},
        precision_{precision},
        price_step_{power_of_ten(Price::kDecimals - precision.price)},
        size_step_{power_of_ten(Price::kDecimals - precision.size)} {}

  /// Why the row cannot be taken, nothing where it can. Its time becomes the millisecond it lies
  /// in. Throws `SourceError` where a number has more decimals than the instrument.
  [[nodiscard]] std::optional<quality::Code> fault_of(Record& row, std::int64_t line) const {
    row.ts_event = std::chrono::floor<std::chrono::milliseconds>(row.ts_event);
    if constexpr (KindOf<Record>::kKind == Kind::BookTicker) {
      if (const auto defect = quality::defect_of(row)) return defect;
    }
    const Timestamp place = place_of(row);
    if (place < period_.from || place >= period_.to) return quality::Code::RowOutsideDay;
    if (!file_.superseded.empty() &&
        std::binary_search(file_.superseded.begin(), file_.superseded.end(), day_of(place))) {
      return quality::Code::DaySuperseded;
    }
    check_precision(row, line);
    return std::nullopt;
  }

  /// Whether `fault_of` would refuse and change none of rows that are of the unit of one that it
  /// has admitted. One pass without branches, where `fault_of` looks at each.
  [[nodiscard]] bool are_usual(std::span<const Record> rows) const {
    constexpr Divisor kWholeMs{kMillisecond.count()};
    AllMultiples numbers{.price_step = price_step_, .size_step = size_step_};
    bool are_good = true;
    for (const Record& row : rows) {
      are_good &= kWholeMs.divides(to_ns(row.ts_event));
      if constexpr (KindOf<Record>::kKind == Kind::BookTicker) are_good &= is_sound(row);
      visit_numbers(row, numbers);
    }
    return are_good && numbers.are_multiples;
  }

  [[nodiscard]] bool is_inside(Day unit) const {
    return Timestamp{unit} >= period_.from && Timestamp{unit} < period_.to;
  }

 private:
  /// Funding of a month is judged by its own time, a row of a day by its day.
  [[nodiscard]] static Timestamp place_of(const Record& row) {
    if constexpr (KindOf<Record>::kKind == Kind::Funding) return row.ts_event;
    return Timestamp{unit_day(row)};
  }

  struct StepCheck {
    Divisor price_step;
    Divisor size_step;
    std::string_view off{};  // column
    std::int64_t value = 0;
    void price(std::int64_t raw, std::string_view column) { look(raw, price_step, column); }
    void size(std::int64_t raw, std::string_view column) { look(raw, size_step, column); }
    void look(std::int64_t raw, Divisor step, std::string_view column) {
      if (step.divides(raw)) return;
      off = column;
      value = raw;
    }
  };
  struct AllMultiples {
    Divisor price_step;
    Divisor size_step;
    bool are_multiples = true;
    void price(std::int64_t raw, std::string_view /*column*/) {
      are_multiples &= price_step.divides(raw);
    }
    void size(std::int64_t raw, std::string_view /*column*/) {
      are_multiples &= size_step.divides(raw);
    }
  };
  void check_precision(const Record& row, std::int64_t line) const {
    StepCheck check{.price_step = price_step_, .size_step = size_step_};
    visit_numbers(row, check);
    if (check.off.empty()) return;
    throw SourceError{
        quality::Code::FileUnusable,
        fmt::format("{}:{}: {} {} has more decimals than the catalog's instrument "
                    "(price {}, size {}); ingest all days of {} together into a new catalog",
                    file_.path.string(), line, check.off, decimal_text(check.value, 8),
                    precision_.price, precision_.size, file_.symbol)};
  }

  SourceFile file_;
  TimeRange period_;
  Precision precision_;
  Divisor price_step_;
  Divisor size_step_;
};

}  // namespace toxvol::catalog
