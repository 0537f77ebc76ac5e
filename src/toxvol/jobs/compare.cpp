#include "toxvol/jobs/compare.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/partial_folder.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/run/folder_kinds.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/compare.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/pairs.hpp"
#include "toxvol/study/table.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::jobs {

namespace {

using study::Comparison;

std::string number(const std::optional<double>& value, int digits, double scale = 1.0) {
  return value ? fmt::format("{:.{}f}", *value * scale, digits) : "-";
}
std::string money(Money value) {
  return fmt::format("{:.2f}", value.to_double());
}
std::string range(const std::optional<double>& lo, const std::optional<double>& hi, int digits) {
  return lo && hi ? fmt::format(" [{:.{}f}, {:.{}f}]", *lo, digits, *hi, digits) : "";
}
std::string with_range(const std::optional<double>& value, const std::optional<stats::Range>& r,
                       int digits) {
  std::string text = number(value, digits);
  if (r) text += range(r->lo, r->hi, digits);
  return text;
}

/// Columns of text under each other, the first to the left and the others to the right.
class TextTable {
 public:
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::vector<std::string> lines;
    for (const auto& row : rows_) {
      std::string line = fmt::format("{:<{}}", row.front(), widths.front());
      for (std::size_t i = 1; i < row.size(); ++i) {
        line += fmt::format("  {:>{}}", row[i], widths[i]);
      }
      lines.push_back(std::move(line));
    }
    return lines;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

/// A line of the table: a label, and what it says of each run.
using OfRun = std::function<std::string(std::size_t)>;
struct Line {
  std::string_view label;
  OfRun of;
};

std::vector<Line> result_table(const Comparison& c) {
  const auto run = [&c](std::size_t i) -> const study::ComparedRun& { return c.runs[i]; };
  const auto summary = [&c](std::size_t i) -> const run::Summary& {
    return c.runs[i].outcome.summary;
  };
  const auto inference = [&c](std::size_t i) -> const study::Inference& {
    return c.results[i].inference;
  };
  const auto series = [&](const study::SeriesInference study::Inference::* which,
                          std::string (*text)(const study::SeriesInference&)) -> OfRun {
    return [=](std::size_t i) { return text(inference(i).*which); };
  };
  const auto of_summary = [&](std::optional<double> run::Summary::* member, int digits,
                              double scale = 1.0) -> OfRun {
    return [=](std::size_t i) { return number(summary(i).*member, digits, scale); };
  };
  const auto of_money = [&](Money run::Summary::* member) -> OfRun {
    return [=](std::size_t i) { return money(summary(i).*member); };
  };
  using study::Inference;
  using study::SeriesInference;
  const auto mean = [](const SeriesInference& s) {
    return with_range(s.mean_bp_day, s.mean_range, 2);
  };
  const auto sharpe = [](const SeriesInference& s) {
    return with_range(s.sharpe, s.sharpe_range, 2);
  };
  return {
      {"symbol", [=](std::size_t i) { return run(i).symbol; }},
      {"from", [=](std::size_t i) { return to_string(run(i).from).substr(0, 16); }},
      {"to", [=](std::size_t i) { return to_string(run(i).to).substr(0, 16); }},
      {"preset",
       [=](std::size_t i) { return run(i).preset.empty() ? std::string{"-"} : run(i).preset; }},
      {"configuration", [=](std::size_t i) { return run(i).outcome.config_sha256.substr(0, 12); }},
      {"fingerprint", [=](std::size_t i) { return run(i).outcome.fingerprint.substr(0, 12); }},
      {"net USDT", of_money(&run::Summary::net)},
      {"= gross", of_money(&run::Summary::gross)},
      {"- slippage", of_money(&run::Summary::slippage)},
      {"- fees", of_money(&run::Summary::fees)},
      {"+ funding", of_money(&run::Summary::funding)},
      {"return %", of_summary(&run::Summary::total_return, 3, 100.0)},
      {"max drawdown %", of_summary(&run::Summary::max_drawdown, 3, 100.0)},
      {"turnover x", of_summary(&run::Summary::turnover, 2)},
      {"exposure %", of_summary(&run::Summary::exposure, 1, 100.0)},
      {"hit rate %", of_summary(&run::Summary::hit_rate, 1, 100.0)},
      {"average hold s", of_summary(&run::Summary::avg_hold_s, 0)},
      {"maker share %", of_summary(&run::Summary::maker_share, 1, 100.0)},
      {"break-even fee bp",
       [=](std::size_t i) {
         const auto& fee = inference(i).break_even;
         return with_range(fee.fee_bp, fee.range, 3);
       }},
      {"positions", [=](std::size_t i) { return std::to_string(summary(i).positions); }},
      {"fills", [=](std::size_t i) { return std::to_string(summary(i).fills); }},
      {"orders", [=](std::size_t i) { return std::to_string(run(i).outcome.orders); }},
      {"units", [=](std::size_t i) { return std::to_string(inference(i).net.n); }},
      {"mean bp/day", series(&Inference::net, mean)},
      {"Sharpe a year", series(&Inference::net, sharpe)},
      {"its error",
       series(&Inference::net, [](const SeriesInference& s) { return number(s.se_nw, 2); })},
      {"PSR", series(&Inference::net, [](const SeriesInference& s) { return number(s.psr, 4); })},
      {"PSR, autocorrelated",
       series(&Inference::net, [](const SeriesInference& s) { return number(s.psr_nw, 4); })},
      {"days needed",
       series(&Inference::net, [](const SeriesInference& s) { return number(s.min_trl_days, 1); })},
      {"skewness",
       series(&Inference::net, [](const SeriesInference& s) { return number(s.skewness, 2); })},
      {"kurtosis",
       series(&Inference::net, [](const SeriesInference& s) { return number(s.kurtosis, 2); })},
      {"px mean bp/day", series(&Inference::px, mean)},
      {"px Sharpe a year", series(&Inference::px, sharpe)},
      {"px PSR", series(&Inference::px, [](const SeriesInference& s) { return number(s.psr, 4); })},
      {"a position bp",
       [=](std::size_t i) {
         const auto& positions = inference(i).positions;
         return with_range(positions.bp, positions.range, 2);
       }},
      {"note", [&c](std::size_t i) { return c.results[i].note.value_or("-"); }},
  };
}

/// `12.3 [4.5, 20.1]` of a pair's columns.
class PairText {
 public:
  PairText(const stats::Pair& pair, study::Unit unit) {
    const study::PairScale scale{unit};
    const auto keep = [this](const std::string& name, const std::optional<double>& value) {
      values_.emplace_back(name, value);
    };
    scale.mean("", pair, keep);
    scale.sharpe("", pair, keep);
  }
  [[nodiscard]] std::string mean() const {
    return number(of("mean_bp_day"), 2) + range(of("lo"), of("hi"), 2);
  }
  [[nodiscard]] std::string t() const { return number(of("t"), 2); }
  [[nodiscard]] std::string p() const { return number(of("p"), 4); }
  [[nodiscard]] std::string sharpe() const {
    return number(of("sharpe"), 2) + range(of("sharpe_lo"), of("sharpe_hi"), 2);
  }

