#include "toxvol/config/fitted_keys.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/key_types.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/expected.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::config {

namespace {

using namespace key_types;  // NOLINT(google-build-using-namespace): as keys.cpp
using factors::FixedScale;
using factors::ThresholdFit;
using factors::ThresholdParams;
using factors::ZParams;
using factors::ZScale;

constexpr In kThresholds{[](auto& c) -> auto& { return c.strategy.factors.thresholds; }};
constexpr In kZ{[](auto& c) -> auto& { return c.strategy.factors.z; }};

/// A number, or "none": unlike a limit, a threshold may well be 0.
Type<std::optional<double>> fixed_threshold() {
  return word_or("none", real(-kAny, kAny), R"("none" or a number)");
}

Type<FixedScale> scale() {
  return {.takes = "[mean, sd]",
          .write = [](const FixedScale& s) { return Value{std::vector<double>{s.mean, s.sd}}; },
          .read = [](const Value& v) -> Expected<FixedScale, std::string> {
            const auto* list = std::get_if<std::vector<double>>(&v);
            if (list == nullptr || list->size() != 2 || !std::isfinite((*list)[0]) ||
                !std::isfinite((*list)[1]) || (*list)[1] < 0.0) {
              return Refusal{std::string{"a list of two numbers, the second not below 0"}};
            }
            return FixedScale{.mean = (*list)[0], .sd = (*list)[1]};
          }};
}

Key fixed_scale(std::string_view name, std::string_view of,
                std::optional<FixedScale> ZParams::* member) {
  return key({fmt::format("z.{}", name), "", "Z1, R41",
              fmt::format("Mean and sd for the z-score of {}; trailing: of its window.", of)},
             word_or("trailing", scale(), R"("trailing" or [mean, sd])"), kZ(member));
}

Key fixed_threshold(std::string_view name, std::string_view of,
                    std::optional<double> ThresholdParams::* member) {
  return key({fmt::format("thresholds.{}", name), "z", "E15, R41",
              fmt::format("With fit = walkforward, the threshold of {}; none: trailing.", of)},
             fixed_threshold(), kThresholds(member));
}

}  // namespace

std::vector<Key> z_keys() {
  return {
      key({"z.clip", "z", "E16, Z3", "Bound of every z-score."}, real(0.5, kAny),
          kZ(&ZParams::clip)),
      key({"z.scale", "", "M1, Z6",
           "Sums of z-scores divided by √Σw², by their own trailing sd, or by nothing."},
          choice<ZScale>(
              {{"unit", ZScale::Unit}, {"trailing", ZScale::Trailing}, {"plain", ZScale::Plain}}),
          kZ(&ZParams::scale)),
      fixed_scale("vc", "−vc, that is of f1", &ZParams::vc),
      fixed_scale("obi", "obi", &ZParams::obi),
      fixed_scale("svi", "svi", &ZParams::svi),
      fixed_scale("ofi", "ofi_norm, or of ofi with pressure.ofi_scale = none", &ZParams::ofi),
      fixed_scale("vpin", "vpin", &ZParams::vpin),
      fixed_scale("spread", "the spread", &ZParams::spread),
      fixed_scale("d_oi", "d_oi", &ZParams::d_oi),
      fixed_scale("ls", "ln ls", &ZParams::ls),
      fixed_scale("tls", "ln tls", &ZParams::tls),
  };
}

std::vector<Key> threshold_keys() {
  return {
      key({"thresholds.quantile_min_count", "decision rows", "Z4",
           "Prior rows that a quantile needs; auto: max(30, ⌈window/cadence/7⌉)."},
          auto_or(whole<std::int64_t>(2), R"("auto" or a whole number of at least 2)"),
          kThresholds(&ThresholdParams::quantile_min_count)),
      key({"thresholds.fit", "", "E15, R36",
           "Where thresholds come from: the rows before each row (trailing), the four numbers below "
           "(walkforward), or the very window they are used on (sample: in sample, for comparison "
           "only)."},
          choice<ThresholdFit>({{"trailing", ThresholdFit::Trailing},
                                {"walkforward", ThresholdFit::Walkforward},
                                {"sample", ThresholdFit::Sample}}),
          kThresholds(&ThresholdParams::fit)),
      fixed_threshold("f1", "f1", &ThresholdParams::f1),
      fixed_threshold("p", "abs(p) for alpha A", &ThresholdParams::p),
      fixed_threshold("p_b", "abs(p) for alpha B", &ThresholdParams::p_b),
      fixed_threshold("t", "t", &ThresholdParams::t),
  };
}

}  // namespace toxvol::config
