#include "toxvol/report/charts.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
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

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/positions.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/sampler.hpp"
#include "toxvol/report/window.hpp"

namespace toxvol::report {

namespace {

using columnar::TableBlock;
using Value = std::optional<double>;

constexpr double kUnit = 1e8;  // decimals count 1e-8
constexpr double kBp = 1e4;
constexpr double kPercent = 100.0;
constexpr double kMinuteSeconds = 60.0;
constexpr std::size_t kMaxStretches = 3000;  // of a band
constexpr int kFactorDigits = 5;             // significant

double seconds_after(Timestamp from, std::int64_t ns) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(from_ns(ns) - from).count();
  return static_cast<double>(ms) / 1000.0;
}

Json shortened(const Value& value, int significant) {
  if (!value || !std::isfinite(*value)) return nullptr;
  const std::string text = fmt::format("{:.{}g}", *value, significant);
  double rounded = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), rounded);
  return rounded == 0.0 ? Json(0) : Json(rounded);
}

Json rounded(const Value& value, int decimals) {
  if (!value || !std::isfinite(*value)) return nullptr;
  const std::string text = fmt::format("{:.{}f}", *value, decimals);
  double near = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), near);
  return near == 0.0 ? Json(0) : Json(near);
}

struct Series {
  std::string_view label;
  std::string_view tone;  // of the palette in web/src/style.css
  std::string_view style = "line";
  int decimals = 2;
  bool is_fixed = true;  // values have `decimals`; else a number of significant digits
};

Json series_json(const Series& series, const std::vector<Value>& values) {
  Json json = {{"label", series.label},
               {"tone", series.tone},
               {"style", series.style},
               {"decimals", series.decimals}};
  Json& data = json["values"] = Json::array();
  for (const Value& value : values) {
    data.push_back(series.is_fixed ? rounded(value, series.decimals)
                                   : shortened(value, kFactorDigits));
  }
  return json;
}

Json frame_json(const std::vector<double>& times) {
  Json frame = Json::array();
  for (const double time : times) frame.push_back(rounded(time, 3));
  return frame;
}

Json chart(std::string_view id, std::string_view frame, std::string_view title,
           std::string_view unit, std::string_view note) {
  return {{"id", id},
          {"frame", frame},
          {"title", title},
          {"unit", unit},
          {"note", note},
          {"series", Json::array()},
          {"bands", Json::array()},
          {"levels", Json::array()}};
}

void add_band(Json& chart, std::string_view label, std::string_view tone,
              const Stretches& stretches) {
  Json ranges = Json::array();
  for (const auto& [from, to] : stretches.all()) ranges.push_back({from, to});
  chart["bands"].push_back({{"label", label}, {"tone", tone}, {"ranges", ranges}});
}

/// The running slippage of the fills up to a time.
class SlippageSoFar {
 public:
  explicit SlippageSoFar(const RunFolder& folder) {
    for_each_block(folder, "fills", {"ts", "slippage"}, [this](const TableBlock& block) {
      for (std::size_t row = 0; row < block.rows; ++row) {
        fills_.emplace_back(block.columns[0].integer(row).value_or(0),
                            block.columns[1].integer(row).value_or(0));
      }
    });
  }
  /// `ts` never goes back.
  double up_to(std::int64_t ts) {
    while (next_ < fills_.size() && fills_[next_].first <= ts) sum_ += fills_[next_++].second;
    return static_cast<double>(sum_) / kUnit;
  }

 private:
  std::vector<std::pair<std::int64_t, std::int64_t>> fills_;
  std::size_t next_ = 0;
  std::int64_t sum_ = 0;
};

