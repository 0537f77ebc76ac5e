#include "toxvol/report/positions.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

using columnar::ColumnBlock;
using columnar::TableBlock;

const std::vector<std::string> kColumns = {
    "position_id", "alpha",    "side",       "regime_open",     "exit_role", "ts_open",
    "ts_close",    "qty_max",  "avg_entry",  "avg_exit",        "stop",      "take_profit",
    "n_fills",     "realised", "fees",       "funding",         "slippage",  "net",
    "mae_bp",      "mfe_bp",   "sigma_open", "funding_tailwind"};

std::optional<std::string> text(const ColumnBlock& column, std::size_t row) {
  const auto value = column.text(row);
  return value ? std::optional<std::string>{*value} : std::nullopt;
}

std::optional<Timestamp> time(const ColumnBlock& column, std::size_t row) {
  const auto ns = column.integer(row);
  return ns ? std::optional{from_ns(*ns)} : std::nullopt;
}

Position position_of(const TableBlock& block, std::size_t row) {
  const std::vector<ColumnBlock>& c = block.columns;
  Position p;
  p.id = text(c[0], row).value_or("");
  p.alpha = text(c[1], row);
  p.side = text(c[2], row).value_or("");
  p.regime = text(c[3], row);
  p.exit_role = text(c[4], row);
  p.open = from_ns(c[5].integer(row).value_or(0));
  p.close = time(c[6], row);
  p.qty = c[7].integer(row).value_or(0);
  p.entry = c[8].integer(row).value_or(0);
  p.exit = c[9].integer(row);
  p.stop = c[10].integer(row);
  p.take_profit = c[11].integer(row);
  p.fills = c[12].integer(row).value_or(0);
  p.realised = c[13].integer(row).value_or(0);
  p.fees = c[14].integer(row).value_or(0);
  p.funding = c[15].integer(row).value_or(0);
  p.slippage = c[16].integer(row);
  p.net = c[17].integer(row).value_or(0);
  p.mae_bp = c[18].real(row);
  p.mfe_bp = c[19].real(row);
  p.sigma = c[20].real(row);
  if (const auto flag = c[21].integer(row)) p.tailwind = *flag != 0;
  return p;
}

std::int64_t size_of(const Position& p) {
  return p.net < 0 ? -p.net : p.net;
}

}  // namespace

Positions read_positions(const RunFolder& folder, std::size_t limit) {
  Positions result;
  using Ranked = std::pair<std::int64_t, Position>;  // its row number
  // The smallest result on top; of equal ones the later.
  const auto is_larger = [](const Ranked& a, const Ranked& b) {
    if (size_of(a.second) != size_of(b.second)) return size_of(a.second) > size_of(b.second);
    return a.first < b.first;
  };
  std::vector<Ranked> kept;
  for_each_block(folder, "positions", kColumns, [&](const TableBlock& block) {
    for (std::size_t row = 0; row < block.rows; ++row) {
      kept.emplace_back(result.all++, position_of(block, row));
      std::push_heap(kept.begin(), kept.end(), is_larger);
      if (kept.size() > limit) {
        std::pop_heap(kept.begin(), kept.end(), is_larger);
        kept.pop_back();
      }
    }
  });
  std::sort(kept.begin(), kept.end(),
            [](const Ranked& a, const Ranked& b) { return a.first < b.first; });
  for (Ranked& ranked : kept) result.shown.push_back(std::move(ranked.second));
  return result;
}

}  // namespace toxvol::report
