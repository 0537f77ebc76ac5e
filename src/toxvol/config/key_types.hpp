#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/expected.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/factors/params.hpp"

/// What a key is made of: what it says of itself, the type of its values with their bounds, and the
/// way to its field. Included by this room only.
namespace toxvol::config::key_types {

/// What every key says of itself.
struct About {
  std::string name;
  std::string unit;
  std::string source;
  std::string meaning;
};

/// What was expected instead.
using Refusal = Unexpected<std::string>;

/// The values that a key takes, as TOML has them, and back.
template <class T>
struct Type {
  std::string takes;  // "duration", "gk | rs | …"
  std::function<Value(const T&)> write;
  std::function<Expected<T, std::string>(const Value&)> read;
};

/// The way from a configuration to one of its fields.
template <class T>
struct Field {
  std::function<const T&(const Config&)> get;
  std::function<T&(Config&)> change;
};

/// The way to a struct of parameters; called with a member, the way to that.
template <class P>
class In {
 public:
  template <class Way>
  explicit constexpr In(Way way) : get_{way}, change_{way} {}

  template <class T>
  Field<T> operator()(T P::* member) const {
    return {.get = [get = get_, member](const Config& c) -> const T& { return get(c).*member; },
            .change = [change = change_, member](Config& c) -> T& { return change(c).*member; }};
  }

