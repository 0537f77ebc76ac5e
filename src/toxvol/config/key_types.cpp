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
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
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
    const auto amount = parse_e8(text.substr(prefix.size()));
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
  if (may_be_recorded && text == "recorded") return engine::Latency{.kind = Kind::Recorded};
  constexpr std::string_view kPrefix = "lognormal:";
  if (text.starts_with(kPrefix)) {
    text.remove_prefix(kPrefix.size());
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto median = parse_duration(text.substr(0, colon));
    const auto sigma = parse_real(text.substr(colon + 1));
    if (!median || !sigma || *sigma < 0 || *sigma > 5) return std::nullopt;
    return engine::Latency{.kind = Kind::Lognormal, .value = *median, .sigma = *sigma};
  }
  const auto value = parse_duration(text);
  if (!value || *value > std::chrono::hours{1}) return std::nullopt;
  return engine::Latency{.value = *value};
}

Key text_key(About about, std::string expected, Field<std::string> field,
             std::function<bool(std::string_view)> good) {
  return special<std::string>(
      std::move(about), std::move(expected), std::move(field),
      [](const std::string& text) { return text; },
      [good = std::move(good)](std::string_view text) -> std::optional<std::string> {
        if (!good(text)) return std::nullopt;
        return std::string{text};
      });
}

bool is_symbol(std::string_view text) {
  if (text.empty() || text.size() > 20) return false;
  for (const char c : text) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}

}  // namespace

Key inputs(About about) {
  const std::string type =
      R"("auto" or a list of aggTrades, bookTicker, klines, metrics, fundingRate)";
  return make(
      std::move(about), type,
      [](const Config& c) -> Value {
        if (!c.inputs) return std::string{"auto"};
        std::vector<std::string> list;
        for (const auto& [kind, field] : kInputFields) {
          if ((*c.inputs).*field) list.emplace_back(name(kind));
        }
        return list;
      },
      [type](Config& c, const Value& v) -> Problem {
        if (text_of(v) == "auto") {
          c.inputs.reset();
          return std::nullopt;
        }
        const auto* list = std::get_if<std::vector<std::string>>(&v);
        if (list == nullptr) return type;
        Inputs inputs;
        for (const std::string& text : *list) {
          bool known = false;
          for (const auto& [kind, field] : kInputFields) {
            if (name(kind) != text) continue;
            inputs.*field = true;
            known = true;
          }
          if (!known) return type;
        }
        if (!inputs.bars) return "a list with klines in it: a minute is a kline";
        c.inputs = inputs;
        return std::nullopt;
      });
}

Key ofi_window(About about) {
  constexpr std::string_view kType = R"(duration of whole minutes, or "events:N")";
  return make(
      std::move(about), std::string{kType},
      [](const Config& c) -> Value {
        const auto& p = c.strategy.factors.pressure;
        if (p.ofi_events > 0) return fmt::format("events:{}", p.ofi_events);
        return to_text(p.ofi_window);
      },
      [kType](Config& c, const Value& v) -> Problem {
        auto& p = c.strategy.factors.pressure;
        const std::string text = text_of(v);
        constexpr std::string_view kPrefix = "events:";
        if (text.starts_with(kPrefix)) {
          const auto count = parse_whole(std::string_view{text}.substr(kPrefix.size()));
          if (!count || *count < 1 || *count > 1'000'000)
            return "events:N with N from 1 to 1000000";
          p.ofi_events = static_cast<int>(*count);
          p.ofi_window = kMinute;
          return std::nullopt;
        }
        const auto length = parse_duration(text);
        if (!length || *length < kMinute || *length % kMinute != Duration::zero()) {
          return std::string{kType};
        }
        p.ofi_events = 0;
        p.ofi_window = *length;
        return std::nullopt;
      });
}

Key har_horizons(About about) {
  return make(
      std::move(about), "list of 3 whole numbers",
      [](const Config& c) {
        const auto& h = c.strategy.factors.volatility.har_horizons;
        return Value{std::vector<double>{h.begin(), h.end()}};
      },
      [](Config& c, const Value& v) -> Problem {
        constexpr std::string_view kExpected =
            "three ascending whole numbers of days, such as [1, 7, 30]";
        const auto* list = std::get_if<std::vector<double>>(&v);
        if (list == nullptr || list->size() != 3) return std::string{kExpected};
        std::array<int, 3> days{};
        for (std::size_t i = 0; i < days.size(); ++i) {
          const double x = (*list)[i];
          if (x != std::floor(x) || x < 1 || x > 365) return std::string{kExpected};
          days[i] = static_cast<int>(x);
          if (i > 0 && days[i] <= days[i - 1]) return std::string{kExpected};
        }
        c.strategy.factors.volatility.har_horizons = days;
        return std::nullopt;
      });
}

