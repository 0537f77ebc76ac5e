#include "toxvol/run/record_difference.hpp"

#include <bit>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

template <class T>
std::string shown(const T& value) {
  if constexpr (trading::Vocabulary<T>) {
    return std::string{trading::name(value)};
  } else if constexpr (std::is_same_v<T, Timestamp>) {
    return to_string(value);
  } else if constexpr (requires { value.raw(); }) {
    return decimal_text(value.raw());
  } else {
    return fmt::format("{}", value);
  }
}
template <class T>
std::string shown(const std::optional<T>& value) {
  return value ? shown(*value) : "null";
}

template <class Record>
class Comparer {
 public:
  Comparer(const Record& stored, const Record& recomputed)
      : stored_{stored}, recomputed_{recomputed} {}

  template <class Member>
  void column(std::string_view name, const Member& member, const About& /*about*/) {
    compare(name, std::invoke(member, stored_), std::invoke(member, recomputed_));
  }
  template <class Member, class Code>
  void text(std::string_view name, const Member& member, const Code& code, const About& /*about*/) {
    const auto shown_as = [&code](const auto& value) { return coded(value, code); };
    compare(name, std::invoke(member, stored_), std::invoke(member, recomputed_), shown_as);
  }
  template <class Get, class Set>
  void computed(std::string_view name, const Get& get, const Set& /*set*/, const About& /*about*/) {
    compare(name, get(stored_), get(recomputed_));
  }
  [[nodiscard]] const std::optional<Difference>& found() const { return found_; }

 private:
  template <class T, class Code>
  static std::string coded(const T& value, const Code& code) {
    return std::string{code.text(value)};
  }
  template <class T, class Code>
  static std::string coded(const std::optional<T>& value, const Code& code) {
    return value ? coded(*value, code) : "null";
  }

  template <class T, class Shown>
  void compare(std::string_view name, const T& stored, const T& recomputed, const Shown& text) {
    if (found_ || stored == recomputed) return;
    found_ = {.column = std::string{name}, .first = text(stored), .second = text(recomputed)};
  }
  template <class T>
  void compare(std::string_view name, const T& stored, const T& recomputed) {
    compare(name, stored, recomputed, [](const T& value) { return shown(value); });
  }

  const Record& stored_;
  const Record& recomputed_;
  std::optional<Difference> found_;
};

template <class Record>
class Mixer {
 public:
  explicit Mixer(const Record& record) : record_{record} {}

  template <class Member>
  void column(std::string_view /*name*/, const Member& member, const About& /*about*/) {
    mix(std::invoke(member, record_));
  }
  template <class Member, class Code>
  void text(std::string_view /*name*/, const Member& member, const Code& /*code*/,
            const About& /*about*/) {
    mix(std::invoke(member, record_));
  }
  template <class Get, class Set>
  void computed(std::string_view /*name*/, const Get& get, const Set& /*set*/,
                const About& /*about*/) {
    mix(get(record_));
  }
  [[nodiscard]] std::uint64_t hash() const { return hash_; }

 private:
  void mix_word(std::uint64_t word) { hash_ = splitmix64(hash_ ^ word); }
  void mix_text(std::string_view text) {
    mix_word(text.size());
    for (const char c : text) mix_word(static_cast<unsigned char>(c));
  }
  template <class T>
  void mix(const T& value) {
    if constexpr (std::is_same_v<T, double>) {
      mix_word(std::bit_cast<std::uint64_t>(value == 0.0 ? 0.0 : value));  // −0 equals 0
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      mix_word(static_cast<std::uint64_t>(to_ns(value)));
    } else if constexpr (requires { value.raw(); }) {
      mix_word(static_cast<std::uint64_t>(value.raw()));
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      mix_text(value);
    } else {
      mix_word(static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
    }
  }
  template <class T>
  void mix(const std::optional<T>& value) {
    mix_word(value ? 1 : 0);
    if (value) mix(*value);
  }

  const Record& record_;
  std::uint64_t hash_ = 0;
};

}  // namespace

template <class Record>
std::optional<Difference> first_difference(const Record& first, const Record& second) {
  Comparer<Record> comparer{first, second};
  columns(std::type_identity<Record>{}, comparer);
  return comparer.found();
}

template <class Record>
std::optional<std::string> difference(const Record& stored, const Record& recomputed) {
  const auto found = first_difference(stored, recomputed);
  if (!found) return std::nullopt;
  return fmt::format("{} is {}, recomputed it is {}", found->column, found->first, found->second);
}

template <class Record>
std::uint64_t row_hash(const Record& record) {
  Mixer<Record> mixer{record};
  columns(std::type_identity<Record>{}, mixer);
  return mixer.hash();
}

using strategy::DecisionRow;
using trading::CommandRecord;
using trading::EquityRecord;
using trading::FillRecord;
using trading::OrderRecord;
using trading::PositionRecord;

template std::optional<Difference> first_difference(const DecisionRow&, const DecisionRow&);
template std::optional<Difference> first_difference(const OrderRecord&, const OrderRecord&);
template std::optional<Difference> first_difference(const CommandRecord&, const CommandRecord&);
template std::optional<Difference> first_difference(const FillRecord&, const FillRecord&);
template std::optional<Difference> first_difference(const PositionRecord&, const PositionRecord&);
template std::optional<Difference> first_difference(const EquityRecord&, const EquityRecord&);

template std::optional<std::string> difference(const DecisionRow&, const DecisionRow&);
template std::optional<std::string> difference(const OrderRecord&, const OrderRecord&);
template std::optional<std::string> difference(const FillRecord&, const FillRecord&);
template std::optional<std::string> difference(const PositionRecord&, const PositionRecord&);

template std::uint64_t row_hash(const DecisionRow&);
template std::uint64_t row_hash(const EquityRecord&);

}  // namespace toxvol::run
