#include "toxvol/report/stories.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/report/closeup.hpp"
#include "toxvol/report/fill_model.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/positions.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

using trading::FillRecord;
using trading::OrderRecord;
using trading::PositionRecord;

constexpr int kFactorDigits = 3;

/// What the tables hold of one position.
struct Story {
  PositionRecord position;
  std::vector<OrderRecord> orders;
  std::vector<FillRecord> fills;
  std::optional<strategy::DecisionRow> decision;  // that of its first order, if it is an entry
};

std::string precise_time(Timestamp ts) {
  std::string text = to_string(Timestamp{std::chrono::floor<std::chrono::milliseconds>(ts)});
  text[10] = ' ';
  text.pop_back();
  return text;
}

Timestamp decided_at(const Story& story) {
  const OrderRecord& first = story.orders.front();
  return first.submit.intent.ts_decision.value_or(first.ts_submit);
}

std::vector<Story> gather(const RunFolder& folder) {
  std::vector<Story> found;
  std::map<std::int64_t, std::size_t> by_position;
  for (const PositionRecord& position : read_positions(folder, kMaxStories).shown) {
    by_position.emplace(position.position, found.size());
    found.push_back({.position = position, .orders = {}, .fills = {}, .decision = {}});
  }
  run::for_each_record<OrderRecord>(folder.path, [&](const OrderRecord& order) {
    if (!order.position) return;
    const auto place = by_position.find(*order.position);
    if (place != by_position.end()) found[place->second].orders.push_back(order);
  });
  run::for_each_record<FillRecord>(folder.path, [&](const FillRecord& fill) {
    const auto place = by_position.find(fill.position);
    if (place != by_position.end()) found[place->second].fills.push_back(fill);
  });
  std::multimap<Timestamp, std::size_t> waiting;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i].orders.empty()) waiting.emplace(decided_at(found[i]), i);
  }
  run::for_each_record<strategy::DecisionRow>(folder.path, [&](const strategy::DecisionRow& row) {
    const auto [first, last] = waiting.equal_range(row.factors.ts);
    for (auto place = first; place != last; ++place) found[place->second].decision = row;
  });
  return found;
}

std::optional<double> magnitude(const std::optional<double>& value) {
  return value ? std::optional{std::abs(*value)} : std::nullopt;
}

/// The factors that a decision asks, as decisions.parquet has them, against their thresholds.
Json factor_table(const RunFolder& folder, const strategy::DecisionRow& row) {
  Json json = table(
      "Factors against their thresholds",
      "As of the minute that ended at the decision, from decisions.parquet.",
      {{"factor", false}, {"value"}, {"asked to be", false}, {"threshold"}, {"answer", false}});
  const factors::FactorRow& f = row.factors;
  const bool is_alpha_a = row.alpha == trading::Alpha::A;
  const auto add = [&json](std::string_view factor, const std::optional<double>& value,
                           std::string_view relation, const std::optional<double>& threshold,
                           bool is_asked) {
    std::string_view answer = "not asked";
    if (is_asked && value && threshold) {
      const bool holds = relation == "below" ? *value < *threshold : *value >= *threshold;
      answer = holds ? "yes" : "no";
    } else if (is_asked) {
      answer = kAbsent;
    }
    json["rows"].push_back(
        {factor, number(value, kFactorDigits), relation, number(threshold, kFactorDigits), answer});
  };
  add("compression f1", f.volatility.f1, "at least", f.thresholds.q_f1, is_alpha_a);
  add("pressure |p|", magnitude(f.pressure.p), "at least", f.thresholds.q_p, is_alpha_a);
  add("toxicity t", f.toxicity.t, "below", f.thresholds.tau_t, row.alpha != trading::Alpha::None);
  const Json theta = setting(folder, "crowding", "theta");
  const std::optional<double> crowd =
      theta.is_number() ? std::optional{theta.get<double>()} : std::nullopt;
  add("crowding |c|", magnitude(f.crowding.c), is_alpha_a ? "below" : "at least", crowd, false);
  if (f.crowding.regime) {
    json["rows"].push_back({"regime", trading::name(*f.crowding.regime),
                            is_alpha_a ? "neutral" : "crowded", kAbsent, "yes"});
  }
  json["rows"].push_back(
      {"sigma, bp per \u221aminute",
       number(f.volatility.sigma ? std::optional{*f.volatility.sigma * 1e4} : std::nullopt, 2),
       "sets size and levels", kAbsent, kAbsent});
  return json;
}

