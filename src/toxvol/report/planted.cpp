#include "toxvol/report/planted.hpp"

#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/report/format.hpp"

namespace toxvol::report {

std::string planted_note(const std::string& label) {
  const auto market = nlohmann::ordered_json::parse(label, nullptr, false);
  if (!market.is_object() || !market.value("plant", nlohmann::ordered_json()).is_string() ||
      !market.value("edge_bp", nlohmann::ordered_json()).is_number()) {
    return {};
  }
  const auto plant = market.at("plant").get<std::string>();
  if (plant == "none") {
    return "Nothing was planted in it: whatever looks like an edge before costs is luck.";
  }
  const std::string edge = number(market.at("edge_bp").get<double>(), 1, " bp");
  if (plant == "momentum") {
    return fmt::format(
        "Planted in it: where volatility is compressed the price drifts with hidden order flow, {} "
        "in the 15 minutes after a strong minute.",
        edge);
  }
  if (plant == "crowding") {
    return fmt::format(
        "Planted in it: where one side is crowded the price drifts with the flow against it, {} in "
        "the 15 minutes after a strong minute.",
        edge);
  }
  return fmt::format("Planted in it: {} of {}.", plant, edge);
}

}  // namespace toxvol::report
