#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kDrawn = 20;  // of the variants, those that differ most
constexpr double kCustomary = 0.05;
constexpr std::string_view kOnlyBase = "base";

/// Means with their intervals, of a column of differences.
struct Interval {
  Values mean;
  Values low;
  Values high;

  void add(const LoadedTable& table, const std::string& prefix, std::size_t row) {
    mean.push_back(table.real(prefix + "_mean_bp_day", row));
    low.push_back(table.real(prefix + "_lo", row));
    high.push_back(table.real(prefix + "_hi", row));
  }
};

/// Of several bases each has its own name (`toxvol ablation --presets`).
std::string in_words(std::string_view base) {
  return base == kOnlyBase ? "the base" : fmt::format("base {}", base);
}

/// How many variants differ by more than chance, upwards and downwards.
struct Surely {
  std::int64_t above = 0;
  std::int64_t below = 0;
};

Surely surely(const LoadedTable& variants, std::string_view base, const std::string& prefix) {
  Surely found;
  for (std::size_t row = 0; row < variants.rows(); ++row) {
    if (variants.text("base", row) != base) continue;
    const auto difference = variants.real(prefix + "_mean_bp_day", row);
    if (!difference || variants.real(prefix + "_p_rw", row).value_or(1.0) > kCustomary) continue;
    ++(*difference > 0.0 ? found.above : found.below);
  }
  return found;
}

/// The variants of one base.
Json differences_part(const LoadedTable& variants, const std::string& base) {
  std::vector<std::size_t> order;
  order.reserve(variants.rows());
  for (std::size_t row = 0; row < variants.rows(); ++row) {
    if (variants.text("base", row) == base) order.push_back(row);
  }
  const auto distance = [&](std::size_t row) {
    return std::abs(variants.real("d_t", row).value_or(0.0));
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return distance(a) != distance(b) ? distance(a) > distance(b) : a < b;
  });
  const bool is_only = base == kOnlyBase;
  const std::string id = is_only ? "differences" : "differences-" + base;
  const std::string name_of_part = is_only ? "Differences" : "Base " + base;
  Json differences = study_part(
      id.c_str(), name_of_part.c_str(),
      fmt::format("Each switch against {}", in_words(base)).c_str(),
      "The difference of the mean result from the base over the hours that both have, sorted by how "
      "many standard errors it is away from zero. The adjusted p counts that all of them were looked "
      "at: at most 0.05, and the difference is more than chance. Above it nothing is known: this is no "
      "proof that a switch does not matter. World assumptions are compared each on its own.");
  Json all = table(fmt::format("Paired differences from {}", in_words(base)), "",
                   {{"variant", false},
                    {"d, bp a day", true, Gain::Good},
                    {"95 % from"},
                    {"to"},
                    {"adjusted p"},
                    {"p alone"},
                    {"t"},
                    {"before costs, d", true, Gain::Good},
                    {"net, USDT", true, Gain::Good},
                    {"positions"},
                    {"decisions changed"},
                    {"group", false},
                    {"status", false},
                    {"what it sets", false}});
  Figure figure{
      is_only ? "ablation" : "ablation-" + base,
      "rows",
      is_only ? "The surest differences" : "The surest differences from base " + base,
      "Mean difference from the base in basis points a day, with its interval of 95 % on its own: "
      "after all costs, and as filled, before fees and funding. Where the first moves and the "
      "second does not, the switch changes what is paid and not what is earned.",
      {{"variant", false}, {"net, bp a day"}, {"as filled, bp a day"}}};
  std::vector<std::string> names;
  Interval net;
  Interval as_filled;
  for (const std::size_t row : order) {
    const auto real = [&](const char* name) { return variants.real(name, row); };
    const std::string name = variants.text("variant", row);
    const std::string note = variants.text("note", row);
    std::string status = variants.text("status", row);
    if (!note.empty()) status += ": " + note;
    all["rows"].push_back({name, number(real("d_mean_bp_day"), 3), number(real("d_lo"), 3),
                           number(real("d_hi"), 3), number(real("d_p_rw"), 4),
                           number(real("d_p"), 4), number(real("d_t"), 2),
                           number(real("pxd_mean_bp_day"), 3), number(real("net"), 2),
                           number(real("positions"), 0), number(real("decisions_changed"), 0),
                           variants.text("group", row), status, variants.text("set", row)});
    if (!real("d_mean_bp_day") || names.size() >= kDrawn || distance(row) == 0.0) continue;
    names.push_back(name);
    net.add(variants, "d", row);
    as_filled.add(variants, "pxd", row);
    figure.row({name, number(net.mean.back(), 3), number(as_filled.mean.back(), 3)});
  }
  figure.x_names("", names);
  figure.y("bp a day less the base");
  figure.series("net", "main", net.mean, net.low, net.high);
  figure.series("as filled", "amber", as_filled.mean, as_filled.low, as_filled.high);
  differences["figures"].push_back(figure.finish(ablation_words(variants, base)));
  differences["tables"].push_back(std::move(all));
  return differences;
}

}  // namespace

std::vector<std::string> bases_of(const LoadedTable& variants) {
  std::vector<std::string> bases;
  for (std::size_t row = 0; row < variants.rows(); ++row) {
    std::string base = variants.text("base", row);
    if (std::find(bases.begin(), bases.end(), base) == bases.end())
      bases.push_back(std::move(base));
  }
  return bases;
}

std::string ablation_words(const LoadedTable& variants, std::string_view base) {
  std::int64_t compared = 0;  // with the base, which is a row as well
  for (std::size_t row = 0; row < variants.rows(); ++row) {
    if (variants.text("base", row) == base && variants.real("d_mean_bp_day", row)) ++compared;
  }
  const Surely net = surely(variants, base, "d");
  const Surely as_filled = surely(variants, base, "pxd");
  return fmt::format(
      "Of {} variants {} did better than {} after costs and {} worse by more than chance, "
      "counting all that were looked at (adjusted p at most 0.05); before fees and funding {} did "
      "better and {} worse.",
      count(compared), count(net.above), in_words(base), count(net.below), count(as_filled.above),
      count(as_filled.below));
}

Json ablation_parts(const Json& /*study*/, const LoadedTable& variants) {
  Json parts = Json::array();
  for (const std::string& base : bases_of(variants)) {
    parts.push_back(differences_part(variants, base));
  }
  return parts;
}

}  // namespace toxvol::report
