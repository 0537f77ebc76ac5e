#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/factors/params.hpp"

/// The types a key can have: each function makes a key from what it says of itself, its bounds and
/// the way to its field. Included by this room only.
namespace toxvol::config::key_types {

using Problem = std::optional<std::string>;

/// What every key says of itself; the builders below add type and access.
struct About {
  std::string name;
  std::string unit;
  std::string source;
  std::string meaning;
};

template <class T>
using Field = std::function<T&(Config&)>;

template <class T>
T read(const Field<T>& field, const Config& config) {
  Config copy = config;
  return field(copy);
}

inline Key make(About about, std::string type, std::function<Value(const Config&)> get,
                std::function<Problem(Config&, const Value&)> set) {
  return {.name = std::move(about.name),
          .type = std::move(type),
          .unit = std::move(about.unit),
          .source = std::move(about.source),
          .meaning = std::move(about.meaning),
          .get = std::move(get),
          .set = std::move(set)};
}

inline std::optional<double> number(const Value& value) {
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::nullopt;
}

inline std::string text_of(const Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text != nullptr ? *text : std::string{};
}

inline Key flag(About about, Field<bool> field) {
  return make(
      std::move(about), "true | false", [field](const Config& c) { return Value{read(field, c)}; },
      [field](Config& c, const Value& v) -> Problem {
        const auto* b = std::get_if<bool>(&v);
        if (b == nullptr) return "true or false";
        field(c) = *b;
        return std::nullopt;
      });
}

/// A real number in [low, high].
inline Key real(About about, double low, double high, Field<double> field) {
  const std::string expected = std::isinf(high) ? fmt::format("a number of at least {}", low)
                                                : fmt::format("a number from {} to {}", low, high);
  return make(
      std::move(about), "number", [field](const Config& c) { return Value{read(field, c)}; },
      [=](Config& c, const Value& v) -> Problem {
        const auto x = number(v);
        if (!x || !(*x >= low && *x <= high)) return expected;
        field(c) = *x;
        return std::nullopt;
      });
}

/// A whole number of at least `low`, kept in any integer type.
template <class T>
Key whole(About about, std::int64_t low, Field<T> field) {
  return make(
      std::move(about), "whole number",
      [field](const Config& c) { return Value{static_cast<std::int64_t>(read(field, c))}; },
      [=](Config& c, const Value& v) -> Problem {
        const auto* x = std::get_if<std::int64_t>(&v);
        constexpr std::int64_t kMost = 1'000'000'000;
        if (x == nullptr || *x < low || *x > kMost) {
          return fmt::format("a whole number from {} to {}", low, kMost);
        }
        field(c) = static_cast<T>(*x);
        return std::nullopt;
      });
}

/// A duration that is a multiple of `step` and at least `least`.
inline Key duration(About about, Duration least, Duration step, Field<Duration> field) {
  return make(
      std::move(about), "duration",
      [field](const Config& c) { return Value{to_text(read(field, c))}; },
      [=](Config& c, const Value& v) -> Problem {
        const auto length = parse_duration(text_of(v));
        if (!length || *length < least || *length % step != Duration::zero()) {
          return fmt::format("a duration such as \"30m\", at least {} and a multiple of {}",
                             to_text(least), to_text(step));
        }
        field(c) = *length;
        return std::nullopt;
      });
}

/// An amount kept in units of 1e-8, > 0.
template <class Tag>
Key amount(About about, Field<Fixed<Tag>> field) {
  return make(
      std::move(about), "number",
      [field](const Config& c) {
        const std::int64_t raw = read(field, c).raw();
        if (raw % Price::kOne == 0) return Value{raw / Price::kOne};
        return Value{Fixed<Tag>::from_raw(raw).to_double()};
      },
      [field](Config& c, const Value& v) -> Problem {
        constexpr std::string_view kExpected = "a number above 0 with at most 8 decimals";
        if (!number(v)) return std::string{kExpected};
        const auto raw = parse_e8(fmt::format("{}", *number(v)));
        if (!raw || *raw <= 0) return std::string{kExpected};
        field(c) = Fixed<Tag>::from_raw(*raw);
        return std::nullopt;
      });
}

/// `inner`, or "none", which is also how 0 is written (N7).
template <class T>
Key none_or(Key inner, Field<std::optional<T>> field) {
  const std::string type = inner.type + " | none";
  return {.name = inner.name,
          .type = type,
          .unit = inner.unit,
          .source = inner.source,
          .meaning = inner.meaning,
          .get = [field, get = inner.get](const Config& c) -> Value {
            return read(field, c) ? get(c) : Value{std::string{"none"}};
          },
          .set = [field, set = inner.set](Config& c, const Value& v) -> Problem {
            if (text_of(v) == "none" || number(v) == 0.0) {
              field(c).reset();
              return std::nullopt;
            }
            Config changed = c;
            field(changed).emplace();
            if (const Problem problem = set(changed, v)) return *problem + ", or none";
            c = std::move(changed);
            return std::nullopt;
          }};
}

template <class E>
struct Named {
  std::string_view text;
  E value;
};

template <class E>
Key choice(About about, std::vector<Named<E>> names, Field<E> field) {
  std::string type;
  for (const auto& named : names)
    type += fmt::format("{}{}", type.empty() ? "" : " | ", named.text);
  return make(
      std::move(about), type,
      [field, names](const Config& c) {
        const E value = read(field, c);
        for (const auto& named : names) {
          if (named.value == value) return Value{std::string{named.text}};
        }
        return Value{std::string{}};
      },
      [field, names, type](Config& c, const Value& v) -> Problem {
        const std::string text = text_of(v);
        for (const auto& named : names) {
          if (named.text != text) continue;
          field(c) = named.value;
          return std::nullopt;
        }
        return "one of " + type;
      });
}

template <std::size_t N>
Key weights(About about, Field<std::array<double, N>> field) {
  return make(
      std::move(about), fmt::format("list of {} numbers", N),
      [field](const Config& c) {
        const auto values = read(field, c);
        return Value{std::vector<double>{values.begin(), values.end()}};
      },
      [field](Config& c, const Value& v) -> Problem {
        const auto* list = std::get_if<std::vector<double>>(&v);
        double sum = 0;
        bool good = list != nullptr && list->size() == N;
        for (std::size_t i = 0; good && i < N; ++i) {
          good = std::isfinite((*list)[i]) && (*list)[i] >= 0;
          sum += (*list)[i];
        }
        if (!good || !(sum > 0)) {
          return fmt::format("a list of {} numbers, none below 0 and not all 0", N);
        }
        for (std::size_t i = 0; i < N; ++i) field(c)[i] = (*list)[i];
        return std::nullopt;
      });
}

/// A text form of its own: `format` and `parse` are each other's inverse.
template <class T>
Key special(About about, std::string type, Field<T> field,
            std::function<std::string(const T&)> format,
            std::function<std::optional<T>(std::string_view)> parse) {
  return make(
      std::move(about), type,
      [field, format](const Config& c) { return Value{format(read(field, c))}; },
      [field, parse, type](Config& c, const Value& v) -> Problem {
        auto parsed = parse(text_of(v));
        if (!parsed) return type;
        field(c) = std::move(*parsed);
        return std::nullopt;
      });
}

/// An order latency, or with `may_be_recorded` also a data latency (X3).
[[nodiscard]] Key latency(About about, bool may_be_recorded, Field<engine::Latency> field);
[[nodiscard]] Key vpin_bucket(About about, Field<factors::VpinBucketRule> field);
/// `"auto"` or a list of kinds with klines among them: a minute is a kline.
[[nodiscard]] Key inputs(About about);
/// A clock window, or the last N increments (M2).
[[nodiscard]] Key ofi_window(About about);
[[nodiscard]] Key har_horizons(About about);
/// `auto` is kept as 0 (Z4).
[[nodiscard]] Key auto_count(About about, Field<std::int64_t> field);
[[nodiscard]] Key warmup(About about);
/// A duration, or `auto`, kept as nothing.
[[nodiscard]] Key auto_duration(About about, Field<std::optional<Duration>> field);
/// `flatten`, or `reduce:x` which closes the share x.
[[nodiscard]] Key on_flip(About about);
[[nodiscard]] Key symbol(About about);
[[nodiscard]] Key tier(About about);

}  // namespace toxvol::config::key_types
