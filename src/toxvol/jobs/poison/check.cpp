#include "toxvol/jobs/poison/check.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/poison/known_then.hpp"
#include "toxvol/jobs/poison/rows.hpp"
#include "toxvol/jobs/poison/trace.hpp"
#include "toxvol/run/record_difference.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

namespace {

/// How much of the other market a trial reads: what comes later has no part in what was before.
constexpr Duration kAfterMoment = std::chrono::hours{1};

/// A run of several says which it is; what it has to tell was told by the first.
class OneOfRuns final : public Progress {
 public:
  OneOfRuns(Progress& progress, std::string name) : progress_{progress}, name_{std::move(name)} {}
  void begin(std::string_view /*stage*/, std::int64_t total) override {
    progress_.begin(name_, total);
  }
  void advance(std::int64_t units, std::int64_t rows) override { progress_.advance(units, rows); }

 private:
  Progress& progress_;
  std::string name_;
};

// ---- moments ----

/// Just after times of a run, where a look of one row too far shows.
struct Pools {
  std::vector<Timestamp> fills;
  std::vector<Timestamp> decisions;
  std::vector<Timestamp> commands;
};

Timestamp just_after(Timestamp ts) {
  return from_ms(floor_ms(ts) + 1);
}

Pools pools_of(const PoisonTrace& trace, const PoisonPlan& plan) {
  Pools pools;
  const auto add = [&plan](std::vector<Timestamp>& pool, Timestamp known) {
    const Timestamp moment = just_after(known);
    if (moment > plan.from && moment < plan.to) pool.push_back(moment);
  };
  for (const auto& fill : trace.fills) add(pools.fills, KnownThen::of(fill));
  for (const auto& command : trace.commands) add(pools.commands, plan.known.of(command));
  for (const SaidRow& row : trace.decisions.rows) {
    if (row.is_decision) add(pools.decisions, row.known);
  }
  return pools;
}

PoisonTrial draw_trial(const PoisonPlan& plan, const Pools& pools, int index) {
  const stats::Draws draws{plan.seed, stats::Stream::PoisonMoments};
  const std::uint64_t word = draws(static_cast<std::uint64_t>(index), 0);
  PoisonTrial trial{.number = index + 1, .moment = {}, .drawn = "anywhere"};
  const std::pair<std::string_view, const std::vector<Timestamp>*> turns[] = {
      {"fill", &pools.fills}, {"decision", &pools.decisions}, {"command", &pools.commands}};
  const std::size_t turn = static_cast<std::size_t>(index) % (std::size(turns) + 1);
  if (turn < std::size(turns)) {
    auto from = turns[turn];
    if (from.second->empty()) from = turns[1];
    if (!from.second->empty()) {
      trial.moment = (*from.second)[stats::below(word, from.second->size())];
      trial.drawn = from.first;
      return trial;
    }
  }
  const auto inside = static_cast<std::uint64_t>(floor_ms(plan.to) - floor_ms(plan.from) - 1);
  trial.moment =
      from_ms(floor_ms(plan.from) + 1 + static_cast<std::int64_t>(stats::below(word, inside)));
  return trial;
}

// ---- what moved ----

enum class ManyRows : std::uint8_t { None, Decisions, Equity };

/// The first difference of a table; where its clean row has to be made again, which one that is.
struct Moved {
  PoisonDifference difference;
  ManyRows again = ManyRows::None;
  std::size_t row = 0;
};

PoisonDifference row_difference(std::string_view table, Timestamp ts, bool is_in_clean) {
  return {.table = table,
          .ts = ts,
          .column = "row",
          .clean = is_in_clean ? "there" : "none",
          .poisoned = is_in_clean ? "none" : "there"};
}

std::size_t known_before(const std::vector<SaidRow>& rows, Timestamp moment) {
  const auto later = std::find_if(rows.begin(), rows.end(),
                                  [&](const SaidRow& row) { return row.known >= moment; });
  return static_cast<std::size_t>(later - rows.begin());
}

std::optional<Moved> many_moved(std::string_view table, ManyRows which,
                                const std::vector<SaidRow>& clean,
                                const std::vector<SaidRow>& poisoned, Timestamp moment) {
  const std::size_t known = known_before(clean, moment);
  const std::size_t now = known_before(poisoned, moment);
  for (std::size_t i = 0; i < std::min(known, now); ++i) {
    if (clean[i].hash == poisoned[i].hash) continue;
    return Moved{.difference = {.table = table, .ts = clean[i].ts}, .again = which, .row = i};
  }
  if (known == now) return std::nullopt;
  const bool is_in_clean = known > now;
  const std::size_t i = std::min(known, now);
  return Moved{row_difference(table, (is_in_clean ? clean : poisoned)[i].ts, is_in_clean)};
}

template <class Record, class TimeOf>
std::optional<Moved> few_moved(std::string_view table, const std::vector<Record>& clean,
                               const std::vector<Record>& poisoned, const PoisonPlan& plan,
                               Timestamp moment, TimeOf time_of, std::int64_t& count) {
  const auto then = [&](const std::vector<Record>& records) {
    std::vector<Record> known;
    for (const Record& record : records) {
      if (const auto before = plan.known.before(moment, record)) known.push_back(*before);
    }
    return known;
  };
  const std::vector<Record> known = then(clean);
  const std::vector<Record> now = then(poisoned);
  count = std::ssize(known);
  for (std::size_t i = 0; i < std::min(known.size(), now.size()); ++i) {
    const auto found = run::first_difference(known[i], now[i]);
    if (!found) continue;
    return Moved{{.table = table,
                  .ts = time_of(known[i]),
                  .column = found->column,
                  .clean = found->first,
                  .poisoned = found->second}};
  }
  if (known.size() == now.size()) return std::nullopt;
  const bool is_in_clean = known.size() > now.size();
  const std::size_t i = std::min(known.size(), now.size());
  return Moved{row_difference(table, time_of((is_in_clean ? known : now)[i]), is_in_clean)};
}

/// Counts what was known and finds what moved first.
std::optional<Moved> first_moved(const PoisonPlan& plan, const PoisonTrace& clean,
                                 const PoisonTrace& poisoned, PoisonTrial& trial) {
  const Timestamp moment = trial.moment;
  PoisonCounts& counts = trial.counts;
  counts.minutes = static_cast<std::int64_t>(known_before(clean.decisions.rows, moment));
  counts.decisions =
      std::count_if(clean.decisions.rows.begin(), clean.decisions.rows.begin() + counts.minutes,
                    [](const SaidRow& row) { return row.is_decision; });
  counts.equity = static_cast<std::int64_t>(known_before(clean.equity.rows, moment));
  std::optional<Moved> found[] = {
      many_moved("decisions", ManyRows::Decisions, clean.decisions.rows, poisoned.decisions.rows,
                 moment),
      few_moved(
          "commands", clean.commands, poisoned.commands, plan, moment,
          [](const auto& command) { return command.ts_sent; }, counts.commands),
      few_moved(
          "orders", clean.orders, poisoned.orders, plan, moment,
          [](const auto& order) { return order.ts_submit; }, counts.orders),
      few_moved(
          "fills", clean.fills, poisoned.fills, plan, moment,
          [](const auto& fill) { return fill.ts; }, counts.fills),
      few_moved(
          "positions", clean.positions, poisoned.positions, plan, moment,
          [](const auto& position) { return position.ts_open; }, counts.positions),
      many_moved("equity", ManyRows::Equity, clean.equity.rows, poisoned.equity.rows, moment)};
  std::optional<Moved> first;
  for (std::optional<Moved>& one : found) {
    if (one && (!first || one->difference.ts < first->difference.ts)) first = std::move(one);
  }
  return first;
}

// ---- decisions and equity of which only the hash is held ----

/// What a trial found in such a table, and the row that it had there.
template <class Record>
struct Odd {
  std::size_t trial = 0;
  std::size_t row = 0;
  Record poisoned;
};

struct OddRows {
  std::vector<Odd<strategy::DecisionRow>> decisions;
  std::vector<Odd<trading::EquityRecord>> equity;

