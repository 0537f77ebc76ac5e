#include "toxvol/report/charts.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/factors/columns.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/report/beside.hpp"
#include "toxvol/report/candles.hpp"
#include "toxvol/report/chart_json.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/more_charts.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/packed.hpp"
#include "toxvol/report/positions.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/sampler.hpp"
#include "toxvol/report/window.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

using Value = std::optional<double>;

constexpr std::string_view kEquityPart = "equity";
constexpr double kStepSeconds = 60.0;        // of a row
constexpr int kTimeDecimals = 3;             // of a second
constexpr std::size_t kMaxStretches = 3000;  // of a band

double seconds_after(Timestamp from, Timestamp ts) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(ts - from).count();
  return static_cast<double>(ms) / 1000.0;
}

struct Series {
  std::string_view label;
  std::string_view tone;  // of the palette in web/src/style.css
  std::string_view style = "line";
  int decimals = 2;
  bool is_fixed = true;  // values have `decimals`; else as many as the largest needs
};

Json json_of(const Series& series, const std::vector<Value>& values, const Near& near = {}) {
  return series_json(
      series.label, series.tone, series.style,
      packed_column(values, series.is_fixed ? series.decimals : decimals_for(values), near));
}

Json frame_json(const std::vector<double>& times) {
  return packed(times, kTimeDecimals);
}

void add_band(Json& chart, std::string_view label, std::string_view tone,
              const Stretches& stretches) {
  Json ranges = Json::array();
  for (const auto& [from, to] : stretches.all()) ranges.push_back({from, to});
  chart["bands"].push_back({{"label", label}, {"tone", tone}, {"ranges", ranges}});
}

/// The running slippage of the fills up to a time, which never goes back.
class SlippageSoFar {
 public:
  explicit SlippageSoFar(const RunFolder& folder) {
    run::for_each_record<trading::FillRecord>(folder.path, [this](const trading::FillRecord& fill) {
      fills_.emplace_back(fill.ts, fill.slippage.value_or(Money{}));
    });
  }
  double up_to(Timestamp ts) {
    while (next_ < fills_.size() && fills_[next_].first <= ts) sum_ += fills_[next_++].second;
    return sum_.to_double();
  }

 private:
  std::vector<std::pair<Timestamp, Money>> fills_;
  std::size_t next_ = 0;
  Money sum_{};
};

void add_equity(const RunFolder& folder, const Window& window, Json& data) {
  enum : std::size_t {
    kEquity,
    kDrawdown,
    kGross,
    kSlippage,
    kFees,
    kFunding,
    kNet,
    kPosition,
    kSeries
  };
  Sampler sampler{{.from = 0.0,
                   .to = window.seconds,
                   .rows = row_count(folder, "equity"),
                   .series = kSeries,
                   .max_points = kMaxPoints}};
  SlippageSoFar slippage{folder};
  run::for_each_record<trading::EquityRecord>(folder.path, [&](const trading::EquityRecord& row) {
    std::array<Value, kSeries> values;
    const double slipped = slippage.up_to(row.ts);
    const double price =
        row.realised.to_double() + row.unrealised.to_double() + row.insurance.to_double();
    values[kEquity] = row.equity.to_double();
    values[kDrawdown] = kPercent * row.drawdown;
    values[kGross] = price + slipped;
    values[kSlippage] = -slipped;
    values[kFees] = -row.fees.to_double();
    values[kFunding] = row.funding.to_double();
    values[kNet] = price - row.fees.to_double() + row.funding.to_double();
    values[kPosition] = row.position.to_double();
    sampler.add(seconds_after(window.from, row.ts), values);
  });
  const Sampled sampled = sampler.finish();
  data["frames"]["equity"] = frame_json(sampled.times);

  Json equity = chart_json("equity", kEquityPart, "equity", "Equity", "USDT",
                           "Wallet plus open position at the mid; every minute, fill and payment.");
  constexpr int kCents = 2;
  const PackedColumn held = packed_column(sampled.values[kEquity], kCents);
  const bool is_shaded = add_shades(folder, sampled.times, equity);
  equity["series"].push_back(series_json("equity", "main", is_shaded ? "thick" : "line", held));
  data["charts"].push_back(std::move(equity));

  Json drawdown = chart_json("drawdown", kEquityPart, "equity", "Drawdown",
                             "% of the highest equity so far", "");
  drawdown["series"].push_back(
      json_of({.label = "drawdown", .tone = "bad", .style = "area", .decimals = 3},
              sampled.values[kDrawdown]));
  data["charts"].push_back(std::move(drawdown));

  Json parts = chart_json("components", kEquityPart, "equity", "What the result is made of",
                          "USDT, cumulative",
                          "net = price at the mids − slippage − fees + funding; the open position "
                          "counts at the mid.");
  const std::array<std::pair<Series, std::size_t>, 5> lines = {
      {{{.label = "price (gross)", .tone = "good"}, kGross},
       {{.label = "slippage", .tone = "violet"}, kSlippage},
       {{.label = "fees", .tone = "bad"}, kFees},
       {{.label = "funding", .tone = "amber"}, kFunding},
       {{.label = "net", .tone = "main", .style = "thick"}, kNet}}};
  const Near follows{.how = "most", .of = {held}};
  for (const auto& [line, at] : lines) {
    // Two of the five move as equity does, but for what is paid at a fill.
    const bool moves = at == kGross || at == kNet;
    parts["series"].push_back(json_of(line, sampled.values[at], moves ? follows : Near{}));
  }
  data["charts"].push_back(std::move(parts));

  Json size = chart_json("position", kEquityPart, "equity", "Position", "base units",
                         "What was held: above zero long, below it short.");
  size["series"].push_back(
      json_of({.label = "position", .tone = "violet", .style = "step", .decimals = 4},
              sampled.values[kPosition]));
  data["charts"].push_back(std::move(size));
}