void add_equity(const RunFolder& folder, const Window& window, Json& data) {
  enum : std::size_t { kEquity, kDrawdown, kGross, kSlippage, kFees, kFunding, kNet, kSeries };
  Sampler sampler{{.from = 0.0,
                   .to = window.seconds,
                   .rows = row_count(folder, "equity"),
                   .series = kSeries,
                   .max_points = kMaxPoints}};
  SlippageSoFar slippage{folder};
  for_each_block(
      folder, "equity",
      {"ts", "realised", "fees", "funding", "unrealised", "insurance", "equity", "drawdown"},
      [&](const TableBlock& block) {
        const auto money = [&](std::size_t column, std::size_t row) {
          return static_cast<double>(block.columns[column].integer(row).value_or(0)) / kUnit;
        };
        for (std::size_t row = 0; row < block.rows; ++row) {
          const std::int64_t ts = block.columns[0].integer(row).value_or(0);
          std::array<Value, kSeries> values;
          const double slipped = slippage.up_to(ts);
          const double price = money(1, row) + money(4, row) + money(5, row);
          values[kEquity] = money(6, row);
          values[kDrawdown] = kPercent * block.columns[7].real(row).value_or(0.0);
          values[kGross] = price + slipped;
          values[kSlippage] = -slipped;
          values[kFees] = -money(2, row);
          values[kFunding] = money(3, row);
          values[kNet] = price - money(2, row) + money(3, row);
          sampler.add(seconds_after(window.from, ts), values);
        }
      });
  const Sampled sampled = sampler.finish();
  data["frames"]["equity"] = frame_json(sampled.times);

  Json equity = chart("equity", "equity", "Equity", "USDT",
                      "Wallet plus open position at the mid; every minute, fill and payment.");
  equity["series"].push_back(
      series_json({.label = "equity", .tone = "main"}, sampled.values[kEquity]));
  data["charts"].push_back(std::move(equity));

  Json drawdown = chart("drawdown", "equity", "Drawdown", "% of the highest equity so far", "");
  drawdown["series"].push_back(
      series_json({.label = "drawdown", .tone = "bad", .style = "area", .decimals = 3},
                  sampled.values[kDrawdown]));
  data["charts"].push_back(std::move(drawdown));

  Json parts = chart("components", "equity", "What the result is made of", "USDT, cumulative",
                     "net = price at the mids − slippage − fees + funding; the open position "
                     "counts at the mid.");
  const std::array<std::pair<Series, std::size_t>, 5> lines = {
      {{{.label = "price (gross)", .tone = "good"}, kGross},
       {{.label = "slippage", .tone = "violet"}, kSlippage},
       {{.label = "fees", .tone = "bad"}, kFees},
       {{.label = "funding", .tone = "amber"}, kFunding},
       {{.label = "net", .tone = "main", .style = "thick"}, kNet}}};
  for (const auto& [line, column] : lines) {
    parts["series"].push_back(series_json(line, sampled.values[column]));
  }
  data["charts"].push_back(std::move(parts));
}

struct Panel {
  std::string_view id, title, unit, note;
  std::vector<std::pair<std::string_view, Series>> series;  // column of decisions.parquet
};

/// In the order of the page.
std::vector<Panel> panels(int price_decimals) {
  const auto factor = [](std::string_view label, std::string_view tone,
                         std::string_view style = "line") {
    return Series{.label = label, .tone = tone, .style = style, .decimals = 3, .is_fixed = false};
  };
  return {
      {"price",
       "Price",
       "USDT",
       "Close of each minute.",
       {{"close", {.label = "close", .tone = "main", .decimals = price_decimals}}}},
      {"f1",
       "Compression F1",
       "z-score",
       "High = volatility is low against its own last hours. Alpha A asks for f1 at or above its "
       "trailing quantile q_f1.",
       {{"f1", factor("f1", "main")}, {"q_f1", factor("q_f1", "amber", "dash")}}},
      {"p",
       "Pressure P",
       "z-score",
       "Signed order-flow pressure. A signal needs |p| at or above its trailing quantile q_p "
       "(drawn "
       "on both sides).",
       {{"p", factor("p", "main")}, {"q_p", factor("q_p", "amber", "mirror")}}},
      {"t",
       "Toxicity T",
       "z-score",
       "Toxic where t is at or above its trailing quantile tau_t "
       "(shaded).",
       {{"t", factor("t", "main")}, {"tau_t", factor("tau_t", "amber", "dash")}}},
      {"c",
       "Crowding C and regime",
       "z-score",
       "Shaded: crowded long or crowded short. The lines are the thresholds to enter and to leave "
       "a "
       "regime.",
       {{"c", factor("c", "main")}}},
      {"vpin",
       "VPIN",
       "share of volume, 0 to 1",
       "Order-flow imbalance over volume buckets.",
       {{"vpin", factor("vpin", "main")}}},
      {"spread",
       "Spread",
       "ticks",
       "Time-weighted over the minute.",
       {{"spread_ticks", factor("spread", "main")}}},
      {"sigma",
       "Volatility sigma",
       "bp per √minute",
       "What sizes positions and sets stops and targets.",
       {{"sigma", factor("sigma", "main")}}},
  };
}

/// Turns rows with a state into stretches; a row stands for the minute that it ends.
class StateStretches {
 public:
  void add(double time, bool holds) {
    if (holds) stretches_.add(time - kMinuteSeconds, time);
  }
  [[nodiscard]] const Stretches& stretches() const { return stretches_; }

 private:
  Stretches stretches_{kMaxStretches};
};

void add_levels(const Json& config, Json& chart) {
  if (!config.contains("crowding")) return;
  for (const char* key : {"theta", "theta_exit"}) {
    const Json value = config.at("crowding").value(key, Json(nullptr));
    if (!value.is_number()) continue;
    const double level = value.get<double>();
    chart["levels"].push_back({{"value", level}, {"label", key}});
    chart["levels"].push_back({{"value", -level}, {"label", fmt::format("\u2212{}", key)}});
  }
}

