#include "toxvol/explain/case.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::explain {

namespace {

using trading::OrderRecord;
using trading::Role;

[[noreturn]] void fail(const run::RunFolder& folder, const std::string& what) {
  throw Error{fmt::format("{}: {}", folder.path.string(), what), ErrorCode::NotFound};
}

/// When the bars of all rows ended, ascending.
std::vector<Timestamp> row_times(const run::RunFolder& folder) {
  columnar::TableReader reader{(folder.path / "decisions.parquet").string()};
  reader.select({"ts"});
  const columnar::TableBlock block = reader.read_all();
  std::vector<Timestamp> times;
  times.reserve(block.rows);
  for (std::size_t row = 0; row < block.rows; ++row) {
    times.push_back(from_ns(held(block.columns[0].integer(row))));
  }
  return times;
}

/// Sets `found.row`, the decision row at or before `at`, and `found.missing`.
void find_row(const run::RunFolder& folder, Timestamp at, Duration cadence, Case& found) {
  const std::vector<Timestamp> times = row_times(folder);
  const auto whole = [cadence](Timestamp ts) {
    return Timestamp{ts.time_since_epoch() / cadence * cadence};
  };
  std::vector<Timestamp> decisions;
  std::copy_if(times.begin(), times.end(), std::back_inserter(decisions),
               [&](Timestamp ts) { return whole(ts) == ts; });
  if (decisions.empty()) fail(folder, "no row of a decision in it");
  const Timestamp boundary = whole(at);
  if (at < times.front()) {
    fail(folder, fmt::format("--at {}: before the first row, {}; what lies before only warms up",
                             to_string(at), to_string(times.front())));
  }
  if (boundary > times.back()) {
    fail(folder,
         fmt::format("--at {}: after the last row, {}", to_string(at), to_string(times.back())));
  }
  const auto after = std::upper_bound(decisions.begin(), decisions.end(), boundary);
  if (after == decisions.begin()) {
    fail(folder, fmt::format("--at {}: before the first decision, {}", to_string(at),
                             to_string(decisions.front())));
  }
  found.row = *std::prev(after);
  if (found.row != boundary) found.missing = boundary;
}

trading::PositionRecord find_position(const run::RunFolder& folder, std::int64_t number) {
  const auto positions = run::read_records<trading::PositionRecord>(folder.path);
  if (positions.empty()) {
    fail(folder, fmt::format("--position {}: this run took no position", number));
  }
  for (const auto& position : positions) {
    if (position.position == number) return position;
  }
  fail(folder, fmt::format("--position {}: no such position; there are {} to {}", number,
                           positions.front().position, positions.back().position));
}

bool is_entry_at(const OrderRecord& order, Timestamp row) {
  return order.submit.intent.role == Role::Entry && order.submit.intent.ts_decision == row;
}

/// The script's last order at or before `at`.
const OrderRecord& last_order(const run::RunFolder& folder, const std::vector<OrderRecord>& orders,
                              Timestamp at) {
  const auto after =
      std::upper_bound(orders.begin(), orders.end(), at,
                       [](Timestamp ts, const OrderRecord& order) { return ts < order.ts_submit; });
  if (after == orders.begin()) {
    fail(folder,
         fmt::format("--at {}: the order script had not sent an order then", to_string(at)));
  }
  return *std::prev(after);
}

}  // namespace

Timestamp Case::end() const {
  Timestamp last = row.value_or(Timestamp{});
  const auto later = [&last](const std::optional<Timestamp>& ts) {
    if (ts) last = std::max(last, *ts);
  };
  for (const OrderRecord& order : orders) {
    for (const auto& ts : {std::optional{order.ts_submit}, order.ts_arrive, order.ts_done}) {
      later(ts);
    }
  }
  for (const trading::FillRecord& fill : fills) later(fill.ts_init);
  if (position) later(position->ts_close);
  return last;
}

Case find_case(const run::RunFolder& folder, const Question& question, Duration cadence) {
  Case found;
  const bool is_script = run::is_script(folder);
  const auto orders = run::read_records<OrderRecord>(folder.path);
  std::optional<std::int64_t> position = question.position;
  std::optional<trading::OrderId> lone;  // of a script: the order asked for
  if (question.position) {
    found.position = find_position(folder, *question.position);
    const auto opened = std::find_if(orders.begin(), orders.end(), [&](const OrderRecord& order) {
      return order.position == question.position && order.submit.intent.role == Role::Entry;
    });
    if (!is_script && opened != orders.end()) found.row = opened->submit.intent.ts_decision;
  } else if (is_script) {
    const OrderRecord& order = last_order(folder, orders, held(question.at));
    lone = order.submit.id;
    position = order.position;
  } else {
    find_row(folder, held(question.at), cadence, found);
    for (const OrderRecord& order : orders) {
      if (is_entry_at(order, *found.row) && order.position) position = order.position;
    }
  }
  if (position && !found.position) found.position = find_position(folder, *position);
  std::set<trading::OrderId> ids;
  for (const OrderRecord& order : orders) {
    const bool is_of_row = found.row && is_entry_at(order, *found.row);
    const bool is_of_position = position && order.position == position;
    if (!is_of_row && !is_of_position && order.submit.id != lone) continue;
    ids.insert(order.submit.id);
    found.orders.push_back(order);
  }
  for (auto& command : run::read_records<trading::CommandRecord>(folder.path)) {
    if (ids.contains(command.order)) found.commands.push_back(command);
  }
  for (auto& fill : run::read_records<trading::FillRecord>(folder.path)) {
    const bool is_of_position = position && fill.position == *position;
    if (ids.contains(fill.order) || is_of_position) found.fills.push_back(fill);
  }
  return found;
}

}  // namespace toxvol::explain
