#include "toxvol/study/band.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/study/ablation.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/equity_curve.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

constexpr const char* kQueue = "exchange.queue";
constexpr const char* kOrderLatency = "exchange.order_latency";
constexpr const char* kTier = "costs.tier";

std::string text_of(const config::Config& config, const char* key) {
  return std::get<std::string>(config::key_of(key).get(config));
}

/// Whether the strategy ever sends an order that rests: on bars the engine watches the target.
bool may_rest(const strategy::StrategyParams& params, const Inputs& inputs) {
  const bool target =
      params.exit.tp_order == strategy::TakeProfitOrder::Limit && (inputs.quotes || inputs.trades);
  return target || params.entry.order != strategy::EntryOrder::Market;
}

void widen(MoneyRange& range, Money value) {
  range.lo = std::min(range.lo, value);
  range.hi = std::max(range.hi, value);
}

const BandRow* base_of(const std::vector<BandRow>& rows) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [](const BandRow& row) { return row.is_base; });
  return found == rows.end() || found->result.outcome == nullptr ? nullptr : &*found;
}

/// The ranges of `value(outcome)` around that of the base.
template <class ValueOf>
Nested nested(const std::vector<BandRow>& rows, const BandRow& base, ValueOf value) {
  const Money own = value(*base.result.outcome);
  const MoneyRange start{.lo = own, .hi = own};
  Nested ranges{.queue = start, .queue_latency = start, .all = start};
  for (const BandRow& row : rows) {
    if (row.result.outcome == nullptr) continue;
    const Money here = value(*row.result.outcome);
    widen(ranges.all, here);
    if (row.assumption.tier != base.assumption.tier) continue;
    widen(ranges.queue_latency, here);
    if (row.assumption.order_latency != base.assumption.order_latency) continue;
    widen(ranges.queue, here);
  }
  return ranges;
}

int sign_of(Money money) {
  return (money > Money{} ? 1 : 0) - (money < Money{} ? 1 : 0);
}

}  // namespace

Assumption assumption_of(const config::Config& config) {
  return {.queue = text_of(config, kQueue),
          .order_latency = text_of(config, kOrderLatency),
          .tier = text_of(config, kTier)};
}

std::string name(const Assumption& assumption) {
  return fmt::format("{} {} {}", assumption.queue, assumption.order_latency, assumption.tier);
}

std::vector<Assumption> assumptions(const BandAxes& axes, const Assumption& base) {
  std::vector<Assumption> all;
  for (const std::string& queue : axes.queues) {
    for (const std::string& latency : axes.latencies) {
      for (const std::string& tier : axes.tiers) {
        all.push_back({.queue = queue, .order_latency = latency, .tier = tier});
      }
    }
  }
  if (std::find(all.begin(), all.end(), base) == all.end()) all.insert(all.begin(), base);
  return all;
}

Design band_design(const std::vector<Assumption>& assumptions) {
  const auto text = [](const std::string& word) { return config::to_toml(config::Value{word}); };
  Design design;
  design.file = "band";
  design.kind = DesignKind::List;
  for (const Assumption& one : assumptions) {
    Variant variant;
    variant.name = name(one);
    variant.group = kWorldGroup;
    variant.set = {{.key = kQueue, .text = text(one.queue)},
                   {.key = kOrderLatency, .text = text(one.order_latency)},
                   {.key = kTier, .text = text(one.tier)}};
    design.variants.push_back(std::move(variant));
  }
  return design;
}

bool queue_matters(const config::Config& a, const config::Config& b, const Inputs& inputs) {
  using engine::QueueModel;
  if (a.exchange.queue == b.exchange.queue) return false;
  if (!may_rest(a.strategy, inputs)) return false;
  return inputs.quotes || a.exchange.queue == QueueModel::Optimistic ||
         b.exchange.queue == QueueModel::Optimistic;
}

std::vector<std::optional<std::size_t>> twins_of(const std::vector<Point>& points,
                                                 const Inputs& inputs) {
  std::vector<std::optional<std::size_t>> twins(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Assumption own = assumption_of(points[i].config);
    for (std::size_t j = 0; j < i && !twins[i]; ++j) {
      const Assumption other = assumption_of(points[j].config);
      const bool alike = own.order_latency == other.order_latency && own.tier == other.tier &&
                         !queue_matters(points[i].config, points[j].config, inputs);
      if (alike && !twins[j]) twins[i] = j;
    }
  }
  return twins;
}

