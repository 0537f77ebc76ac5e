#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/report/answers.hpp"
#include "toxvol/report/figure.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

using trading::PositionRecord;

constexpr std::size_t kHours = 24;
constexpr std::size_t kDays = 7;
constexpr std::size_t kBins = 24;       // at most, of the histogram
constexpr std::size_t kMaxDots = 2000;  // of the excursions
constexpr std::array<std::string_view, kDays> kDayNames = {"Mon", "Tue", "Wed", "Thu",
                                                           "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 4> kTones = {"main", "amber", "violet", "grey"};

struct Sum {
  std::int64_t positions = 0;
  Money net{};
};

Json by_time(std::string_view id, std::string_view title, std::string_view label,
             const std::vector<std::string>& names, const std::vector<Sum>& sums) {
  Figure figure{id,
                "bars",
                title,
                "By the time at which a position was opened, in UTC. With few positions a bar says "
                "nothing of the next one.",
                {{label, false}, {"net, USDT", true, Gain::Good}, {"positions"}}};
  figure.x_names(label, names);
  figure.y("net, USDT");
  Values values;
  std::optional<std::size_t> best;  // of those with a position
  std::optional<std::size_t> worst;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    const bool has_any = sums[i].positions > 0;
    values.push_back(has_any ? std::optional{sums[i].net.to_double()} : std::nullopt);
    figure.row({names[i], has_any ? signed_money(sums[i].net) : std::string{kAbsent},
                count(sums[i].positions)});
    if (has_any && (!best || sums[i].net > sums[*best].net)) best = i;
    if (has_any && (!worst || sums[i].net < sums[*worst].net)) worst = i;
  }
  figure.series("net", "good", values);
  if (!best || !worst) return figure.finish("No position was opened.");
  return figure.finish(fmt::format("Highest: {} with {} USDT; lowest: {} with {} USDT.",
                                   names[*best], signed_money(sums[*best].net), names[*worst],
                                   signed_money(sums[*worst].net)));
}

/// 1, 2 or 5 times a power of ten, at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least) return factor * power;
  }
  return 10.0 * power;
}

/// How many bars of `step` cover the values between their first and last hundredths.
Json histogram(const std::map<std::string_view, std::vector<double>>& by_alpha) {
  Figure figure{"histogram", "bars", "How a position ends",
                "Net result in basis points of its largest size, after fees and funding; how many "
                "positions ended in each step. The outer bars hold all that lies beyond.",
                [&] {
                  std::vector<Column> columns = {{"net bp from", false}};
                  for (const auto& [alpha, results] : by_alpha) columns.push_back({alpha});
                  return columns;
                }()};
  std::vector<double> all;
  for (const auto& [alpha, results] : by_alpha)
    all.insert(all.end(), results.begin(), results.end());
  if (all.empty()) return figure.finish("No position was closed.");
  std::sort(all.begin(), all.end());
  const std::size_t cut = all.size() / 100;
  const double low = all[cut];
  const double high = all[all.size() - 1 - cut];
  const double step = round_step(std::max((high - low) / static_cast<double>(kBins - 2), 1e-3));
  const double first = std::floor(low / step) * step;
  const auto bins = static_cast<std::size_t>(std::floor((high - first) / step)) + 1;
  const int digits = step < 1.0 ? 2 : 0;
  std::vector<std::string> names;
  names.reserve(bins);
  for (std::size_t i = 0; i < bins; ++i) {
    names.push_back(number(first + static_cast<double>(i) * step, digits));
  }
  figure.x_names(fmt::format("net bp a position, from (steps of {})", number(step, digits)), names);
  figure.y("positions");
  std::vector<std::vector<std::int64_t>> counts;
  std::size_t tone = 0;
  for (const auto& [alpha, results] : by_alpha) {
    std::vector<std::int64_t>& in_bin = counts.emplace_back(bins, 0);
    for (const double bp : results) {
      const double place = std::clamp((bp - first) / step, 0.0, static_cast<double>(bins - 1));
      ++in_bin[static_cast<std::size_t>(place)];
    }
    figure.series(fmt::format("alpha {}", alpha), kTones.at(tone++ % kTones.size()),
                  Values(in_bin.begin(), in_bin.end()));
  }
  for (std::size_t i = 0; i < bins; ++i) {
    Json row = {names[i]};
    for (const auto& in_bin : counts) row.push_back(count(in_bin[i]));
    figure.row(std::move(row));
  }
  const double median = all[all.size() / 2];
  double sum = 0.0;
  for (const double bp : all) sum += bp;
  return figure.finish(fmt::format(
      "{} closed position{}: half end above {} bp, the mean is {} bp, the worst {} and the best {}.",
      count(static_cast<std::int64_t>(all.size())), all.size() == 1 ? "" : "s", number(median, 1),
      number(sum / static_cast<double>(all.size()), 1), number(all.front(), 1),
      number(all.back(), 1)));
}