Key auto_count(About about, Field<std::int64_t> field) {
  constexpr std::string_view kType = R"("auto" or a whole number of at least 2)";
  return make(
      std::move(about), std::string{kType},
      [field](const Config& c) -> Value {
        const std::int64_t count = read(field, c);
        if (count == 0) return std::string{"auto"};
        return count;
      },
      [field, kType](Config& c, const Value& v) -> Problem {
        if (text_of(v) == "auto") {
          field(c) = 0;
          return std::nullopt;
        }
        const auto* count = std::get_if<std::int64_t>(&v);
        if (count == nullptr || *count < 2) return std::string{kType};
        field(c) = *count;
        return std::nullopt;
      });
}

Key auto_duration(About about, Field<std::optional<Duration>> field) {
  constexpr std::string_view kType = R"("auto" or a duration)";
  return make(
      std::move(about), std::string{kType},
      [field](const Config& c) -> Value {
        const auto length = read(field, c);
        return length ? to_text(*length) : std::string{"auto"};
      },
      [field, kType](Config& c, const Value& v) -> Problem {
        if (text_of(v) == "auto") {
          field(c).reset();
          return std::nullopt;
        }
        const auto length = parse_duration(text_of(v));
        if (!length || *length < Duration::zero()) return std::string{kType};
        field(c) = *length;
        return std::nullopt;
      });
}

Key warmup(About about) {
  constexpr std::string_view kType = R"("auto" or a duration of whole days)";
  return make(
      std::move(about), std::string{kType},
      [](const Config& c) -> Value { return c.warmup ? to_text(*c.warmup) : std::string{"auto"}; },
      [kType](Config& c, const Value& v) -> Problem {
        if (text_of(v) == "auto") {
          c.warmup.reset();
          return std::nullopt;
        }
        const auto length = parse_duration(text_of(v));
        if (!length || *length % kDay != Duration::zero()) return std::string{kType};
        c.warmup = *length;
        return std::nullopt;
      });
}

Key latency(About about, bool may_be_recorded, Field<engine::Latency> field) {
  std::string type = "duration up to 1h, or \"lognormal:MEDIAN:SIGMA\"";
  if (may_be_recorded) type += ", or \"recorded\"";
  return special<engine::Latency>(
      std::move(about), type, std::move(field), format_latency,
      [may_be_recorded](std::string_view text) { return parse_latency(text, may_be_recorded); });
}

Key vpin_bucket(About about, Field<factors::VpinBucketRule> field) {
  return special<VpinBucketRule>(std::move(about),
                                 "median_1m | median_5m | notional:AMOUNT | base:AMOUNT",
                                 std::move(field), format_bucket, parse_bucket);
}

Key on_flip(About about) {
  return special<double>(
      std::move(about), "flatten | reduce:SHARE with 0 < SHARE < 1",
      [](Config& c) -> double& { return c.strategy.guards.on_flip_keep; },
      [](const double& keep) {
        return keep == 0.0 ? std::string{"flatten"} : fmt::format("reduce:{:.6g}", 1.0 - keep);
      },
      [](std::string_view text) -> std::optional<double> {
        if (text == "flatten") return 0.0;
        constexpr std::string_view kPrefix = "reduce:";
        if (!text.starts_with(kPrefix)) return std::nullopt;
        const auto share = parse_real(text.substr(kPrefix.size()));
        if (!share || !(*share > 0 && *share < 1)) return std::nullopt;
        return 1.0 - *share;
      });
}

Key symbol(About about) {
  return text_key(
      std::move(about), "symbol in capitals, such as BTCUSDT",
      [](Config& c) -> std::string& { return c.symbol; }, is_symbol);
}

Key tier(About about) {
  return text_key(
      std::move(about), "VIP0 … VIP9", [](Config& c) -> std::string& { return c.costs.tier; },
      [](std::string_view text) {
        return text.size() == 4 && text.starts_with("VIP") && text[3] >= '0' && text[3] <= '9';
      });
}

}  // namespace toxvol::config::key_types
