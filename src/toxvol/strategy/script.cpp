#include "toxvol/strategy/script.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using trading::Command;
using trading::OrderId;
using trading::OrderType;
using trading::Submit;
using trading::TimeInForce;

constexpr std::string_view kHeader = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only";
constexpr std::size_t kFields = 10;
constexpr std::size_t kId = 0;
constexpr std::size_t kTs = 1;
constexpr std::size_t kAction = 2;
constexpr std::size_t kSide = 3;
constexpr std::size_t kType = 4;
constexpr std::size_t kTif = 5;
constexpr std::size_t kPrice = 6;
constexpr std::size_t kQty = 7;
constexpr std::size_t kPostOnly = 8;
constexpr std::size_t kReduceOnly = 9;
constexpr std::size_t kLongestValue = 80;  // of an offending value in a message

std::string said_of(DecimalFault fault) {
  switch (fault) {
    case DecimalFault::NotADecimal:
      return "is not a decimal number";
    case DecimalFault::TooManyDecimals:
      return "has more than 8 decimals";
    case DecimalFault::OutOfRange:
      break;
  }
  return "is too large";
}

struct Field {
  std::string_view text;
  std::size_t column = 1;  // from 1, of its first character
};

/// One line of the file, cut into its fields.
class Line {
 public:
  Line(std::string_view name, std::size_t number, std::string_view text)
      : name_{name}, number_{number} {
    std::size_t begin = 0;
    std::size_t count = 0;
    while (true) {
      const std::size_t end = std::min(text.find(',', begin), text.size());
      if (count < kFields) fields_.at(count) = {text.substr(begin, end - begin), begin + 1};
      ++count;
      if (end == text.size()) break;
      begin = end + 1;
    }
    count_ = count;
    if (count <= kAction) fail(1, text, "is too short: give " + std::string{kHeader});
  }

  /// Of a submit every field counts; of a cancel only id and ts.
  void require_all_fields() const {
    if (count_ == kFields) return;
    reject(kId, "begins a submit of " + std::to_string(count_) + " fields: give " +
                    std::string{kHeader});
  }

  [[nodiscard]] std::string_view text(std::size_t field) const { return fields_.at(field).text; }

  /// The value at `field` is wrong in the way that `what` says.
  [[noreturn]] void reject(std::size_t field, const std::string& what) const {
    fail(fields_.at(field).column, fields_.at(field).text, what);
  }

  [[nodiscard]] std::int64_t integer(std::size_t field) const {
    const std::string_view digits = text(field);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value <= 0) {
      reject(field, "is not a positive integer");
    }
    return value;
  }

  /// A positive decimal of at most eight places, as units of 1e-8.
  [[nodiscard]] std::int64_t decimal(std::size_t field) const {
    const auto raw = parse_decimal(text(field));
    if (!raw) reject(field, said_of(raw.error()));
    if (*raw <= 0) reject(field, "is not positive");
    return *raw;
  }

  [[nodiscard]] bool flag(std::size_t field) const { return one_of(field, "0", "1") == 1; }

  /// Index of the word that stands at `field`.
  template <class... Words>
  [[nodiscard]] std::size_t one_of(std::size_t field, Words... words) const {
    const std::array<std::string_view, sizeof...(Words)> known{words...};
    const auto found = std::ranges::find(known, text(field));
    if (found == known.end()) {
      std::string wanted;
      for (const std::string_view word : known) {
        wanted += (wanted.empty() ? "" : " or ") + std::string{word};
      }
      reject(field, "is not known here: use " + wanted);
    }
    return static_cast<std::size_t>(found - known.begin());
  }

 private:
  [[noreturn]] void fail(std::size_t column, std::string_view value,
                         const std::string& what) const {
    throw Error{std::string{name_} + ":" + std::to_string(number_) + ":" + std::to_string(column) +
                    ": '" + std::string{value.substr(0, kLongestValue)} + "' " + what,
                ErrorCode::Corrupt};
  }

  std::string_view name_;
  std::size_t number_;
  std::size_t count_ = 0;
  std::array<Field, kFields> fields_{};
};

Submit parse_submit(const Line& line, OrderId id) {
  Submit order{
      .id = id,
      .side = line.one_of(kSide, "buy", "sell") == 0 ? Side::Buy : Side::Sell,
      .type = line.one_of(kType, "market", "limit") == 0 ? OrderType::Market : OrderType::Limit,
      .tif = static_cast<TimeInForce>(line.one_of(kTif, "gtc", "ioc", "fok")),
      .intent = {.role = trading::Role::Script}};
  if (order.type == OrderType::Limit) {
    if (line.text(kPrice).empty()) line.reject(kPrice, "is no price: a limit order needs one");
    order.price = Price::from_raw(line.decimal(kPrice));
  } else if (!line.text(kPrice).empty()) {
    line.reject(kPrice, "is the price of a market order: leave it empty");
  }
  order.qty = Qty::from_raw(line.decimal(kQty));
  order.post_only = line.flag(kPostOnly);
  order.reduce_only = line.flag(kReduceOnly);
  if (order.post_only && order.type == OrderType::Market) {
    line.reject(kPostOnly, "makes a market order post-only: use 0, or a limit order");
  }
  return order;
}

/// The next line without its end (LF or CRLF); `rest` moves behind it.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::vector<ScriptCommand> parse_script(std::string_view text, std::string_view name) {
  std::string_view rest = text;
  if (const std::string_view header = take_line(rest); header != kHeader) {
    throw Error{std::string{name} + ":1:1: '" + std::string{header.substr(0, kLongestValue)} +
                    "' is not the header of an order script: use " + std::string{kHeader},
                ErrorCode::Corrupt};
  }
  std::vector<ScriptCommand> commands;
  std::vector<std::int64_t> ids;  // of the orders submitted so far, ascending
  for (std::size_t number = 2; !rest.empty(); ++number) {
    const std::string_view row = take_line(rest);
    if (row.empty()) continue;
    const Line line{name, number, row};
    const std::int64_t id = line.integer(kId);
    const Timestamp ts = from_ns(line.integer(kTs));
    if (!commands.empty() && ts < commands.back().ts) {
      line.reject(kTs, "is before the line above: sort the script by ts");
    }
    const auto place = std::ranges::lower_bound(ids, id);
    const bool exists = place != ids.end() && *place == id;
    if (line.one_of(kAction, "submit", "cancel") == 0) {
      line.require_all_fields();
      if (exists) line.reject(kId, "is submitted twice: give each order its own id");
      ids.insert(place, id);
      commands.push_back({.ts = ts, .command = parse_submit(line, OrderId{id})});
    } else {
      if (!exists) line.reject(kId, "is canceled but not submitted above: give the id of an order");
      commands.push_back({.ts = ts, .command = trading::Cancel{.id = OrderId{id}}});
    }
  }
  return commands;
}

Script::Script(std::vector<ScriptCommand> commands) : commands_{std::move(commands)} {
  if (!commands_.empty()) wake_.alarm = commands_.front().ts;
}

void Script::on(const trading::AlarmSeen& seen, std::vector<Command>& out) {
  while (next_ < commands_.size() && commands_[next_].ts <= seen.ts_seen) {
    out.push_back(commands_[next_++].command);
  }
  wake_.alarm.reset();
  if (next_ < commands_.size()) wake_.alarm = commands_[next_].ts;
}

}  // namespace toxvol::strategy
