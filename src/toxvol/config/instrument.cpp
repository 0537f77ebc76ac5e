#include "toxvol/config/instrument.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "toxvol/config/embedded.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"

namespace toxvol::config {

namespace {

/// Reads one table; every miss is an error with file, line and key.
class Reader {
 public:
  Reader(const toml::table& table, const std::string& file) : table_{table}, file_{file} {}

  [[noreturn]] void fail(std::string_view key, std::string_view expected) const {
    throw Error{
        fmt::format("{}:{}: {}: expected {}", file_, table_.source().begin.line, key, expected)};
  }

  [[nodiscard]] std::string text(std::string_view key) const {
    const auto value = table_[key].value<std::string>();
    if (!value) fail(key, "a string");
    return *value;
  }

  template <class Tag>
  [[nodiscard]] Fixed<Tag> amount(std::string_view key) const {
    const auto raw = parse_decimal(text(key), Exponents::Allowed);
    if (!raw || *raw < 0) fail(key, "decimal text");
    return Fixed<Tag>::from_raw(*raw);
  }

  [[nodiscard]] Timestamp from() const {
    const auto* value = table_["from"].as_date_time();
    if (value == nullptr) fail("from", "a date and time in UTC");
    const toml::date& d = value->get().date;
    const toml::time& t = value->get().time;
    const auto day = day_of_date(std::chrono::year{d.year} / d.month / d.day);
    if (!day) fail("from", fmt::format("a date of the years {}", kYears));
    return Timestamp{*day} + std::chrono::hours{t.hour} + std::chrono::minutes{t.minute} +
           std::chrono::seconds{t.second};
  }

  [[nodiscard]] int whole(std::string_view key) const {
    const auto value = table_[key].value<std::int64_t>();
    if (!value || *value < 1 || *value > 1000) fail(key, "a whole number from 1");
    return static_cast<int>(*value);
  }

  /// The tables of the list `key`; none where it is absent.
  [[nodiscard]] std::vector<Reader> tables(std::string_view key) const {
    std::vector<Reader> result;
    const auto* list = table_[key].as_array();
    if (list == nullptr) return result;
    for (const auto& element : *list) {
      const auto* inner = element.as_table();
      if (inner == nullptr) fail(key, "a list of tables");
      result.emplace_back(*inner, file_);
    }
    return result;
  }

 private:
  const toml::table& table_;
  const std::string& file_;
};

/// A dated list, checked to ascend.
template <class T, class Read>
std::vector<Dated<T>> dated(const Reader& root, std::string_view key, Read read) {
  std::vector<Dated<T>> result;
  for (const Reader& row : root.tables(key)) {
    const Timestamp from = row.from();
    if (!result.empty() && from <= result.back().from) row.fail("from", "a later time than above");
    result.push_back({.from = from, .value = read(row)});
  }
  return result;
}

}  // namespace

Instrument parse_instrument(std::string_view text, const std::string& file) {
  toml::table table;
  try {
    table = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw Error{fmt::format("{}:{}:{}: not valid TOML: {}", file, error.source().begin.line,
                            error.source().begin.column, error.description())};
  }
  const Reader root{table, file};
  Instrument result;
  result.symbol = root.text("symbol");
  result.lot = root.amount<QtyTag>("lot");
  result.min_qty = root.amount<QtyTag>("min_qty");
  result.tick =
      dated<Price>(root, "tick", [](const Reader& r) { return r.amount<PriceTag>("value"); });
  result.min_notional = dated<Money>(root, "min_notional",
                                     [](const Reader& r) { return r.amount<MoneyTag>("value"); });
  result.fees = dated<std::vector<Fee>>(root, "fees", [](const Reader& r) {
    std::vector<Fee> fees;
    for (const Reader& row : r.tables("tiers")) {
      fees.push_back({.tier = row.text("tier"),
                      .maker = row.amount<RateTag>("maker"),
                      .taker = row.amount<RateTag>("taker")});
    }
    return fees;
  });
  result.brackets = dated<std::vector<Bracket>>(root, "brackets", [](const Reader& r) {
    std::vector<Bracket> brackets;
    for (const Reader& row : r.tables("rows")) {
      brackets.push_back({.notional_cap = row.amount<MoneyTag>("cap"),
                          .maintenance = row.amount<RateTag>("maintenance"),
                          .max_leverage = row.whole("leverage")});
    }
    return brackets;
  });
  result.clearance_fee = dated<Rate>(root, "clearance_fee",
                                     [](const Reader& r) { return r.amount<RateTag>("value"); });
  if (result.tick.empty()) root.fail("tick", "at least one [[tick]]");
  if (result.min_notional.empty()) root.fail("min_notional", "at least one [[min_notional]]");
  if (result.fees.empty()) root.fail("fees", "at least one [[fees]]");
  if (result.lot <= Qty{}) root.fail("lot", "more than 0");
  return result;
}

std::optional<Instrument> known_instrument(std::string_view symbol) {
  const auto text = embedded_instrument(symbol);
  if (!text) return std::nullopt;
  return parse_instrument(*text, fmt::format("presets/instruments/{}-PERP.toml", symbol));
}

}  // namespace toxvol::config
