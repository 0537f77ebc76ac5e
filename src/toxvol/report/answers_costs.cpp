#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/report/answers.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kPoints = 21;

/// net = at_nothing − cost · traded: a line, for fills that stay as they were.
Json cost_figure(std::string_view id, std::string_view what, double at_nothing, double paid,
                 double traded) {
  const double now = kBasisPoints * paid / traded;  // bp a side
  const double crossing = kBasisPoints * at_nothing / traded;
  Figure figure{
      id,
      "lines",
      fmt::format("Net by {}", what),
      fmt::format(
          "What net would have been with another {} a side, all fills staying as they were. "
          "In truth another cost would have let other positions pass, so read it near where "
          "the run is.",
          what),
      {{fmt::format("{}, bp a side", what), true}, {"net, USDT", true, Gain::Good}}};
  const double reach = std::max({2.0 * now, crossing > 0.0 ? 1.2 * crossing : 0.0, 1.0});
  std::vector<double> costs;
  Values nets;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double cost = reach * static_cast<double>(i) / static_cast<double>(kPoints - 1);
    costs.push_back(cost);
    nets.emplace_back(at_nothing - cost * traded / kBasisPoints);
    figure.row({number(cost, 2), number(nets.back(), 2)});
  }
  figure.x_values(fmt::format("{}, bp a side", what), costs);
  figure.y("net, USDT");
  figure.series("net", "main", nets);
  if (now >= 0.0) figure.upright(now, fmt::format("this run: {} bp", number(now, 2)), "grey");
  std::string text;
  if (crossing > 0.0) {
    figure.upright(crossing, fmt::format("break-even: {} bp", number(crossing, 2)), "good");
    text = fmt::format("Net is zero at {} bp a side; this run paid {} bp.", number(crossing, 2),
                       number(now, 2));
  } else {
    text = fmt::format("It would have lost even at none: {} USDT. This run paid {} bp a side.",
                       number(at_nothing, 2), number(now, 2));
  }
  return figure.finish(text);
}

}  // namespace

Json cost_figures(const RunFolder& folder) {
  double traded = 0.0;
  run::for_each_record<trading::FillRecord>(
      folder.path, [&traded](const trading::FillRecord& fill) {
        traded += fill.price.to_double() * fill.qty.to_double();
      });
  Json list = Json::array();
  if (traded <= 0.0) return list;
  const run::Summary& s = folder.summary;
  const double net = (s.end_equity - s.start_equity).to_double();
  const double fees = s.fees.to_double();
  const double slippage = s.slippage.to_double();
  list.push_back(cost_figure("by-fee", "fee", net + fees, fees, traded));
  list.push_back(cost_figure("by-slippage", "slippage", net + slippage, slippage, traded));
  return list;
}

}  // namespace toxvol::report
