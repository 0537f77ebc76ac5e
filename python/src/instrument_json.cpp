#include "instrument_json.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::python {
namespace {

std::string to_json(const Instrument& facts, Timestamp when, int price_decimals,
                    int size_decimals) {
  const auto text = [](auto value, int digits) { return decimal_text(value.raw(), digits); };
  const Price tick = at(facts.tick, when);
  if (decimals(tick.raw()) > price_decimals) {
    throw Error{fmt::format(
        "{}: its tick was {} then, and the catalog's prices have {} decimals; ask for a time that "
        "the catalog covers",
        facts.symbol, text(tick, decimals(tick.raw())), price_decimals)};
  }
  nlohmann::ordered_json json{{"symbol", facts.symbol},
                              {"source", facts.inferred ? "inferred" : "table"},
                              {"price_precision", price_decimals},
                              {"size_precision", size_decimals},
                              {"tick", text(tick, price_decimals)},
                              {"lot", text(facts.lot, size_decimals)},
                              {"min_qty", text(facts.min_qty, size_decimals)},
                              {"min_notional", text(at(facts.min_notional, when), 8)},
                              {"fees", nlohmann::ordered_json::object()}};
  for (const Fee& fee : at(facts.fees, when)) {
    json["fees"][fee.tier] = {{"maker", text(fee.maker, decimals(fee.maker.raw()))},
                              {"taker", text(fee.taker, decimals(fee.taker.raw()))}};
  }
  return json.dump();
}

}  // namespace

std::string instrument_json(const std::string& symbol, const std::string& catalog_path,
                            std::optional<std::int64_t> at_ns) {
  std::optional<catalog::StoredInstrument> stored;
  if (!catalog_path.empty()) {
    stored = catalog::load_instrument(catalog_path, symbol);
    if (!stored) throw Error{fmt::format("{}: no instrument {}", catalog_path, symbol)};
  }
  const auto known = config::known_instrument(symbol);
  if (!known && !stored) {
    throw Error{fmt::format(
        "{}: no table of this contract; name a catalog that holds it (its tick and lot are "
        "inferred there)",
        symbol)};
  }
  const Timestamp when = at_ns ? Timestamp{Duration{*at_ns}} : Timestamp::max();
  if (!stored) return instrument_json(*known, when);
  return to_json(known ? *known : stored->instrument, when, stored->precision.price,
                 stored->precision.size);
}

std::string instrument_json(const Instrument& facts, Timestamp when) {
  return to_json(facts, when, decimals(at(facts.tick, when).raw()), decimals(facts.lot.raw()));
}

}  // namespace toxvol::python
