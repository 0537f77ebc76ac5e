#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kMaxMaps = 6;
constexpr std::size_t kMaxAxes = 8;  // beside each other
constexpr std::size_t kMaxPaths = 400;
constexpr std::size_t kMaxSide = 12;  // values of an axis that fit a map

struct Axis {
  std::string name;
  std::vector<std::string> values;  // in the order of the design
};

std::vector<Axis> axes_of(const LoadedTable& points) {
  std::vector<Axis> axes;
  for (const columnar::Column& column : points.schema()) {
    if (column.name == "point") continue;
    if (column.name == "config_sha256") break;  // the result begins
    Axis axis{.name = column.name, .values = {}};
    for (std::size_t row = 0; row < points.rows(); ++row) {
      const std::string value = points.text(column.name, row);
      if (std::find(axis.values.begin(), axis.values.end(), value) == axis.values.end()) {
        axis.values.push_back(value);
      }
    }
    axes.push_back(std::move(axis));
  }
  return axes;
}

/// The rows of `points` that have a result, the best first.
std::vector<std::size_t> ranked(const LoadedTable& points) {
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < points.rows(); ++row) {
    if (points.real("mean_bp_day", row)) order.push_back(row);
  }
  const auto mean = [&](std::size_t row) { return points.real("mean_bp_day", row).value_or(0.0); };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return mean(a) != mean(b) ? mean(a) > mean(b) : a < b;
  });
  return order;
}

/// Of a list, so many: evenly from the first to the last.
std::vector<std::size_t> evenly(const std::vector<std::size_t>& all, std::size_t most) {
  if (all.size() <= most) return all;
  std::vector<std::size_t> kept;
  kept.reserve(most);
  for (std::size_t i = 0; i < most; ++i) kept.push_back(all[i * (all.size() - 1) / (most - 1)]);
  return kept;
}

/// All axes beside each other, and a line for each point; null where there is nothing to see.
Json parallel_figure(const LoadedTable& points, const std::vector<Axis>& axes) {
  std::vector<const Axis*> shown;
  for (const Axis& axis : axes) {
    if (axis.values.size() > 1 && shown.size() < kMaxAxes) shown.push_back(&axis);
  }
  const std::vector<std::size_t> order = ranked(points);
  const std::vector<std::size_t> drawn = evenly(order, kMaxPaths);
  if (shown.size() < 2 || order.size() < 2) return nullptr;
  std::vector<Column> columns = {{"place"}, {"net, bp a day", true, Gain::Good}};
  for (const Axis* axis : shown) columns.push_back({axis->name, false});
  Figure figure{
      "parallel", "parallel", "Every point as a line",
      "Each line goes through the values of one point and ends at its net in basis points a day; "
      "green ends above 0, red below. Where an axis matters, the lines that end high come through "
      "the same value of it; where it does not, they come from everywhere.",
      columns};
  for (const Axis* axis : shown) figure.axis(axis->name, axis->values);
  figure.y("net, bp a day");
  std::string best;
  std::string worst;
  for (const std::size_t row : drawn) {
    const auto net = points.real("mean_bp_day", row);
    std::vector<std::size_t> at;
    std::string words;
    Json cells = {count(static_cast<std::int64_t>(std::find(order.begin(), order.end(), row) -
                                                  order.begin() + 1)),
                  number(net, 2)};
    for (const Axis* axis : shown) {
      const std::string value = points.text(axis->name, row);
      at.push_back(static_cast<std::size_t>(
          std::find(axis->values.begin(), axis->values.end(), value) - axis->values.begin()));
      words += fmt::format("{}{} = {}", words.empty() ? "" : ", ", axis->name, value);
      cells.push_back(value);
    }
    words = fmt::format("{} bp a day: {}", number(net, 2), words);
    if (best.empty()) best = words;
    worst = words;
    figure.path(at, net.value_or(0.0), words);
    figure.row(std::move(cells));
  }
  std::string words = fmt::format("The best of {} points: {}. The worst: {}.",
                                  count(static_cast<std::int64_t>(order.size())), best, worst);
  if (drawn.size() < order.size()) {
    words += fmt::format(" {} are drawn, evenly from the best to the worst.",
                         count(static_cast<std::int64_t>(drawn.size())));
  }
  return figure.finish(words);
}

