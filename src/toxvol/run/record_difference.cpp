#include "toxvol/run/record_difference.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/format.h>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/trading/enums.hpp"

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
  [[nodiscard]] const std::optional<std::string>& found() const { return found_; }

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
    found_ = fmt::format("{} is {}, recomputed it is {}", name, text(stored), text(recomputed));
  }
  template <class T>
  void compare(std::string_view name, const T& stored, const T& recomputed) {
    compare(name, stored, recomputed, [](const T& value) { return shown(value); });
  }

  const Record& stored_;
  const Record& recomputed_;
  std::optional<std::string> found_;
};

}  // namespace

template <class Record>
std::optional<std::string> difference(const Record& stored, const Record& recomputed) {
  Comparer<Record> comparer{stored, recomputed};
  columns(std::type_identity<Record>{}, comparer);
  return comparer.found();
}

template std::optional<std::string> difference(const strategy::DecisionRow&,
                                               const strategy::DecisionRow&);
template std::optional<std::string> difference(const trading::OrderRecord&,
                                               const trading::OrderRecord&);
template std::optional<std::string> difference(const trading::FillRecord&,
                                               const trading::FillRecord&);
template std::optional<std::string> difference(const trading::PositionRecord&,
                                               const trading::PositionRecord&);

}  // namespace toxvol::run
