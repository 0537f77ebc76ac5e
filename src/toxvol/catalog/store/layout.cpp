#include "toxvol/catalog/store/layout.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "toxvol/catalog/raw/calendar.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::catalog {

namespace {

constexpr std::string_view kFolders[] = {"trade_tick",
                                         "quote_tick",
                                         "bar",
                                         "custom_kline_flow_data",
                                         "custom_futures_metrics_data",
                                         "custom_funding_rate_data",
                                         "funding_rate_update",
                                         "crypto_perpetual"};
// 2024-08-08T23-54-00-000000000Z
constexpr std::size_t kIsoLength = 30;

std::string iso(Timestamp ts) {
  const Day day = day_of(ts);
  const std::int64_t ns = (ts - Timestamp{day}).count();
  const std::int64_t seconds = ns / 1'000'000'000;
  char text[40];
  std::snprintf(text, sizeof text, "T%02d-%02d-%02d-%09dZ", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60),
                static_cast<int>(ns % 1'000'000'000));
  return to_string(day) + text;
}

std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Timestamp> parse_iso(std::string_view text) {
  if (text.size() != kIsoLength || text[10] != 'T' || text[29] != 'Z') return std::nullopt;
  const auto day = parse_day(text.substr(0, 10));
  const auto hour = digits(text.substr(11, 2));
  const auto minute = digits(text.substr(14, 2));
  const auto second = digits(text.substr(17, 2));
  const auto ns = digits(text.substr(20, 9));
  if (!day || !hour || !minute || !second || !ns) return std::nullopt;
  return Timestamp{*day} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} +
         std::chrono::seconds{*second} + Duration{*ns};
}

}  // namespace

std::string instrument_id(std::string_view symbol) {
  return std::string{symbol} + "-PERP.BINANCE";
}

std::string folder_of(Table table) {
  return "data/" + std::string{kFolders[static_cast<std::size_t>(table)]};
}

std::string folder_of(Table table, std::string_view symbol) {
  std::string folder = folder_of(table) + '/' + instrument_id(symbol);
  if (table == Table::Bars) folder += "-1-MINUTE-LAST-EXTERNAL";
  return folder;
}

std::string file_name(Timestamp first_init, Timestamp last_init) {
  return iso(first_init) + "_" + iso(last_init) + ".parquet";
}

std::optional<Interval> interval_of(std::string_view file_name) {
  constexpr std::string_view kExtension = ".parquet";
  if (file_name.size() != 2 * kIsoLength + 1 + kExtension.size() ||
      !file_name.ends_with(kExtension) || file_name[kIsoLength] != '_') {
    return std::nullopt;
  }
  const auto first = parse_iso(file_name.substr(0, kIsoLength));
  const auto last = parse_iso(file_name.substr(kIsoLength + 1, kIsoLength));
  if (!first || !last) return std::nullopt;
  return Interval{.first = *first, .last = *last};
}

Day unit_of(Timestamp init, Table table) {
  if (table == Table::Funding || table == Table::FundingUpdates) {
    return first_of_month(day_of(init));
  }
  // Bars and metrics of a day end with its midnight.
  const bool by_end = table == Table::Bars || table == Table::Flow || table == Table::Metrics;
  return day_of(by_end ? init - kMillisecond : init);
}

std::filesystem::path own_folder(const std::filesystem::path& catalog) {
  return catalog / "toxvol";
}

std::filesystem::path sidecar_path(const std::filesystem::path& catalog, std::string_view kind,
                                   std::string_view symbol, std::string_view label) {
  return own_folder(catalog) / "sidecars" / kind / symbol / (std::string{label} + ".json");
}

}  // namespace toxvol::catalog