Json order_rows(const Story& story) {
  Json json = table("Orders", "Times are UTC; the queue is what rested before it at its price.",
                    {{"order", false},
                     {"why", false},
                     {"what", false},
                     {"quantity"},
                     {"price"},
                     {"sent", false},
                     {"arrived after ms"},
                     {"queue ahead"},
                     {"ended", false}});
  for (const OrderRecord& order : story.orders) {
    const trading::Submit& submit = order.submit;
    std::string end{trading::name(order.status)};
    if (order.reject_reason != trading::RejectReason::None) {
      end += fmt::format(": {}", trading::name(order.reject_reason));
    }
    const std::optional<double> late =
        order.ts_arrive ? std::optional{std::chrono::duration<double, std::milli>(*order.ts_arrive -
                                                                                  order.ts_submit)
                                            .count()}
                        : std::nullopt;
    json["rows"].push_back(
        {run::kOrderId.text(submit.id), trading::name(submit.intent.role),
         fmt::format("{} {}{}{}", run::kBuySell.text(submit.side), trading::name(submit.type),
                     submit.post_only ? ", post only" : "",
                     submit.reduce_only ? ", reduce only" : ""),
         decimal(submit.qty),
         submit.type == trading::OrderType::Limit ? decimal(submit.price) : std::string{kAbsent},
         precise_time(order.ts_submit), number(late, 1),
         order.queue_ahead ? decimal(*order.queue_ahead) : std::string{kAbsent}, end});
  }
  return json;
}

Json fill_rows(const Story& story) {
  Json json = table("Fills", "Each with the rule of docs/engine.md that made it. Money in USDT.",
                    {{"fill", false},
                     {"order", false},
                     {"at (UTC)", false},
                     {"side", false},
                     {"quantity"},
                     {"price"},
                     {"as", false},
                     {"fee", true, Gain::Bad},
                     {"slippage", true, Gain::Bad},
                     {"rule", false},
                     {"what happened", false}});
  for (const FillRecord& fill : story.fills) {
    const std::string_view rule = trading::name(fill.rule);
    const std::string_view shown = rule.empty() ? kAbsent : rule;
    json["rows"].push_back({std::to_string(fill.fill_id), run::kOrderId.text(fill.order),
                            precise_time(fill.ts), run::kBuySell.text(fill.side), decimal(fill.qty),
                            decimal(fill.price), trading::name(fill.liquidity),
                            decimal(fill.fee.raw()), money(fill.slippage), shown,
                            fill_rule_meaning(shown)});
  }
  return json;
}

/// Why it was entered and left, how it went, and the money by part.
Json reasons(const RunFolder& folder, const Story& story, const OpenPart& open) {
  const PositionRecord& p = story.position;
  Json list = Json::array();
  if (run::is_script(folder)) {
    list.push_back("Entered by an order of the script.");
  } else if (story.decision) {
    const strategy::DecisionRow& row = *story.decision;
    const std::string_view alpha = trading::name(row.alpha);
    list.push_back(fmt::format("Entered by the decision of the minute that ended at {}: {}{}.",
                               time_text(row.factors.ts), trading::name(row.reason),
                               alpha.empty() ? std::string{} : fmt::format(", alpha {}", alpha)));
  } else {
    list.push_back("No decision of the strategy opened it.");
  }
  const OrderRecord* last = nullptr;
  for (const OrderRecord& order : story.orders) {
    if (order.submit.reduce_only && order.filled_qty > Qty{}) last = &order;
  }
  if (!p.ts_close) {
    list.push_back("Still open at the end of the run; it counts at the last mid.");
  } else if (p.exit_role) {
    std::string text =
        fmt::format("Left after {} by {}",
                    duration(std::chrono::duration<double>(*p.ts_close - p.ts_open).count()),
                    trading::name(*p.exit_role));
    if (last != nullptr && last->submit.intent.trigger_price) {
      const trading::Intent& intent = last->submit.intent;
      text += fmt::format(": {} {}", trading::name(intent.trigger_kind),
                          decimal(*intent.trigger_price));
      if (intent.trigger_ts) text += fmt::format(" at {}", precise_time(*intent.trigger_ts));
      if (p.exit_role == trading::Role::Stop && p.stop) {
        text += fmt::format(" reached the stop {}", decimal(*p.stop));
      }
      if (p.exit_role == trading::Role::TakeProfit && p.take_profit) {
        text += fmt::format(" reached the target {}", decimal(*p.take_profit));
      }
    }
    list.push_back(text + ".");
  }
  const Money value = p.ts_close ? Money{} : open.value;
  list.push_back(
      fmt::format("Net {} USDT = price {} (slippage {} is in it) \u2212 fees {} + funding {}.",
                  signed_money(net_of(p, open)), signed_money(p.realised + value),
                  money(p.slippage), money(p.fees), signed_money(p.funding)));
  if (p.mae_bp && p.mfe_bp) {
    list.push_back(fmt::format("On the way the mark was {} bp against it and {} bp for it at most.",
                               number(std::abs(*p.mae_bp), 1), number(std::abs(*p.mfe_bp), 1)));
  }
  return list;
}

