#include "toxvol/synth/params.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::synth {

namespace {

constexpr double kBitcoinPrice = 42000.0;

constexpr std::array<std::pair<Plant, std::string_view>, 3> kPlants{{
    {Plant::None, "none"},
    {Plant::Momentum, "momentum"},
    {Plant::Crowding, "crowding"},
}};

constexpr std::array<std::pair<Fault, std::string_view>, 19> kFaults{{
    {Fault::BookInterleaved, "BOOK_INTERLEAVED"},
    {Fault::TradeIdGap, "TRADE_ID_GAP"},
    {Fault::KlineMissing, "KLINE_MISSING"},
    {Fault::KlineFlatZero, "KLINE_FLAT_ZERO"},
    {Fault::OiZero, "OI_ZERO"},
    {Fault::MetricsDuplicate, "METRICS_DUPLICATE"},
    {Fault::MetricsMissing, "METRICS_MISSING"},
    {Fault::UnitMicroseconds, "UNIT_MICROSECONDS"},
    {Fault::CrossedQuote, "CROSSED_QUOTE"},
    {Fault::BadRow, "BAD_ROW"},
    {Fault::DuplicateRow, "DUPLICATE_ROW"},
    {Fault::RowOutsideDay, "ROW_OUTSIDE_DAY"},
    {Fault::NoHeader, "NO_HEADER"},
    {Fault::Crlf, "CRLF"},
    {Fault::Bom, "BOM"},
    {Fault::ChecksumMismatch, "CHECKSUM_MISMATCH"},
    {Fault::FileTruncated, "FILE_TRUNCATED"},
    {Fault::DayMissing, "DAY_MISSING"},
    {Fault::FileEmpty, "FILE_EMPTY"},
}};

template <class Table>
std::string names_in(const Table& table) {
  std::string names;
  for (const auto& entry : table) {
    if (!names.empty()) names += ", ";
    names += entry.second;
  }
  return names;
}

template <class Table>
auto find_in(const Table& table, std::string_view wanted, std::string_view flag) {
  for (const auto& entry : table) {
    if (entry.second == wanted) return entry.first;
  }
  throw UsageError{fmt::format("{}: no such value '{}'; one of {}", flag, wanted, names_in(table))};
}

template <class Table, class Key>
std::string_view name_in(const Table& table, Key key) {
  for (const auto& entry : table) {
    if (entry.first == key) return entry.second;
  }
  return {};
}

bool is_symbol(std::string_view symbol) {
  return !symbol.empty() && symbol.size() <= 20 &&
         std::all_of(symbol.begin(), symbol.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace

std::string_view name(Plant plant) {
  return name_in(kPlants, plant);
}
std::string_view name(Fault fault) {
  return name_in(kFaults, fault);
}
Plant plant_of(std::string_view name) {
  return find_in(kPlants, name, "--plant");
}
Fault fault_of(std::string_view name) {
  return find_in(kFaults, name, "--faults");
}

Contract contract_of(double start_price) {
  int magnitude = 0;  // floor(log10 price), by comparison
  double power = 1.0;
  while (power * 10.0 <= start_price) {
    power *= 10.0;
    ++magnitude;
  }
  while (power > start_price) {
    power /= 10.0;
    --magnitude;
  }
  Contract contract;
  contract.tick_decimals = std::clamp(5 - magnitude, 0, 7);
  contract.lot_decimals = std::clamp(magnitude - 1, 0, 3);
  contract.price_decimals = std::max(2, contract.tick_decimals);
  contract.tick = 1.0;
  contract.lot = 1.0;
  for (int i = 0; i < contract.tick_decimals; ++i) contract.tick /= 10.0;
  for (int i = 0; i < contract.lot_decimals; ++i) contract.lot /= 10.0;
  return contract;
}

double lots_per_unit(double start_price, const Contract& contract) {
  if (start_price >= 10000.0) return 1.0 / contract.lot;
  return kBitcoinPrice / (start_price * contract.lot);
}

Params completed(Params params) {
  const auto fail = [](std::string_view flag, const auto& value, std::string_view rule) {
    throw UsageError{fmt::format("{} {}: {}", flag, value, rule)};
  };
  if (params.out.empty()) fail("--out", "''", "name a folder");
  if (!is_symbol(params.symbol)) {
    fail("--symbol", "'" + params.symbol + "'", "1 to 20 capital letters and digits");
  }
  if (params.days < 1 || params.days > 3660) fail("--days", params.days, "1 to 3660");
  if (params.klines_only_days < 0 || params.klines_only_days > 3660) {
    fail("--klines-only-days", params.klines_only_days, "0 to 3660");
  }
  // Below a thousandth there is hardly a quote a minute; above 20 no machine keeps up.
  if (!(params.intensity >= 0.001 && params.intensity <= 20.0)) {
    fail("--intensity", params.intensity, "0.001 to 20");
  }
  if (!(params.edge_bp >= 0.0 && params.edge_bp <= 200.0)) {
    fail("--edge-bp", params.edge_bp, "0 to 200 basis points over 15 minutes");
  }
  if (params.start_price == 0.0) {
    if (params.symbol != "BTCUSDT") fail("--start-price", "missing", "needed for " + params.symbol);
    params.start_price = kBitcoinPrice;
  }
  if (!(params.start_price >= 0.01 && params.start_price <= 1e6)) {
    fail("--start-price", params.start_price, "0.01 to 1000000");
  }
  const Day first = params.from - std::chrono::days{params.klines_only_days};
  if (first < Day{std::chrono::year{2019} / 9 / 8} ||
      params.from + std::chrono::days{params.days} > Day{std::chrono::year{2100} / 1 / 1}) {
    fail("--from", to_string(params.from),
         "the days made must lie between 2019-09-08 and 2099-12-31");
  }
  for (const Fault fault : params.faults) {
    if (!params.zip && (fault == Fault::ChecksumMismatch || fault == Fault::FileTruncated)) {
      fail("--faults", name(fault), "is a fault of ZIP files; add --zip");
    }
  }
  std::sort(params.faults.begin(), params.faults.end());
  params.faults.erase(std::unique(params.faults.begin(), params.faults.end()), params.faults.end());
  return params;
}

}  // namespace toxvol::synth