 private:
  const P& (*get_)(const Config&);
  P& (*change_)(Config&);
};
template <class Way>
In(Way) -> In<std::remove_cvref_t<std::invoke_result_t<Way, Config&>>>;

template <class T>
Key key(About&& about, Type<T> type, Field<T> field) {
  return {.name = std::move(about.name),
          .type = std::move(type.takes),
          .unit = std::move(about.unit),
          .source = std::move(about.source),
          .meaning = std::move(about.meaning),
          .get = [get = std::move(field.get),
                  write = std::move(type.write)](const Config& c) { return write(get(c)); },
          .set = [change = std::move(field.change), read = std::move(type.read)](
                     Config& c, const Value& v) -> std::optional<std::string> {
            auto value = read(v);
            if (!value) return std::move(value).error();
            change(c) = *std::move(value);
            return std::nullopt;
          }};
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

[[nodiscard]] Type<bool> flag();
inline constexpr double kAny = std::numeric_limits<double>::infinity();
/// A real number in [low, high].
[[nodiscard]] Type<double> real(double low, double high);
/// A real number above 0.
[[nodiscard]] Type<double> positive();
/// A duration that is a multiple of `step`, from `least` to `kLongest`.
[[nodiscard]] Type<Duration> duration(Duration least, Duration step);

inline constexpr std::int64_t kMostWhole = 1'000'000'000;
/// A whole number from `low` to `high`, kept in any integer type.
template <class T>
Type<T> whole(std::int64_t low, std::int64_t high = kMostWhole) {
  return {.takes = high == kMostWhole ? "whole number" : fmt::format("whole number up to {}", high),
          .write = [](const T& value) { return Value{static_cast<std::int64_t>(value)}; },
          .read = [low, high](const Value& v) -> Expected<T, std::string> {
            const auto* x = std::get_if<std::int64_t>(&v);
            if (x == nullptr || *x < low || *x > high) {
              return Refusal{fmt::format("a whole number from {} to {}", low, high)};
            }
            return static_cast<T>(*x);
          }};
}

/// An amount kept in units of 1e-8, > 0.
template <class Tag>
Type<Fixed<Tag>> amount() {
  return {.takes = "number",
          .write =
              [](const Fixed<Tag>& value) {
                if (value.raw() % Price::kOne == 0) return Value{value.raw() / Price::kOne};
                return Value{double_of_raw(value.raw())};
              },
          .read = [](const Value& v) -> Expected<Fixed<Tag>, std::string> {
            const auto x = number(v);
            const auto raw = parse_decimal(x ? fmt::format("{}", *x) : "", Exponents::Allowed);
            if (!raw || *raw <= 0) {
              return Refusal{std::string{"a number above 0 with at most 8 decimals"}};
            }
            return Fixed<Tag>::from_raw(*raw);
          }};
}

/// `inner`, or nothing, which is written as `word`.
template <class T>
Type<std::optional<T>> or_word(const std::string& word, Type<T> inner) {
  return {
      .takes = std::move(inner.takes),
      .write = [word, write = std::move(inner.write)](
                   const std::optional<T>& value) { return value ? write(*value) : Value{word}; },
      .read = [word, read = std::move(inner.read)](
                  const Value& v) -> Expected<std::optional<T>, std::string> {
        if (text_of(v) == word) return std::optional<T>{};
        return read(v).map([](T value) { return std::optional<T>{std::move(value)}; });
      }};
}

/// `inner` or `word`, told as `takes`.
template <class T>
Type<std::optional<T>> word_or(const std::string& word, Type<T> inner, std::string takes) {
  auto type = or_word(word, std::move(inner));
  type.read = [takes, read = std::move(type.read)](const Value& v) {
    return read(v).map_error([&](const std::string&) { return takes; });
  };
  type.takes = std::move(takes);
  return type;
}

/// `inner`, or "auto".
template <class T>
Type<std::optional<T>> auto_or(Type<T> inner, std::string takes) {
  return word_or("auto", std::move(inner), std::move(takes));
}

/// `inner`, or "none", which is also how 0 is written (N7).
template <class T>
Type<std::optional<T>> none_or(Type<T> inner) {
  auto type = or_word("none", std::move(inner));
  type.takes += " | none";
  type.read = [read = std::move(type.read)](const Value& v) {
    return read(number(v) == 0.0 ? Value{std::string{"none"}} : v)
        .map_error([](const std::string& expected) { return expected + ", or none"; });
  };
  return type;
}

template <class E>
struct Named {
  std::string_view text;
  E value;
};

template <class E>
Type<E> choice(const std::vector<Named<E>>& names) {
  std::string takes;
  for (const auto& named : names) {
    takes += fmt::format("{}{}", takes.empty() ? "" : " | ", named.text);
  }
  return {.takes = takes,
          .write =
              [names](const E& value) {
                for (const auto& named : names) {
                  if (named.value == value) return Value{std::string{named.text}};
                }
                return Value{std::string{}};
              },
          .read = [names, takes](const Value& v) -> Expected<E, std::string> {
            for (const auto& named : names) {
              if (named.text == text_of(v)) return named.value;
            }
            return Refusal{"one of " + takes};
          }};
}

template <std::size_t kCount>
Type<std::array<double, kCount>> weights() {
  using Weights = std::array<double, kCount>;
  return {.takes = fmt::format("list of {} numbers", kCount),
          .write =
              [](const Weights& values) {
                return Value{std::vector<double>{values.begin(), values.end()}};
              },
          .read = [](const Value& v) -> Expected<Weights, std::string> {
            const auto* list = std::get_if<std::vector<double>>(&v);
            Weights result{};
            double sum = 0;
            bool good = list != nullptr && list->size() == kCount;
            for (std::size_t i = 0; good && i < kCount; ++i) {
              result[i] = (*list)[i];
              good = std::isfinite(result[i]) && result[i] >= 0;
              sum += result[i];
            }
            if (good && sum > 0) return result;
            return Refusal{fmt::format("a list of {} numbers, none below 0 and not all 0", kCount)};
          }};
}

/// An order latency, or with `may_be_recorded` also a data latency (X3).
[[nodiscard]] Type<engine::Latency> latency(bool may_be_recorded);
[[nodiscard]] Type<factors::VpinBucketRule> vpin_bucket();
/// `"auto"` or a list of kinds with klines among them: a minute is a kline.
[[nodiscard]] Type<std::optional<Inputs>> inputs();
/// Days, ascending.
[[nodiscard]] Type<std::array<int, 3>> har_horizons();
/// `flatten`, or `reduce:x` which closes the share x; kept is what stays.
[[nodiscard]] Type<double> on_flip();
[[nodiscard]] Type<engine::Profile> profile();
[[nodiscard]] Type<std::string> symbol();
[[nodiscard]] Type<std::string> tier();

/// A clock window, or the last N increments (M2): two fields.
[[nodiscard]] Key ofi_window(About about);

}  // namespace toxvol::config::key_types
