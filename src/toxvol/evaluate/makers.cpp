#include "toxvol/evaluate/makers.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/evaluate/mean_interval.hpp"
#include "toxvol/evaluate/mids.hpp"
#include "toxvol/evaluate/note.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/order.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::evaluate {

namespace {

using std::chrono::seconds;
using trading::FillRecord;
using trading::OrderRecord;

constexpr Duration kOldest = seconds{60};

/// The instant just after `ts`: a quote at or before `ts` is before it.
Timestamp just_after(Timestamp ts) {
  return ts + Duration{1};
}

std::optional<double> mid_at(const Mids& mids, Timestamp ts, Timestamp end) {
  if (ts >= end) return std::nullopt;
  const std::optional<Mid> mid = mids.before(just_after(ts));
  if (!mid || ts - mid->ts_event > kOldest) return std::nullopt;
  return mid->value;
}

struct Class {
  std::string_view fate;
  std::string_view ref;
};
constexpr std::array kClasses = {Class{"filled", "price"}, Class{"filled", "mid"},
                                 Class{"filled", "accepted"}, Class{"unfilled", "accepted"},
                                 Class{"both", "accepted"}};

bool is_of(const Resting& entry, std::string_view fate) {
  return fate == "both" || (fate == "filled") == entry.filled.has_value();
}

/// An entry's drift, and when it began.
struct Drift {
  Timestamp begin{};
  std::size_t number = 0;  // of the entry
  double bp = 0.0;
};

Timestamp begin_of(const Resting& entry, const Class& of) {
  return of.ref == "accepted" ? entry.accepted : entry.filled.value_or(entry.accepted);
}

std::optional<double> drift(const Resting& entry, const Class& of, int tau, const Mids& mids,
                            Timestamp end) {
  const Timestamp begin = begin_of(entry, of);
  const std::optional<double> ref =
      of.ref == "price" ? std::optional{entry.price} : mid_at(mids, begin, end);
  const std::optional<double> later = mid_at(mids, begin + seconds{tau}, end);
  if (!ref || !later) return std::nullopt;
  return kBasisPoints * sign(entry.side) * (*later - *ref) / *ref;
}

/// Of one class, in the order of time.
std::vector<double> drifts(const std::vector<Resting>& entries, const Class& of, int tau,
                           const Mids& mids, Timestamp end) {
  std::vector<Drift> found;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Resting& entry = entries[i];
    if (!is_of(entry, of.fate)) continue;
    if (const auto bp = drift(entry, of, tau, mids, end)) {
      found.push_back({.begin = begin_of(entry, of), .number = i, .bp = *bp});
    }
  }
  std::sort(found.begin(), found.end(), [](const Drift& a, const Drift& b) {
    return std::pair{a.begin, a.number} < std::pair{b.begin, b.number};
  });
  std::vector<double> bp;
  bp.reserve(found.size());
  for (const Drift& one : found) bp.push_back(one.bp);
  return bp;
}

}  // namespace

std::vector<Resting> resting_entries(const std::vector<OrderRecord>& orders,
                                     const std::vector<FillRecord>& fills) {
  std::map<trading::OrderId, std::vector<const FillRecord*>> fills_of;
  for (const FillRecord& fill : fills) fills_of[fill.order].push_back(&fill);
  std::vector<Resting> entries;
  for (const OrderRecord& order : orders) {
    if (order.submit.intent.role != trading::Role::Entry) continue;
    if (order.submit.type != trading::OrderType::Limit || !order.ts_accepted) continue;
    const auto& own = fills_of[order.submit.id];
    for (const FillRecord* fill : own) {
      if (fill->liquidity != trading::Liquidity::Maker) continue;
      entries.push_back({.side = order.submit.side,
                         .accepted = *order.ts_accepted,
                         .filled = fill->ts,
                         .price = fill->price.to_double()});
    }
    if (!own.empty() || !order.ts_done) continue;
    entries.push_back(
        {.side = order.submit.side, .accepted = *order.ts_accepted, .filled = std::nullopt});
  }
  std::sort(entries.begin(), entries.end(), [](const Resting& a, const Resting& b) {
    return std::pair{a.accepted, a.filled} < std::pair{b.accepted, b.filled};
  });
  return entries;
}

void ask_mids(const std::vector<Resting>& entries, Mids& mids) {
  const auto ask = [&mids](Timestamp begin) {
    mids.ask(just_after(begin));
    for (const int tau : kMarkoutSeconds) mids.ask(just_after(begin + seconds{tau}));
  };
  for (const Resting& entry : entries) {
    ask(entry.accepted);
    if (entry.filled) ask(*entry.filled);
  }
}

std::vector<MarkoutRow> markouts(const std::vector<Resting>& entries, const Mids& mids,
                                 Timestamp end, std::string_view queue,
                                 const stats::Resampling& how) {
  std::vector<MarkoutRow> lines;
  if (entries.empty()) return lines;
  stats::Resampling of_fills = how;
  of_fills.stream = stats::Stream::Fills;
  for (const Class& of : kClasses) {
    for (const int tau : kMarkoutSeconds) {
      MarkoutRow line{.fate = of.fate, .ref = of.ref, .tau_s = tau, .queue = std::string{queue}};
      const std::vector<double> bp = drifts(entries, of, tau, mids, end);
      const auto negative = std::ranges::count_if(bp, [](double x) { return x < 0.0; });
      line.n = static_cast<std::int64_t>(bp.size());
      const MeanInterval mean = mean_interval(bp, 1, of_fills);
      line.mean = mean.mean;
      if (mean.range) {
        line.lo = mean.range->lo;
        line.hi = mean.range->hi;
      } else {
        line.note = bp.size() < stats::kLeastOfInterval ? note::kTooShort : note::kNoSpread;
      }
      if (!bp.empty()) {
        line.median = stats::median(bp);
        line.negative = static_cast<double>(negative) / static_cast<double>(bp.size());
      }
      lines.push_back(line);
    }
  }
  return lines;
}

std::vector<AdverseSelection> adverse_selection(const std::vector<MarkoutRow>& lines) {
  const auto mean_of = [&lines](std::string_view fate, int tau) -> std::optional<double> {
    for (const MarkoutRow& line : lines) {
      if (line.fate == fate && line.ref == "accepted" && line.tau_s == tau) return line.mean;
    }
    return std::nullopt;
  };
  std::vector<AdverseSelection> result;
  if (lines.empty()) return result;
  for (const int tau : kMarkoutSeconds) {
    AdverseSelection& one = result.emplace_back(AdverseSelection{.tau_s = tau});
    const auto filled = mean_of("filled", tau);
    const auto both = mean_of("both", tau);
    if (filled && both) one.bp = *filled - *both;
  }
  return result;
}

}  // namespace toxvol::evaluate