 private:
  [[nodiscard]] std::optional<double> of(std::string_view name) const {
    const auto found = std::find_if(values_.begin(), values_.end(),
                                    [&](const auto& value) { return value.first == name; });
    return found->second;
  }
  std::vector<std::pair<std::string, std::optional<double>>> values_;
};

std::vector<Line> pair_table(const Comparison& c) {
  const auto pair = [&c](std::size_t i) -> const study::RunPair& { return c.against[i - 1].pair; };
  const auto of = [&c, pair](stats::Pair study::RunPair::* which,
                             std::string (PairText::*text)() const) -> OfRun {
    return [&c, pair, which, text](std::size_t i) {
      return i == 0 ? std::string{} : (PairText{pair(i).*which, c.unit}.*text)();
    };
  };
  using study::RunPair;
  return {
      {"less the first:",
       [=](std::size_t i) { return i == 0 ? "" : fmt::format("{} units", pair(i).n); }},
      {"mean bp/day", of(&RunPair::net, &PairText::mean)},
      {"t", of(&RunPair::net, &PairText::t)},
      {"p", of(&RunPair::net, &PairText::p)},
      {"Sharpe a year", of(&RunPair::net, &PairText::sharpe)},
      {"px mean bp/day", of(&RunPair::px, &PairText::mean)},
      {"px t", of(&RunPair::px, &PairText::t)},
      {"px p", of(&RunPair::px, &PairText::p)},
      {"px Sharpe a year", of(&RunPair::px, &PairText::sharpe)},
      {"note",
       [=](std::size_t i) {
         if (i == 0) return std::string{};
         return pair(i).note ? std::string{name(*pair(i).note)} : std::string{"-"};
       }},
  };
}

using Columns = std::vector<study::RowDifference::Column>;

std::string words_of(const study::RowDifference& difference, const Columns& columns) {
  using In = study::RowDifference::In;
  if (difference.in != In::Both) {
    return fmt::format("{} is a row of the {} run only", to_string(difference.ts),
                       difference.in == In::First ? "first" : "other");
  }
  constexpr std::size_t kShown = 3;
  std::vector<std::string> words;
  for (const auto& column : columns) {
    if (words.size() == kShown) break;
    words.push_back(fmt::format("{} {} -> {}", column.name, column.first, column.other));
  }
  std::string line = fmt::format("{}  {}", to_string(difference.ts), fmt::join(words, ", "));
  if (columns.size() > kShown) {
    line += fmt::format(", and {} more columns", columns.size() - kShown);
  }
  return line;
}

/// Those that say what was decided.
Columns decided(Columns columns) {
  std::erase_if(columns, [](const auto& column) {
    return column.name != "alpha" && column.name != "direction" && column.name != "reason";
  });
  return columns;
}

std::vector<std::string> decision_lines(const study::DecisionComparison& decisions) {
  const auto& row = decisions.first_row;
  const auto& decision = decisions.first_decision;
  if (!row) return {fmt::format("{} rows, all equal", decisions.rows)};
  return {fmt::format("{} rows in both, {} with another signal", decisions.rows, decisions.changed),
          "first row that differs       " + words_of(*row, row->columns),
          decision
              ? "first decision that differs  " + words_of(*decision, decided(decision->columns))
              : "no decision differs"};
}

}  // namespace

Comparison run_compare(const CompareRequest& request, Progress& progress) {
  if (request.runs.size() < 2) throw UsageError{"compare: two run folders or more"};
  const study::Unit unit = parse_unit(request.unit);
  const stats::IntervalMethod method = parse_interval(request.interval);
  check_resamples(request.resamples);
  std::optional<io::PartialFolder> out;
  if (!request.out.empty()) out.emplace(request.out, request.force, run::kCompareFolder);
  progress.begin("reading", static_cast<std::int64_t>(request.runs.size()));
  std::vector<study::ComparedRun> runs;
  for (const std::string& run : request.runs) {
    runs.push_back(study::read_compared(run, unit));
    progress.advance(1, 0);
  }
  progress.begin("comparing", 0);
  stats::RowCache cache;
  Comparison comparison = study::compare_runs(
      std::move(runs), unit,
      {.seed = request.seed, .resamples = request.resamples, .cache = &cache, .method = method});
  comparison.how.cache = nullptr;
  if (out) {
    const std::vector<study::CompareEquityRow> equity = study::compare_equity(comparison);
    study::write_table(out->path() / "compare_equity.parquet",
                       std::span<const study::CompareEquityRow>{equity});
    io::AtomicFile file{out->path() / "study.json"};
    file.write(study::compare_json(comparison) + '\n');
    file.commit();
    out->commit();
  }
  return comparison;
}

std::vector<std::string> compare_lines(const Comparison& comparison) {
  TextTable table;
  std::vector<std::string> names{""};
  for (const study::ComparedRun& run : comparison.runs) names.push_back(run.name);
  table.add(std::move(names));
  for (const auto& part : {result_table(comparison), pair_table(comparison)}) {
    for (const Line& line : part) {
      std::vector<std::string> row{std::string{line.label}};
      for (std::size_t i = 0; i < comparison.runs.size(); ++i) row.push_back(line.of(i));
      table.add(std::move(row));
    }
  }
  std::vector<std::string> lines = table.lines();
  for (std::size_t i = 0; i < comparison.against.size(); ++i) {
    const study::Against& against = comparison.against[i];
    lines.push_back(comparison.runs[i + 1].name + " against " + comparison.runs[0].name + ':');
    for (const std::string& remark : against.remarks) lines.push_back("  " + remark);
    if (!against.decisions) continue;
    for (const std::string& line : decision_lines(*against.decisions)) lines.push_back("  " + line);
  }
  return lines;
}

}  // namespace toxvol::jobs