std::optional<double> median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// How far a level was from the entry, in bp.
void add_distance(std::vector<double>& to, const PositionRecord& p,
                  const std::optional<Price>& level) {
  if (!level) return;
  const double entry = p.avg_entry.to_double();
  to.push_back(kBasisPoints * std::abs(level->to_double() - entry) / entry);
}

Json excursions(const std::vector<PositionRecord>& positions, const OpenPart& open) {
  Figure figure{
      "excursions",
      "points",
      "How far it went against us and for us",
      "Each dot is a position: across, the furthest mark against it; up, the furthest for "
      "it. Green ended with a gain, red with a loss. Dots far up that are red gave back "
      "what they had; dots far right that are green were lucky.",
      {{"position", false}, {"against, bp"}, {"for, bp"}, {"net, USDT", true, Gain::Good}}};
  figure.x_values("furthest against, bp", {});
  figure.y("furthest for, bp");
  std::vector<double> stops;
  std::vector<double> targets;
  std::int64_t shown = 0;
  std::int64_t gave_back = 0;
  std::optional<double> usual_stop;
  for (const PositionRecord& p : positions) {
    add_distance(stops, p, p.stop);
    add_distance(targets, p, p.take_profit);
  }
  usual_stop = median(stops);
  for (const PositionRecord& p : positions) {
    if (!p.mae_bp || !p.mfe_bp || shown >= static_cast<std::int64_t>(kMaxDots)) continue;
    const Money net = net_of(p, open);
    const double against = std::abs(std::min(0.0, *p.mae_bp));
    const double with = std::max(0.0, *p.mfe_bp);
    const std::string id = run::kPositionId.text(p.position);
    figure.point(against, with, net > Money{} ? "good" : "bad",
                 fmt::format("{}: {} bp against, {} bp for it, net {} USDT", id, number(against, 1),
                             number(with, 1), signed_money(net)));
    figure.row({id, number(against, 1), number(with, 1), signed_money(net)});
    ++shown;
    if (net <= Money{} && usual_stop && with >= *usual_stop) ++gave_back;
  }
  if (usual_stop) {
    figure.upright(*usual_stop, fmt::format("stop {} bp", number(usual_stop, 0)), "bad");
  }
  if (const auto target = median(targets)) {
    figure.level(*target, fmt::format("target {} bp", number(target, 0)), "good");
  }
  std::string text = fmt::format("{} positions.", count(shown));
  if (usual_stop) {
    text += fmt::format(
        " Lines: the middle distance of stop and target. Losses that had been {} bp ahead before, as "
        "far as the stop was away: {}.",
        number(usual_stop, 0), count(gave_back));
  }
  if (positions.size() > kMaxDots) text += fmt::format(" The first {} are drawn.", count(kMaxDots));
  return figure.finish(text);
}

}  // namespace

Json position_figures(const RunFolder& folder, const OpenPart& open) {
  const auto positions = run::read_records<PositionRecord>(folder.path);
  std::vector<Sum> hours(kHours);
  std::vector<Sum> days(kDays);
  std::map<std::string_view, std::vector<double>> by_alpha;
  for (const PositionRecord& p : positions) {
    const auto day = std::chrono::floor<std::chrono::days>(p.ts_open);
    const auto hour = std::chrono::floor<std::chrono::hours>(p.ts_open - day).count();
    const unsigned weekday = std::chrono::weekday{day}.iso_encoding() - 1;
    for (Sum* sum : {&hours.at(static_cast<std::size_t>(hour)), &days.at(weekday)}) {
      ++sum->positions;
      sum->net += net_of(p, open);
    }
    const double notional = p.avg_entry.to_double() * p.qty_max.to_double();
    if (!p.ts_close || notional <= 0.0) continue;
    const std::string_view alpha = trading::name(p.alpha);
    by_alpha[alpha.empty() ? "none" : alpha].push_back(kBasisPoints * run::net(p).to_double() /
                                                       notional);
  }
  std::vector<std::string> hour_names;
  hour_names.reserve(kHours);
  for (std::size_t hour = 0; hour < kHours; ++hour)
    hour_names.push_back(fmt::format("{:02}", hour));
  const std::vector<std::string> day_names(kDayNames.begin(), kDayNames.end());
  Json list = Json::array();
  list.push_back(histogram(by_alpha));
  list.push_back(excursions(positions, open));
  list.push_back(by_time("hours", "Net by hour of day", "hour", hour_names, hours));
  list.push_back(by_time("weekdays", "Net by weekday", "weekday", day_names, days));
  return list;
}

}  // namespace toxvol::report