void add_minutes(const RunFolder& folder, const Window& window, Json& data) {
  const std::vector<Panel> all = panels(tick_decimals(folder));
  std::vector<std::string> columns = {"ts", "toxic", "regime"};
  std::vector<double> scale;
  for (const Panel& panel : all) {
    for (const auto& [column, series] : panel.series) {
      columns.emplace_back(column);
      scale.push_back(column == "sigma" ? kBp : 1.0);
    }
  }
  constexpr std::size_t kFirst = 3;
  Sampler sampler{{.from = 0.0,
                   .to = window.seconds,
                   .rows = row_count(folder, "decisions"),
                   .series = scale.size(),
                   .max_points = kMaxPoints,
                   .max_step = kMinuteSeconds}};
  StateStretches toxic;
  StateStretches crowded_long;
  StateStretches crowded_short;
  std::vector<Value> values(scale.size());
  for_each_block(folder, "decisions", columns, [&](const TableBlock& block) {
    for (std::size_t row = 0; row < block.rows; ++row) {
      const double time = seconds_after(window.from, block.columns[0].integer(row).value_or(0));
      toxic.add(time, block.columns[1].integer(row).value_or(0) != 0);
      crowded_long.add(time, block.columns[2].text(row) == "crowded_long");
      crowded_short.add(time, block.columns[2].text(row) == "crowded_short");
      for (std::size_t i = 0; i < scale.size(); ++i) {
        const columnar::ColumnBlock& column = block.columns[kFirst + i];
        if (column.type() == columnar::ColumnType::Decimal) {
          const auto raw = column.integer(row);
          values[i] = raw ? Value{static_cast<double>(*raw) / kUnit} : std::nullopt;
        } else {
          const Value real = column.real(row);
          values[i] = real ? Value{*real * scale[i]} : std::nullopt;
        }
      }
      sampler.add(time, values);
    }
  });
  const Sampled sampled = sampler.finish();
  if (!sampled.times.empty()) {
    // Charts open on the minutes that there are: recorded stretches may be far shorter.
    data["view"] = {std::max(0.0, sampled.times.front() - kMinuteSeconds),
                    std::min(window.seconds, sampled.times.back())};
  }
  data["frames"]["minutes"] = frame_json(sampled.times);
  std::size_t next = 0;
  for (const Panel& panel : all) {
    Json json = chart(panel.id, "minutes", panel.title, panel.unit, panel.note);
    for (const auto& [column, series] : panel.series) {
      json["series"].push_back(series_json(series, sampled.values[next++]));
    }
    if (panel.id == "t") add_band(json, "toxic", "bad", toxic.stretches());
    if (panel.id == "c") {
      add_band(json, "crowded long", "bad", crowded_long.stretches());
      add_band(json, "crowded short", "good", crowded_short.stretches());
      add_levels(folder.run.at("config"), json);
    }
    data["charts"].push_back(std::move(json));
  }
}

Json price_json(const std::optional<std::int64_t>& raw) {
  return raw ? Json(static_cast<double>(*raw) / kUnit) : Json(nullptr);
}

void add_marks(const RunFolder& folder, const Window& window, Json& data) {
  const Positions positions = read_positions(folder, kMaxMarks);
  const int digits = std::min(8, tick_decimals(folder) + 1);  // averages lie between ticks
  Json rows = Json::array();
  for (const Position& p : positions.shown) {
    rows.push_back(
        {{"id", p.id},
         {"long", p.side == "long"},
         {"exit_role", p.exit_role.value_or("open")},
         {"t",
          {seconds_after(window.from, to_ns(p.open)),
           p.close ? Json(seconds_after(window.from, to_ns(*p.close))) : Json(nullptr)}},
         {"price", {price_json(p.entry), price_json(p.exit)}},
         {"stop", price_json(p.stop)},
         {"target", price_json(p.take_profit)},
         {"text", fmt::format("{}: {} {}, in {} out {} ({}), net {} USDT", p.id, p.side,
                              decimal(p.qty), price(p.entry, digits), price(p.exit, digits),
                              p.exit_role.value_or("open"), signed_money(p.net))}});
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

Json chart_data(const RunFolder& folder) {
  const Window window = window_of(folder);
  Json data = {{"start", static_cast<double>(to_ns(window.from)) / 1e9},
               {"seconds", window.seconds},
               {"view", {0.0, window.seconds}},
               {"frames", Json::object()},
               {"charts", Json::array()}};
  add_equity(folder, window, data);
  add_minutes(folder, window, data);
  add_marks(folder, window, data);
  return data;
}

}  // namespace toxvol::report
