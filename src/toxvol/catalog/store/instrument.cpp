#include "toxvol/catalog/store/instrument.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

constexpr int kSchema = 1;
// VIP0 of Binance's USD-M futures (docs/data.md).
constexpr std::int64_t kVip0Maker = 20'000;  // 0.0002
constexpr std::int64_t kVip0Taker = 50'000;  // 0.0005
constexpr std::int64_t kMinNotional = 5 * Money::kOne;

fs::path path_of(const fs::path& catalog, std::string_view symbol) {
  return own_folder(catalog) / "instruments" / (std::string{symbol} + ".json");
}

// Values are integers of 1e-8, so that nothing is lost on the way.
template <class Tag>
Json raw(Fixed<Tag> value) {
  return value.raw();
}
template <class Tag>
void get(const Json& json, Fixed<Tag>& value) {
  value = Fixed<Tag>::from_raw(json.get<std::int64_t>());
}

Json raw(const std::vector<Fee>& fees) {
  Json list = Json::array();
  for (const Fee& fee : fees) {
    list.push_back(
        {{"tier", fee.tier}, {"maker_e8", raw(fee.maker)}, {"taker_e8", raw(fee.taker)}});
  }
  return list;
}
void get(const Json& json, std::vector<Fee>& fees) {
  for (const Json& item : json) {
    Fee fee;
    fee.tier = item.at("tier").get<std::string>();
    get(item.at("maker_e8"), fee.maker);
    get(item.at("taker_e8"), fee.taker);
    fees.push_back(std::move(fee));
  }
}
Json raw(const std::vector<Bracket>& brackets) {
  Json list = Json::array();
  for (const Bracket& bracket : brackets) {
    list.push_back({{"notional_cap_e8", raw(bracket.notional_cap)},
                    {"maintenance_e8", raw(bracket.maintenance)},
                    {"max_leverage", bracket.max_leverage}});
  }
  return list;
}
void get(const Json& json, std::vector<Bracket>& brackets) {
  for (const Json& item : json) {
    Bracket bracket;
    get(item.at("notional_cap_e8"), bracket.notional_cap);
    get(item.at("maintenance_e8"), bracket.maintenance);
    bracket.max_leverage = item.at("max_leverage").get<int>();
    brackets.push_back(bracket);
  }
}

template <class T>
Json dated(const std::vector<Dated<T>>& list) {
  Json json = Json::array();
  for (const auto& entry : list) {
    json.push_back({{"from_ns", to_ns(entry.from)}, {"value_e8", raw(entry.value)}});
  }
  return json;
}
template <class T>
void get(const Json& json, std::vector<Dated<T>>& list) {
  for (const Json& item : json) {
    Dated<T> entry;
    entry.from = from_ns(item.at("from_ns").get<std::int64_t>());
    get(item.at("value_e8"), entry.value);
    list.push_back(std::move(entry));
  }
}

}  // namespace

std::optional<StoredInstrument> load_instrument(const fs::path& catalog, std::string_view symbol) {
  const fs::path path = path_of(catalog, symbol);
  std::error_code failure;
  if (!fs::exists(path, failure)) return std::nullopt;
  try {
    const Json json = Json::parse(io::read_file(path));
    StoredInstrument stored;
    Instrument& instrument = stored.instrument;
    instrument.symbol = json.at("symbol").get<std::string>();
    instrument.inferred = json.at("inferred").get<bool>();
    stored.precision.price = json.at("price_precision").get<int>();
    stored.precision.size = json.at("size_precision").get<int>();
    get(json.at("lot_e8"), instrument.lot);
    get(json.at("min_qty_e8"), instrument.min_qty);
    get(json.at("tick"), instrument.tick);
    get(json.at("min_notional"), instrument.min_notional);
    get(json.at("fees"), instrument.fees);
    get(json.at("brackets"), instrument.brackets);
    get(json.at("clearance_fee"), instrument.clearance_fee);
    return stored;
  } catch (const Json::exception& error) {
    throw Error{fmt::format("{}: not an instrument of a catalog ({}); ingest into a new catalog",
                            path.string(), error.what()),
                ErrorCode::Corrupt};
  }
}

void save(const fs::path& catalog, const StoredInstrument& stored) {
  const Instrument& instrument = stored.instrument;
  const Json json{{"schema", kSchema},
                  {"symbol", instrument.symbol},
                  {"inferred", instrument.inferred},
                  {"price_precision", stored.precision.price},
                  {"size_precision", stored.precision.size},
                  {"lot_e8", raw(instrument.lot)},
                  {"min_qty_e8", raw(instrument.min_qty)},
                  {"tick", dated(instrument.tick)},
                  {"min_notional", dated(instrument.min_notional)},
                  {"fees", dated(instrument.fees)},
                  {"brackets", dated(instrument.brackets)},
                  {"clearance_fee", dated(instrument.clearance_fee)}};
  const fs::path path = path_of(catalog, instrument.symbol);
  fs::create_directories(path.parent_path());
  io::write_file_atomically(path, json.dump(1) + "\n");
}

void forget_instrument(const fs::path& catalog, std::string_view symbol) {
  std::error_code failure;
  fs::remove(path_of(catalog, symbol), failure);
}

StoredInstrument infer_instrument(std::string_view symbol, Precision decimals) {
  StoredInstrument stored;
  stored.precision = decimals;
  Instrument& instrument = stored.instrument;
  instrument.symbol = symbol;
  instrument.inferred = true;
  instrument.tick = {{.value = Price::from_raw(power_of_ten(Price::kDecimals - decimals.price))}};
  instrument.lot = Qty::from_raw(power_of_ten(Qty::kDecimals - decimals.size));
  instrument.min_qty = instrument.lot;
  instrument.min_notional = {{.value = Money::from_raw(kMinNotional)}};
  instrument.fees = {{.value = {{.tier = "VIP0",
                                 .maker = Rate::from_raw(kVip0Maker),
                                 .taker = Rate::from_raw(kVip0Taker)}}}};
  return stored;
}

StoredInstrument known_instrument(const Instrument& instrument, Timestamp from, Timestamp to) {
  StoredInstrument stored{.instrument = instrument,
                          .precision = {.price = decimals(at(instrument.tick, from).raw()),
                                        .size = decimals(instrument.lot.raw())}};
  for (const auto& entry : instrument.tick) {
    if (entry.from <= from || entry.from >= to) continue;
    stored.precision.price = std::max(stored.precision.price, decimals(entry.value.raw()));
  }
  return stored;
}

}  // namespace toxvol::catalog