/// A value of a row, of a column by its name or of anything else in it.
struct Curve {
  std::function<Value(const factors::FactorRow&)> value;
  Series series;
};

struct Panel {
  std::string_view id, title, unit;
  std::string note;
  std::vector<Curve> curves;
  std::string_view show = "factors";
};

Curve factor(std::string_view name, std::string_view tone, std::string_view style = "line",
             double scale = 1.0) {
  const auto column =
      std::find_if(std::begin(factors::kColumns), std::end(factors::kColumns),
                   [name](const factors::Column& candidate) { return candidate.name == name; });
  TOXVOL_ASSERT(column != std::end(factors::kColumns));
  return {.value =
              [column, scale](const factors::FactorRow& row) {
                const Value value = (*column)(row);
                return value ? Value{*value * scale} : std::nullopt;
              },
          .series = {.label = name, .tone = tone, .style = style, .is_fixed = false}};
}

/// A column's meaning as a sentence without Markdown.
std::string sentence(std::string_view meaning) {
  std::string text;
  for (const char c : meaning) {
    if (c != '`') text += c;
  }
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text + '.';
}

/// In the order of the page: the panels drawn by hand, then those of factors/columns.hpp.
std::vector<Panel> panels(int price_decimals) {
  std::vector<Panel> all = {
      {.id = "price",
       .title = "Price",
       .unit = "USDT",
       .note = "Close of each minute.",
       .curves = {{.value = [](const factors::FactorRow& row) { return row.close.to_double(); },
                   .series = {.label = "close", .tone = "main", .decimals = price_decimals}}},
       .show = "price"},
      {.id = "f1",
       .title = "Compression F1",
       .unit = "z-score",
       .note =
           "High = volatility is low against its own last hours. Alpha A asks for f1 at or above "
           "its trailing quantile q_f1.",
       .curves = {factor("f1", "main"), factor("q_f1", "amber", "dash")}},
      {.id = "p",
       .title = "Pressure P",
       .unit = "z-score",
       .note =
           "Signed order-flow pressure. A signal needs |p| at or above its trailing quantile q_p "
           "(drawn on both sides).",
       .curves = {factor("p", "main"), factor("q_p", "amber", "mirror")}},
      {.id = "t",
       .title = "Toxicity T",
       .unit = "z-score",
       .note = "Toxic where t is at or above its trailing quantile tau_t (shaded).",
       .curves = {factor("t", "main"), factor("tau_t", "amber", "dash")}},
      {.id = "c",
       .title = "Crowding C and regime",
       .unit = "z-score",
       .note =
           "Shaded: crowded long or crowded short. The lines are the thresholds to enter and to "
           "leave a regime.",
       .curves = {factor("c", "main")}},
      {.id = "sigma",
       .title = "Volatility sigma",
       .unit = "bp per √minute",
       .note = "What sizes positions and sets stops and targets.",
       .curves = {factor("sigma", "main", "line", kBasisPoints)}}};
  for (const factors::Column& column : factors::kColumns) {
    if (column.panel.empty()) continue;
    all.push_back({.id = column.name,
                   .title = column.panel,
                   .unit = column.unit,
                   .note = sentence(column.meaning),
                   .curves = {factor(column.name, "main")}});
  }
  return all;
}

