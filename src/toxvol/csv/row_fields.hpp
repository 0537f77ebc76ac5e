#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "toxvol/core/expected.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/csv/number.hpp"
#include "toxvol/csv/row_error.hpp"
#include "toxvol/csv/time.hpp"

namespace toxvol::csv {

/// The fields of one row, read column by column; remembers the first fault. After a fault every
/// value is 0: the row is refused as a whole, so nobody looks at them.
template <class Fields>
class RowFields {
 public:
  explicit RowFields(const Fields& fields) noexcept : fields_{&fields} {}

  [[nodiscard]] std::int64_t integer(int field) noexcept {
    return value_or_fault(field, parse_int(at(field)));
  }
  [[nodiscard]] std::int64_t e8(int field) noexcept {
    return value_or_fault(field, parse_e8(at(field)));
  }
  [[nodiscard]] bool flag(int field) noexcept {
    return value_or_fault(field, parse_bool(at(field)));
  }
  [[nodiscard]] Timestamp time(int field, TimeUnit unit) noexcept {
    const std::int64_t value = integer(field);
    const auto timestamp = to_timestamp(value, unit);
    check(timestamp.has_value(), RowFault::BadTime, field);
    return timestamp.value_or(Timestamp{});
  }
  void check(bool holds, RowFault fault, int field) noexcept {
    if (!holds && !failed_) fail(fault, field);
  }
  void fail(RowFault fault, int field) noexcept {
    failed_ = true;
    error_ = {fault, field};
  }

  [[nodiscard]] std::string_view at(int field) const noexcept {
    return (*fields_)[static_cast<std::size_t>(field)];
  }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] Unexpected<RowError> error() const noexcept { return Unexpected<RowError>{error_}; }

 private:
  template <class T>
  [[nodiscard]] T value_or_fault(int field, const Expected<T, RowFault>& value) noexcept {
    if (value) return *value;
    if (!failed_) fail(value.error(), field);
    return T{};
  }

  const Fields* fields_;
  bool failed_ = false;
  RowError error_{};
};

}  // namespace toxvol::csv
