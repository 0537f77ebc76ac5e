#include "toxvol/config/key_types.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/expected.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/factors/params.hpp"

namespace toxvol::config::key_types {

namespace {

std::optional<std::int64_t> parse_whole(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> parse_real(std::string_view text) {
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

using factors::VpinBucketRule;

std::string format_bucket(const VpinBucketRule& rule) {
  switch (rule.kind) {
    case VpinBucketRule::Kind::Median1m:
      return "median_1m";
    case VpinBucketRule::Kind::Median5m:
      return "median_5m";
    case VpinBucketRule::Kind::Notional:
      return "notional:" + decimal_text(rule.amount_e8);
    case VpinBucketRule::Kind::Base:
      return "base:" + decimal_text(rule.amount_e8);
  }
  return "";
}

std::optional<VpinBucketRule> parse_bucket(std::string_view text) {
  using enum VpinBucketRule::Kind;
  if (text == "median_1m") return VpinBucketRule{.kind = Median1m};
  if (text == "median_5m") return VpinBucketRule{.kind = Median5m};
  for (const auto& [prefix, kind] : {std::pair{std::string_view{"notional:"}, Notional},
                                     std::pair{std::string_view{"base:"}, Base}}) {
    if (!text.starts_with(prefix)) continue;
    const auto amount = parse_decimal(text.substr(prefix.size()), Exponents::Allowed);
    if (!amount || *amount <= 0) return std::nullopt;
    return VpinBucketRule{.kind = kind, .amount_e8 = *amount};
  }
  return std::nullopt;
}

std::string format_latency(const engine::Latency& latency) {
  switch (latency.kind) {
    case engine::Latency::Kind::Constant:
      return to_text(latency.value);
    case engine::Latency::Kind::Lognormal:
      return fmt::format("lognormal:{}:{}", to_text(latency.value), latency.sigma);
    case engine::Latency::Kind::Recorded:
      return "recorded";
  }
  return "";
}

std::optional<engine::Latency> parse_latency(std::string_view text, bool may_be_recorded) {
  using Kind = engine::Latency::Kind;
  constexpr Duration kMost = std::chrono::hours{1};
  if (may_be_recorded && text == "recorded") return engine::Latency{.kind = Kind::Recorded};
  constexpr std::string_view kPrefix = "lognormal:";
  if (text.starts_with(kPrefix)) {
    text.remove_prefix(kPrefix.size());
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto median = parse_duration(text.substr(0, colon));
    const auto sigma = parse_real(text.substr(colon + 1));
    if (!median || *median > kMost || !sigma || *sigma < 0 || *sigma > 5) return std::nullopt;
    return engine::Latency{.kind = Kind::Lognormal, .value = *median, .sigma = *sigma};
  }
  const auto value = parse_duration(text);
  if (!value || *value > kMost) return std::nullopt;
  return engine::Latency{.value = *value};
}

/// A text form of its own: `format` and `parse` are each other's inverse.
template <class T, class Format, class Parse>
Type<T> as_text(const std::string& takes, Format format, Parse parse) {
  return {.takes = takes,
          .write = [format](const T& value) { return Value{format(value)}; },
          .read = [parse, takes](const Value& v) -> Expected<T, std::string> {
            const std::optional<T> parsed = parse(text_of(v));
            if (!parsed) return Refusal{takes};
            return *parsed;
          }};
}

/// A text that is good.
Type<std::string> checked_text(const std::string& takes, bool (*is_good)(std::string_view)) {
  return as_text<std::string>(
      takes, [](const std::string& text) { return text; },
      [is_good](const std::string& text) {
        return is_good(text) ? std::optional{text} : std::nullopt;
      });
}

bool is_symbol(std::string_view text) {
  if (text.empty() || text.size() > 20) return false;
  for (const char c : text) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}

bool is_tier(std::string_view text) {
  return text.size() == 4 && text.starts_with("VIP") && text[3] >= '0' && text[3] <= '9';
}

std::optional<double> parse_flip(std::string_view text) {
  if (text == "flatten") return 0.0;
  constexpr std::string_view kPrefix = "reduce:";
  if (!text.starts_with(kPrefix)) return std::nullopt;
  const auto share = parse_real(text.substr(kPrefix.size()));
  if (!share || !(*share > 0 && *share < 1)) return std::nullopt;
  const double keep = 1.0 - *share;
  return keep < 1.0 ? std::optional{keep} : std::nullopt;  // of a share below 1e-16 nothing is left
}

/// The shortest text that `parse_flip` gives `keep` back for: with 17 digits it always does.
std::string format_flip(double keep) {
  if (keep == 0.0) return "flatten";
  constexpr int kMostDigits = 17;
  int digits = 6;
  const auto text = [&] { return fmt::format("reduce:{:.{}g}", 1.0 - keep, digits); };
  while (digits < kMostDigits && parse_flip(text()) != keep) ++digits;
  return text();
}

Type<double> number_that(std::string expected, std::function<bool(double)> is_good) {
  return {.takes = "number",
          .write = [](const double& value) { return Value{value}; },
          .read = [expected = std::move(expected),
                   is_good = std::move(is_good)](const Value& v) -> Expected<double, std::string> {
            const auto x = number(v);
            if (!x || !std::isfinite(*x) || !is_good(*x)) return Refusal{expected};
            return *x;
          }};
}

}  // namespace

Type<bool> flag() {
  return {.takes = "true | false",
          .write = [](const bool& value) { return Value{value}; },
          .read = [](const Value& v) -> Expected<bool, std::string> {
            if (const auto* b = std::get_if<bool>(&v)) return *b;
            return Refusal{std::string{"true or false"}};
          }};
}

Type<double> real(double low, double high) {
  return number_that(std::isinf(high) ? fmt::format("a number of at least {}", low)
                                      : fmt::format("a number from {} to {}", low, high),
                     [=](double x) { return x >= low && x <= high; });
}

Type<double> positive() {
  return number_that("a number above 0", [](double x) { return x > 0; });
}

Type<Duration> duration(Duration least, Duration step) {
  return {
      .takes = "duration",
      .write = [](const Duration& value) { return Value{to_text(value)}; },
      .read = [=](const Value& v) -> Expected<Duration, std::string> {
        const auto length = parse_duration(text_of(v));
        if (length && *length >= least && *length % step == Duration::zero()) return *length;
        return Refusal{fmt::format("a duration such as \"30m\", from {} to {} and a multiple of {}",
                                   to_text(least), to_text(kLongest), to_text(step))};
      }};
}

Type<std::optional<Inputs>> inputs() {
  const std::string takes =
      R"("auto" or a list of aggTrades, bookTicker, klines, metrics, fundingRate)";
  return {.takes = takes,
          .write = [](const std::optional<Inputs>& value) -> Value {
            if (!value) return std::string{"auto"};
            std::vector<std::string> list;
            for (const Kind kind : kKinds) {
              if ((*value)[kind]) list.emplace_back(name(kind));
            }
            return list;
          },
          .read = [takes](const Value& v) -> Expected<std::optional<Inputs>, std::string> {
            if (text_of(v) == "auto") return std::optional<Inputs>{};
            const auto* list = std::get_if<std::vector<std::string>>(&v);
            if (list == nullptr) return Refusal{takes};
            Inputs inputs;
            for (const std::string& text : *list) {
              const auto kind = kind_named(text);
              if (!kind) return Refusal{takes};
              inputs[*kind] = true;
            }
            if (inputs.bars) return inputs;
            return Refusal{std::string{"a list with klines in it: a minute is a kline"}};
          }};
}

Key ofi_window(About about) {
  constexpr std::string_view kType = R"(duration of whole minutes, or "events:N")";
  return {.name = std::move(about.name),
          .type = std::string{kType},
          .unit = std::move(about.unit),
          .source = std::move(about.source),
          .meaning = std::move(about.meaning),
          .get = [](const Config& c) -> Value {
            const auto& p = c.strategy.factors.pressure;
            if (p.ofi_events > 0) return fmt::format("events:{}", p.ofi_events);
            return to_text(p.ofi_window);
          },
          .set = [kType](Config& c, const Value& v) -> std::optional<std::string> {
            auto& p = c.strategy.factors.pressure;
            const std::string text = text_of(v);
            constexpr std::string_view kPrefix = "events:";
            if (text.starts_with(kPrefix)) {
              const auto count = parse_whole(std::string_view{text}.substr(kPrefix.size()));
              if (!count || *count < 1 || *count > 1'000'000) {
                return "events:N with N from 1 to 1000000";
              }
              p.ofi_events = static_cast<int>(*count);
              p.ofi_window = kMinute;
              return std::nullopt;
            }
            const auto length = duration(kMinute, kMinute).read(v);
            if (!length) return std::string{kType};
            p.ofi_events = 0;
            p.ofi_window = *length;
            return std::nullopt;
          }};
}

Type<std::array<int, 3>> har_horizons() {
  using Days = std::array<int, 3>;
  return {.takes = "list of 3 whole numbers",
          .write =
              [](const Days& days) { return Value{std::vector<double>{days.begin(), days.end()}}; },
          .read = [](const Value& v) -> Expected<Days, std::string> {
            const Refusal refusal{
                std::string{"three ascending whole numbers of days, such as [1, 7, 30]"}};
            const auto* list = std::get_if<std::vector<double>>(&v);
            if (list == nullptr || list->size() != 3) return refusal;
            Days days{};
            for (std::size_t i = 0; i < days.size(); ++i) {
              const double x = (*list)[i];
              if (x != std::floor(x) || x < 1 || x > 365) return refusal;
              days[i] = static_cast<int>(x);
              if (i > 0 && days[i] <= days[i - 1]) return refusal;
            }
            return days;
          }};
}

Type<engine::Latency> latency(bool may_be_recorded) {
  std::string takes = "duration up to 1h, or \"lognormal:MEDIAN:SIGMA\" with MEDIAN up to 1h";
  if (may_be_recorded) takes += ", or \"recorded\"";
  return as_text<engine::Latency>(takes, format_latency, [may_be_recorded](std::string_view text) {
    return parse_latency(text, may_be_recorded);
  });
}

Type<VpinBucketRule> vpin_bucket() {
  return as_text<VpinBucketRule>("median_1m | median_5m | notional:AMOUNT | base:AMOUNT",
                                 format_bucket, parse_bucket);
}

Type<double> on_flip() {
  return as_text<double>("flatten | reduce:SHARE with 0 < SHARE < 1", format_flip, parse_flip);
}

Type<engine::Profile> profile() {
  std::vector<Named<engine::Profile>> names;
  names.reserve(engine::kProfiles.size());
  for (const engine::ProfileFacts& one : engine::kProfiles) {
    names.push_back({one.name, one.profile});
  }
  return choice<engine::Profile>(names);
}

Type<std::string> symbol() {
  return checked_text("symbol in capitals, such as BTCUSDT", is_symbol);
}

Type<std::string> tier() {
  return checked_text("VIP0 … VIP9", is_tier);
}

}  // namespace toxvol::config::key_types