/// Turns rows with a state into stretches; a row stands for the minute that it ends.
class StateStretches {
 public:
  void add(double time, bool holds) {
    if (holds) stretches_.add(time - kStepSeconds, time);
  }
  [[nodiscard]] const Stretches& stretches() const { return stretches_; }

 private:
  Stretches stretches_{kMaxStretches};
};

void add_levels(const RunFolder& folder, Json& chart) {
  for (const char* key : {"theta", "theta_exit"}) {
    // Where funding is what a regime is left by, theta_exit is no level of c (C14).
    const bool is_exit = std::string_view{key} == "theta_exit";
    if (is_exit && setting(folder, "crowding", "leave") == "funding") continue;
    const Json value = setting(folder, "crowding", key);
    if (!value.is_number()) continue;
    const double level = value.get<double>();
    chart["levels"].push_back({{"value", level}, {"label", key}});
    chart["levels"].push_back({{"value", -level}, {"label", fmt::format("\u2212{}", key)}});
  }
}

void add_minutes(const RunFolder& folder, const Window& window, Json& data) {
  const std::vector<Panel> all = panels(tick_decimals(folder));
  std::vector<Curve> curves;
  for (const Panel& panel : all) {
    curves.insert(curves.end(), panel.curves.begin(), panel.curves.end());
  }
  Sampler sampler{{.from = 0.0,
                   .to = window.seconds,
                   .rows = row_count(folder, "decisions"),
                   .series = curves.size(),
                   .max_points = kMaxPoints,
                   .max_step = kStepSeconds}};
  StateStretches toxic;
  StateStretches crowded_long;
  StateStretches crowded_short;
  std::vector<Value> values(curves.size());
  const auto see = [&](const strategy::DecisionRow& decision) {
    const factors::FactorRow& row = decision.factors;
    const double time = seconds_after(window.from, row.ts);
    toxic.add(time, row.gated.toxic.value_or(false));
    crowded_long.add(time, row.crowding.regime == Regime::CrowdedLong);
    crowded_short.add(time, row.crowding.regime == Regime::CrowdedShort);
    for (std::size_t i = 0; i < curves.size(); ++i) values[i] = curves[i].value(row);
    sampler.add(time, values);
  };
  run::for_each_record<strategy::DecisionRow>(folder.path, see);
  const Sampled sampled = sampler.finish();
  if (!sampled.times.empty()) {
    // Charts open on the minutes that there are: recorded stretches may be far shorter.
    data["view"] = {std::max(0.0, sampled.times.front() - kStepSeconds),
                    std::min(window.seconds, sampled.times.back())};
  }
  data["frames"]["minutes"] = frame_json(sampled.times);
  std::size_t next = 0;
  for (const Panel& panel : all) {
    Json json = chart_json(panel.id, panel.show, "minutes", panel.title, panel.unit, panel.note);
    for (const Curve& curve : panel.curves) {
      json["series"].push_back(json_of(curve.series, sampled.values[next++]));
    }
    if (panel.id == "t") add_band(json, "toxic", "bad", toxic.stretches());
    if (panel.id == "c") {
      add_band(json, "crowded long", "bad", crowded_long.stretches());
      add_band(json, "crowded short", "good", crowded_short.stretches());
      add_levels(folder, json);
    }
    data["charts"].push_back(std::move(json));
  }
}