Json marks(const Story& story) {
  Json list = Json::array();
  for (const FillRecord& fill : story.fills) {
    list.push_back({static_cast<double>(to_ns(fill.ts)) / 1e9, fill.price.to_double(),
                    fill.side == Side::Buy ? 1 : -1});
  }
  return list;
}

/// The positions that get quotes and trades: the largest results.
std::vector<bool> with_close_up(const std::vector<Story>& found, const OpenPart& open) {
  std::vector<std::size_t> order(found.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto size = [&](std::size_t i) {
    return std::abs(net_of(found[i].position, open).to_double());
  };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return size(a) != size(b) ? size(a) > size(b) : a < b;
  });
  std::vector<bool> wanted(found.size(), false);
  for (std::size_t i = 0; i < std::min(order.size(), kMaxCloseUps); ++i) wanted[order[i]] = true;
  return wanted;
}

struct CloseUp {
  Json entry;
  Json exit;  // null of a position that is open
};
/// By the place of their story.
using CloseUps = std::map<std::size_t, CloseUp>;

CloseUps gather_close_ups(const RunFolder& folder, const std::vector<Story>& found,
                          const std::vector<bool>& wanted, const MarketReader& market) {
  std::vector<Timestamp> moments;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!wanted[i]) continue;
    const PositionRecord& p = found[i].position;
    moments.push_back(p.ts_open);
    if (p.ts_close) moments.push_back(*p.ts_close);
  }
  std::vector<Json> made = close_ups(folder, market, moments);
  CloseUps close;
  std::size_t next = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!wanted[i]) continue;
    close[i].entry = std::move(made[next++]);
    if (found[i].position.ts_close) close[i].exit = std::move(made[next++]);
  }
  return close;
}

}  // namespace

Json stories(const RunFolder& folder, const OpenPart& open, const MarketReader& market) {
  const std::vector<Story> found = gather(folder);
  const std::vector<bool> wanted = with_close_up(found, open);
  bool can_read = static_cast<bool>(market);
  CloseUps close;
  if (can_read) {
    try {
      close = gather_close_ups(folder, found, wanted, market);
    } catch (const Error&) {
      can_read = false;  // said in `note`
    }
  }
  Json list = Json::array();
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Story& story = found[i];
    const PositionRecord& p = story.position;
    const std::string id = run::kPositionId.text(p.position);
    Json json = {
        {"id", id},
        {"title", fmt::format("{}: {} {}, net {} USDT", id, run::kLongShort.text(p.side),
                              decimal(p.qty_max), signed_money(net_of(p, open)))},
        {"why", reasons(folder, story, open)},
        {"factors", story.decision && !run::is_script(folder) && !run::is_own_signal(folder)
                        ? factor_table(folder, *story.decision)
                        : Json(nullptr)},
        {"orders", order_rows(story)},
        {"fills", fill_rows(story)},
        {"marks", marks(story)},
        {"entry", nullptr},
        {"exit", nullptr},
        {"command", fmt::format("toxvol explain RUN --position {}", p.position)}};
    if (const auto at = close.find(i); at != close.end()) {
      json["entry"] = std::move(at->second.entry);
      json["exit"] = std::move(at->second.exit);
    }
    list.push_back(std::move(json));
  }
  const std::int64_t all = folder.summary.positions;
  std::string note;
  if (all > static_cast<std::int64_t>(found.size())) {
    note = fmt::format("The {} of {} positions with the largest results can be opened. ",
                       count(static_cast<std::int64_t>(found.size())), count(all));
  }
  if (!can_read && all > 0) {
    note +=
        "Quotes and trades around entry and exit are left out: the data that the run was made from "
        "was not at hand when this page was made.";
  } else if (found.size() > kMaxCloseUps) {
    note += fmt::format(
        "The {} with the largest results show the quotes and trades around entry and exit; for "
        "the others these are left out, to keep the page small.",
        count(static_cast<std::int64_t>(kMaxCloseUps)));
  }
  return {{"rows", list}, {"note", note}};
}

}  // namespace toxvol::report
