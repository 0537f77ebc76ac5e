#include "toxvol/jobs/market/market_window.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/what_can_run.hpp"

namespace toxvol::jobs {

namespace {

constexpr std::size_t kWindowsTold = 3;

/// N1 (1). Bars lie in [from, to) by their open.
void cut_to_klines(const DataSource& source, const catalog::Coverage& coverage,
                   MarketWindow& window) {
  const Inputs klines{.bars = true};
  const std::vector<Day>& days = coverage.days.at(Kind::Klines);
  const auto none = [&] {
    return Error{fmt::format("{}: no klines of {} in [{}, {}); they cover {} to {}", source.name(),
                             source.symbol(), to_string(window.from), to_string(window.to),
                             to_string(days.front()), to_string(days.back())),
                 ErrorCode::NotFound};
  };
  const auto market = source.open(window.from, window.to, klines);
  const auto first = market.data.bars->next();
  if (first.empty()) throw none();
  const Timestamp begin = first.front().ts_event - kMinute;

  std::optional<Timestamp> end;
  for (auto day = days.rbegin(); day != days.rend() && !end; ++day) {
    if (Timestamp{*day} >= window.to) continue;
    const Timestamp midnight{*day};
    if (midnight + kDay <= begin) break;
    const auto part = source.open(std::max(midnight, begin), window.to, klines);
    for (auto rows = part.data.bars->next(); !rows.empty(); rows = part.data.bars->next()) {
      end = rows.back().ts_event;
    }
  }
  window.from = begin;
  window.to = end.value_or(first.back().ts_event);
}

/// N1 (2).
Inputs kinds_by_days(const catalog::Coverage& coverage, const MarketWindow& window,
                     Progress& progress) {
  Inputs inputs{.bars = true};
  std::vector<std::string_view> absent;
  for (const Kind kind : kKinds) {
    if (kind == Kind::Klines) continue;
    const double share = catalog::share(coverage, kind, window.from, window.to);
    if (share >= catalog::kInputShare) {
      inputs[kind] = true;
      continue;
    }
    if (share == 0.0) {
      absent.push_back(name(kind));
      continue;
    }
    std::vector<std::string> there;
    for (const auto& days :
         catalog::windows(coverage, {kind}, catalog::days_of(window.from, window.to))) {
      if (there.size() < kWindowsTold) there.push_back(days.text());
    }
    progress.tell(fmt::format(
        "{} left out: {:.1f} % of the window's days have it, {:.0f} % are needed; longest: {}",
        name(kind), 100.0 * share, 100.0 * catalog::kInputShare, fmt::join(there, ", ")));
  }
  if (!absent.empty()) {
    progress.tell(fmt::format("no {} in this window", fmt::join(absent, ", ")));
  }
  if (!inputs.funding) progress.tell("funding is not paid, and the regime is always neutral");
  if (inputs.quotes && !inputs.trades) {
    // T and SVI would be unknown (G4).
    inputs.quotes = false;
    progress.tell("bookTicker left out: it cannot be traded on without the aggTrades of its time");
  }
  return inputs;
}

template <class Record>
std::optional<Timestamp> first_event(BlockStream<Record>* stream) {
  if (stream == nullptr) return std::nullopt;
  const auto rows = stream->next();
  if (rows.empty()) return std::nullopt;
  return rows.front().ts_event;
}

template <class Record>
std::optional<Timestamp> last_event(BlockStream<Record>* stream) {
  std::optional<Timestamp> last;
  if (stream == nullptr) return last;
  for (auto rows = stream->next(); !rows.empty(); rows = stream->next()) {
    last = rows.back().ts_event;
  }
  return last;
}

/// Inside `asked`, over the whole minutes of `span`.
void widen(const MarketWindow& asked, const TimeSpan& span, MarketWindow& window) {
  using std::chrono::minutes;
  const Timestamp begin = std::chrono::floor<minutes>(span.first);
  const Timestamp end = std::chrono::ceil<minutes>(span.last + Duration{1});
  window.from = std::max(asked.from, std::min(window.from, begin));
  window.to = std::min(asked.to, std::max(window.to, end));
}

/// An order script needs no kline: its window reaches over the ticks of `asked` too.
void widen_to_ticks(const DataSource& source, const catalog::Coverage& coverage,
                    const MarketWindow& asked, MarketWindow& window) {
  const auto reach = [&]<class Record>(std::type_identity<Record>) {
    constexpr Kind kKind = KindOf<Record>::kKind;
    if (!window.inputs[kKind] || !coverage.has(kKind)) return;
    const auto head = source.open(asked.from, asked.to, only(kKind));
    const auto first = first_event(stream_of<Record>(head.data));
    if (!first) return;
    const std::vector<Day>& days = coverage.days.at(kKind);
    const auto next = std::lower_bound(days.begin(), days.end(), asked.to,
                                       [](Day day, Timestamp to) { return Timestamp{day} < to; });
    const Timestamp last_day{next == days.begin() ? days.front() : *std::prev(next)};
    const auto tail = source.open(std::max(last_day, asked.from), asked.to, only(kKind));
    const auto last = last_event(stream_of<Record>(tail.data));
    widen(asked, {.first = *first, .last = last.value_or(*first)}, window);
  };
  reach(std::type_identity<Quote>{});
  reach(std::type_identity<Trade>{});
}

struct FirstPrice {
  Timestamp ts{};
  Kind kind{};
};
/// N1 (3).
std::optional<FirstPrice> first_price(const DataSource& source, const MarketWindow& window) {
  if (window.inputs.quotes) {
    const auto market = source.open(window.from, window.to, {.quotes = true});
    if (const auto first = first_event(market.data.quotes.get())) {
      return FirstPrice{.ts = *first, .kind = Kind::BookTicker};
    }
  }
  if (window.inputs.trades) {
    const auto market = source.open(window.from, window.to, {.trades = true});
    if (const auto first = first_event(market.data.trades.get())) {
      return FirstPrice{.ts = *first, .kind = Kind::AggTrades};
    }
  }
  return std::nullopt;
}

}  // namespace

MarketWindow settle_window(const DataSource& source, std::optional<Timestamp> from,
                           std::optional<Timestamp> to, const config::Config& config,
                           const std::optional<TimeSpan>& commands, Progress& progress) {
  const catalog::Coverage coverage = source.coverage();
  const std::vector<Day>& days = coverage.days.at(Kind::Klines);
  MarketWindow window{.from = from.value_or(Timestamp{days.front()}),
                      .to = to.value_or(Timestamp{days.back()} + kDay),
                      .inputs = {}};
  if (!from && !to && commands) {  // the days that the script is about
    window.from = Timestamp{day_of(commands->first)};
    window.to = Timestamp{day_of(commands->last)} + kDay;
  } else if (!from && !to) {
    const RunChoice best = window_for(config, coverage);
    window.from = best.window.from();
    window.to = best.window.to();
    progress.tell(fmt::format("without --from and --to the longest window with {} is taken: {}",
                              best.data, best.window.text()));
  }
  if (window.from >= window.to) {
    throw UsageError{fmt::format("--from {} --to {}: from must be earlier", to_string(window.from),
                                 to_string(window.to))};
  }
  const MarketWindow asked = window;
  cut_to_klines(source, coverage, window);
  window.inputs = config.inputs ? *config.inputs : kinds_by_days(coverage, window, progress);
  if (commands) {
    widen(asked, *commands, window);
    widen_to_ticks(source, coverage, asked, window);
  } else if (const auto first = first_price(source, window)) {
    const Timestamp begin = std::chrono::floor<std::chrono::minutes>(first->ts);
    if (begin > window.from) {
      progress.tell(fmt::format("{} begins at {}: nothing has a price before", name(first->kind),
                                to_string(first->ts)));
    }
    window.from = begin;
  }
  if (window.from >= window.to) {
    throw Error{fmt::format("{}: no price of {} before {}", source.name(), source.symbol(),
                            to_string(window.to)),
                ErrorCode::NotFound};
  }
  if (window.from != asked.from || window.to != asked.to) {
    progress.tell(fmt::format("the window is cut to the data: {} to {}", to_string(window.from),
                              to_string(window.to)));
  }
  return window;
}

}  // namespace toxvol::jobs