/// What a user's own signal wanted, as a step at each of its rows.
void add_signal(const RunFolder& folder, const Window& window, Json& data) {
  if (!run::is_own_signal(folder)) return;
  columnar::TableReader reader{(folder.path / run::kSignalFile).string()};
  reader.select({"ts_init", "direction", "size"});
  std::vector<double> times;
  std::vector<Value> wishes;
  while (const auto block = reader.next()) {
    for (std::size_t row = 0; row < block->rows; ++row) {
      const auto ts = block->columns[0].integer(row);
      const auto direction = block->columns[1].integer(row);
      if (!ts || !direction) continue;
      times.push_back(seconds_after(window.from, from_ns(*ts)));
      wishes.emplace_back(static_cast<double>(*direction) *
                          block->columns[2].real(row).value_or(1.0));
    }
  }
  data["frames"]["signal"] = frame_json(times);
  Json wish =
      chart_json("signal", "price", "signal", "Your signal", "direction times size",
                 "What the user's own signal asked for, from each of its rows to the next.");
  wish["series"].push_back(
      json_of({.label = "signal", .tone = "violet", .style = "step", .decimals = 3}, wishes));
  data["charts"].push_back(std::move(wish));
}

/// What the charts leave out.
std::string note_of(const RunFolder& folder, const Candles& candles) {
  std::string note = candles.why_not;
  if (row_count(folder, "decisions") > static_cast<std::int64_t>(kMaxPoints)) {
    note += fmt::format(
        "{}The run has more than {} minutes: of each stretch of minutes the charts keep the lowest "
        "and the highest value.",
        note.empty() ? "" : " ", count(static_cast<std::int64_t>(kMaxPoints)));
  }
  return note;
}

Json price_json(const std::optional<Price>& price) {
  return price ? Json(price->to_double()) : Json(nullptr);
}

void add_marks(const RunFolder& folder, const Window& window, const OpenPart& open, Json& data) {
  const Positions positions = read_positions(folder, kMaxMarks);
  const int digits = std::min(8, tick_decimals(folder) + 1);  // averages lie between ticks
  Json rows = Json::array();
  for (const trading::PositionRecord& p : positions.shown) {
    const std::string id = run::kPositionId.text(p.position);
    const std::string_view exit = p.exit_role ? trading::name(*p.exit_role) : "open";
    rows.push_back({{"id", id},
                    {"long", p.side == Side::Buy},
                    {"exit_role", exit},
                    {"t",
                     {seconds_after(window.from, p.ts_open),
                      p.ts_close ? Json(seconds_after(window.from, *p.ts_close)) : Json(nullptr)}},
                    {"price", {price_json(p.avg_entry), price_json(p.avg_exit)}},
                    {"stop", price_json(p.stop)},
                    {"target", price_json(p.take_profit)},
                    {"text", fmt::format("{}: {} {}, in {} out {} ({}), net {} USDT", id,
                                         run::kLongShort.text(p.side), decimal(p.qty_max),
                                         price(p.avg_entry, digits), price(p.avg_exit, digits),
                                         exit, signed_money(net_of(p, open)))}});
  }
  data["marks"] = {
      {"rows", std::move(rows)},
      {"note", positions.all > static_cast<std::int64_t>(positions.shown.size())
                   ? fmt::format("The {} positions with the largest results of {} are marked.",
                                 count(static_cast<std::int64_t>(positions.shown.size())),
                                 count(positions.all))
                   : std::string{}}};
}

}  // namespace

Json chart_data(const RunFolder& folder, const OpenPart& open, const Candles& candles) {
  const Window window = window_of(folder);
  Json data = {{"start", static_cast<double>(to_ns(window.from)) / 1e9},
               {"seconds", window.seconds},
               {"view", {0.0, window.seconds}},
               {"frames", Json::object()},
               {"charts", Json::array()}};
  add_equity(folder, window, data);
  add_holding(folder, candles, data);
  add_minutes(folder, window, data);
  add_hours(folder, data);
  add_signal(folder, window, data);
  add_marks(folder, window, open, data);
  data["candles"] = candles_json(folder, candles);
  data["note"] = note_of(folder, candles);
  return data;
}

}  // namespace toxvol::report
