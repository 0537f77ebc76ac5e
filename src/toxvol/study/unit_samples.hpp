#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "toxvol/core/int128.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::study {

/// The equity rows that are samples (R2); the others have a cause of their own, such as a fill.
[[nodiscard]] constexpr bool is_sample(trading::EquityCause cause) {
  using trading::EquityCause;
  return cause == EquityCause::Start || cause == EquityCause::Minute || cause == EquityCause::End;
}

/// The last sample at or before each whole multiple of a length of time, from the first at or after
/// the first sample to the last at or before the last one (R2). `close(boundary, sample)` is called
/// for each, in order, as samples pass.
template <class Sample>
class UnitSamples {
 public:
  explicit UnitSamples(Duration length) : length_{length} {}

  /// Times do not fall; the later sample of one time replaces the earlier.
  template <class Close>
  void add(Timestamp ts, Sample sample, Close&& close) {
    if (!last_) next_ = boundary_from(ts);
    pass(ts, close);
    last_ = std::move(sample);
    ts_ = ts;
  }
  /// Once, after the last sample.
  template <class Close>
  void finish(Close&& close) {
    pass(ts_ + Duration{1}, close);
  }

 private:
  /// Boundaries before `until` have seen their last sample.
  template <class Close>
  void pass(Timestamp until, Close&& close) {
    for (; last_ && next_ < until; next_ += length_) close(next_, std::as_const(*last_));
  }
  /// The first boundary at or after `ts`.
  [[nodiscard]] Timestamp boundary_from(Timestamp ts) const {
    const Int128 units = div_ceil(Int128{to_ns(ts)}, Int128{length_.count()});
    return from_ns(static_cast<std::int64_t>(units * length_.count()));
  }

  Duration length_;
  Timestamp next_{};
  Timestamp ts_{};
  std::optional<Sample> last_;
};

}  // namespace toxvol::study