  [[nodiscard]] bool empty() const { return decisions.empty() && equity.empty(); }
};

/// Keeps the first row that differs from `clean`'s.
template <class Record>
void want_first_odd(PoisonTrace::Many<Record>& many, const std::vector<SaidRow>& clean) {
  many.wants = [&many, &clean](std::size_t row, const SaidRow& said) {
    return many.kept.empty() && row < clean.size() && clean[row].hash != said.hash;
  };
}

template <class Record>
void want_rows(PoisonTrace::Many<Record>& many, const std::vector<Odd<Record>>& odd) {
  std::set<std::size_t> rows;
  for (const auto& one : odd) rows.insert(one.row);
  many.wants = [rows](std::size_t row, const SaidRow&) { return rows.contains(row); };
}

template <class Record>
void tell_odd(const PoisonTrace::Many<Record>& clean, const PoisonTrace::Many<Record>& again,
              const std::vector<Odd<Record>>& odd, std::vector<PoisonTrial>& trials) {
  for (const auto& one : odd) {
    auto& told = trials[one.trial].difference;
    TOXVOL_ASSERT(told.has_value());
    PoisonDifference& difference = *told;
    const auto row = again.kept.find(one.row);
    if (row == again.kept.end() || again.rows[one.row].hash != clean.rows[one.row].hash) {
      throw Error{
          fmt::format("{}.parquet: the row of {} is another in a second run of the same "
                      "market; a signal's function must give the same answer to the "
                      "same rows, else look-ahead cannot be told from chance",
                      difference.table, to_string(difference.ts))};
    }
    const auto found = run::first_difference(row->second, one.poisoned);
    if (!found) continue;
    difference.column = found->column;
    difference.clean = found->first;
    difference.poisoned = found->second;
  }
}

}  // namespace