/// Mean over the points that share both values.
Json heat_map(const LoadedTable& points, const Axis& across, const Axis& down, int number_of_map) {
  std::vector<Column> columns = {{down.name, false}};
  for (const std::string& value : across.values) columns.push_back({value, true, Gain::Good});
  Figure figure{
      fmt::format("map-{}", number_of_map), "heat", fmt::format("{} by {}", down.name, across.name),
      "Net in basis points a day; where several points share both values, their mean. Look "
      "for a plateau: a single good square among bad ones is luck.",
      columns};
  figure.x_names(across.name, across.values);
  figure.y(down.name, down.values);
  double best = 0.0;
  std::string where;
  for (const std::string& y : down.values) {
    Values values;
    std::vector<std::string> texts;
    Json row = {y};
    for (const std::string& x : across.values) {
      double sum = 0.0;
      double n = 0.0;
      for (std::size_t at = 0; at < points.rows(); ++at) {
        const auto value = points.real("mean_bp_day", at);
        if (!value || points.text(across.name, at) != x || points.text(down.name, at) != y)
          continue;
        sum += *value;
        n += 1.0;
      }
      values.push_back(n > 0.0 ? std::optional{sum / n} : std::nullopt);
      texts.push_back(number(values.back(), 1));
      row.push_back(texts.back());
      if (n > 0.0 && (where.empty() || sum / n > best)) {
        best = sum / n;
        where = fmt::format("{} = {}, {} = {}", down.name, y, across.name, x);
      }
    }
    figure.cells(values, texts);
    figure.row(std::move(row));
  }
  return figure.finish(where.empty()
                           ? "No point has a result."
                           : fmt::format("Highest at {}: {} bp a day.", where, number(best, 2)));
}

}  // namespace

Json sweep_parts(const Json& study, const LoadedTable& points) {
  const std::vector<Axis> axes = axes_of(points);
  Json maps = study_part("maps", "Maps", "Where the result is high, and how broadly",
                         "Each square is a pair of values.");
  std::size_t left_out = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    for (std::size_t j = i + 1; j < axes.size(); ++j) {
      if (axes[i].values.size() > kMaxSide || axes[j].values.size() > kMaxSide ||
          axes[i].values.size() < 2 || axes[j].values.size() < 2 ||
          maps["figures"].size() >= kMaxMaps) {
        ++left_out;
        continue;
      }
      maps["figures"].push_back(
          heat_map(points, axes[j], axes[i], static_cast<int>(maps["figures"].size())));
    }
  }
  if (left_out > 0) {
    maps["note"] = fmt::format(
        "Each square is a pair of values. {} pair{} of axes left out: more than {} values on a side, "
        "only one, or beyond the first {} maps.",
        count(static_cast<std::int64_t>(left_out)), left_out == 1 ? " is" : "s are",
        count(static_cast<std::int64_t>(kMaxSide)), count(static_cast<std::int64_t>(kMaxMaps)));
  }
  const Json m = study.value("M", Json(nullptr));
  const std::string tries = m.is_number() ? fmt::format("best of {}", m.dump()) : "";
  std::vector<Column> columns = {{"point"},
                                 {"net, bp a day", true, Gain::Good},
                                 {"95 % from"},
                                 {"to"},
                                 {"before costs", true, Gain::Good}};
  const std::string sharpe = fmt::format("Sharpe a year, {}", tries);
  columns.push_back({sharpe});
  const std::string luck = fmt::format("dsr_null, {}", tries);
  columns.push_back({luck});
  columns.push_back({"adjusted p"});
  columns.push_back({"positions"});
  for (const Axis& axis : axes) columns.push_back({axis.name, false});
  columns.push_back({"status", false});
  Json all = table("All points",
                   "Sorted by net. The adjusted p is for being better than doing nothing, counted "
                   "over all of them. A Sharpe ratio of a year is told from 30 days on.",
                   columns);
  std::vector<std::size_t> order;
  order.reserve(points.rows());
  for (std::size_t row = 0; row < points.rows(); ++row) order.push_back(row);
  const auto mean = [&](std::size_t row) {
    return points.real("mean_bp_day", row).value_or(std::numeric_limits<double>::lowest());
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return mean(a) != mean(b) ? mean(a) > mean(b) : a < b;
  });
  for (const std::size_t row : order) {
    const auto real = [&](const char* name) { return points.real(name, row); };
    Json cells = {number(real("point"), 0),          number(real("mean_bp_day"), 2),
                  number(real("mean_lo"), 2),        number(real("mean_hi"), 2),
                  number(real("px_mean_bp_day"), 2), number(sharpe_of(points, "", row), 2),
                  number(real("dsr_null"), 4),       number(real("rw_p"), 4),
                  number(real("positions"), 0)};
    for (const Axis& axis : axes) cells.push_back(points.text(axis.name, row));
    const std::string note = points.text("note", row);
    cells.push_back(points.text("status", row) + (note.empty() ? "" : ": " + note));
    all["rows"].push_back(std::move(cells));
  }
  Json table_part = study_part("points", "Points", "All that was looked at", "");
  table_part["tables"].push_back(std::move(all));
  Json list = Json::array();
  if (!maps["figures"].empty()) list.push_back(std::move(maps));
  if (Json lines = parallel_figure(points, axes); !lines.is_null()) {
    Json part = study_part("lines", "Lines", "All settings at once", "");
    part["figures"].push_back(std::move(lines));
    list.push_back(std::move(part));
  }
  list.push_back(std::move(table_part));
  return list;
}

}  // namespace toxvol::report