void complete(PointResults& results, const std::vector<std::optional<std::size_t>>& twins) {
  std::map<std::size_t, std::size_t> taken;  // of an outcome's twins
  for (std::size_t i = 0; i < twins.size(); ++i) {
    const std::optional<std::size_t>& twin = twins[i];
    if (!twin) continue;
    if (const auto failed = results.failed.find(*twin); failed != results.failed.end()) {
      results.failed.emplace(i, failed->second);
      continue;
    }
    Outcome outcome = results.outcomes.at(*twin);
    const RunName& own = outcome.twins.at(taken[*twin]++);
    outcome.config_sha256 = own.config_sha256;
    outcome.fingerprint = own.fingerprint;
    results.outcomes.emplace(i, std::move(outcome));
  }
}

std::vector<BandRow> band_rows(const std::vector<Assumption>& assumptions, const Assumption& base,
                               const DesignPoints& points, std::vector<ResultRow> results) {
  TOXVOL_ASSERT(points.points.size() == assumptions.size());
  TOXVOL_ASSERT(points.points.size() == results.size());
  std::vector<BandRow> rows;
  for (const Point& point : points.points) {
    BandRow row{.assumption = assumptions[point.index],
                .is_base = assumptions[point.index] == base,
                .same_as = {},
                .result = std::move(results[rows.size()])};
    const Outcome* outcome = row.result.outcome;
    const auto first = std::find_if(rows.begin(), rows.end(), [&](const BandRow& other) {
      return outcome != nullptr && other.result.outcome != nullptr &&
             other.result.outcome->fills == outcome->fills;
    });
    if (first != rows.end()) row.same_as = name(first->assumption);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<BandEquityRow> band_equity(const std::vector<BandRow>& rows) {
  std::vector<BandEquityRow> hours;
  const BandRow* base = base_of(rows);
  if (base == nullptr) return hours;
  Timestamp from = Timestamp::min();
  Timestamp to = Timestamp::max();
  for (const BandRow& row : rows) {
    if (row.result.outcome == nullptr) continue;
    const EquityCurve& curve = row.result.outcome->curve;
    if (curve.equity.empty()) return hours;
    from = std::max(from, curve.begin);
    to = std::min(to, curve.hour(curve.equity.size() - 1));
  }
  const Duration hour = length_of(Unit::Hour);
  for (Timestamp ts = from; ts <= to; ts += hour) {
    const auto equity_at = [&](const Outcome& outcome) {
      return outcome.curve.equity[static_cast<std::size_t>((ts - outcome.curve.begin) / hour)];
    };
    hours.push_back({.ts = ts,
                     .base = equity_at(*base->result.outcome),
                     .range = nested(rows, *base, equity_at)});
  }
  return hours;
}

BandFinding finding_of(const std::vector<BandRow>& rows) {
  BandFinding finding;
  std::optional<MoneyRange> all;
  for (const BandRow& row : rows) {
    if (row.result.outcome == nullptr) continue;
    const Money net = row.result.outcome->summary.net;
    if (!all) all = MoneyRange{.lo = net, .hi = net};
    widen(*all, net);
    ++finding.assumptions;
    if (net > Money{}) ++finding.earning;
  }
  if (!all) {
    finding.words = "no assumption came to a result";
    return finding;
  }
  if (const BandRow* base = base_of(rows)) {
    finding.net = nested(rows, *base, [](const Outcome& run) { return run.summary.net; });
  }
  finding.sign_depends = sign_of(all->lo) != sign_of(all->hi);
  finding.words = fmt::format(
      "net between {:.2f} and {:.2f} USDT; {} of {} assumptions earn; the sign does {}depend on them",
      all->lo.to_double(), all->hi.to_double(), finding.earning, finding.assumptions,
      finding.sign_depends ? "" : "not ");
  return finding;
}

}  // namespace toxvol::study