std::int64_t PoisonResult::changed() const {
  return std::count_if(trials.begin(), trials.end(),
                       [](const PoisonTrial& trial) { return trial.difference.has_value(); });
}

PoisonCounts PoisonResult::counts() const {
  PoisonCounts sum;
  for (const PoisonTrial& trial : trials) {
    for (const auto member : {&PoisonCounts::decisions, &PoisonCounts::minutes,
                              &PoisonCounts::commands, &PoisonCounts::orders, &PoisonCounts::fills,
                              &PoisonCounts::positions, &PoisonCounts::equity}) {
      sum.*member += trial.counts.*member;
    }
  }
  return sum;
}

PoisonResult check_by_poison(const PoisonPlan& plan, const PoisonRun& run, Progress& progress) {
  PoisonResult result{.from = plan.from, .to = plan.to, .seed = plan.seed};
  PoisonTrace clean{plan.known};
  run(std::nullopt, clean, progress);
  for (const auto& fill : clean.fills) {
    if (fill.rule != trading::FillRule::X24) continue;
    if (result.same_close_fills++ == 0) result.first_same_close = fill.ts;
  }

  const Pools pools = pools_of(clean, plan);
  OddRows odd;
  for (int index = 0; index < plan.trials; ++index) {
    PoisonTrial trial = draw_trial(plan, pools, index);
    PoisonTrace poisoned{plan.known};
    want_first_odd(poisoned.decisions, clean.decisions.rows);
    want_first_odd(poisoned.equity, clean.equity.rows);
    OneOfRuns watch{progress, fmt::format("trial {} of {}", trial.number, plan.trials)};
    const std::uint64_t seed =
        stats::Draws{plan.seed, stats::Stream::PoisonMoments}(static_cast<std::uint64_t>(index), 1);
    run(Poison{.moment = trial.moment,
               .end = trial.moment + kAfterMoment,
               .seed = seed,
               .instrument = plan.instrument},
        poisoned, watch);
    if (auto found = first_moved(plan, clean, poisoned, trial)) {
      const auto place = static_cast<std::size_t>(index);
      if (found->again == ManyRows::Decisions) {
        odd.decisions.push_back({place, found->row, poisoned.decisions.kept.at(found->row)});
      } else if (found->again == ManyRows::Equity) {
        odd.equity.push_back({place, found->row, poisoned.equity.kept.at(found->row)});
      }
      trial.difference = std::move(found->difference);
    }
    result.trials.push_back(std::move(trial));
  }
  if (odd.empty()) return result;

  PoisonTrace again{plan.known};
  want_rows(again.decisions, odd.decisions);
  want_rows(again.equity, odd.equity);
  OneOfRuns watch{progress, "what it was"};
  run(std::nullopt, again, watch);
  tell_odd(clean.decisions, again.decisions, odd.decisions, result.trials);
  tell_odd(clean.equity, again.equity, odd.equity, result.trials);
  return result;
}

}  // namespace toxvol::jobs
