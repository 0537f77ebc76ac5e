#include "toxvol/report/answers.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/report/format.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/table.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

constexpr std::size_t kWorst = 5;

/// From a high of equity down and back to it.
struct Fall {
  Timestamp high_at{};
  Timestamp low_at{};
  std::optional<Timestamp> back_at;
  Money high{};
  Money low{};
  [[nodiscard]] Money depth() const { return high - low; }
};

}  // namespace

Json answers(const RunFolder& folder, const OpenPart& open, const MarketReader& market) {
  Json list = Json::array();
  if (folder.summary.positions > 0) {
    for (Json& figure : position_figures(folder, open)) list.push_back(std::move(figure));
    for (Json& figure : cost_figures(folder)) list.push_back(std::move(figure));
    list.push_back(markout_figure(folder, market));
  }
  if (run::is_script(folder) || run::is_own_signal(folder)) return list;  // not its pressure
  Json deciles = decile_figure(folder);
  if (!deciles.is_null()) list.push_back(std::move(deciles));
  return list;
}

Json worst_drawdowns(const RunFolder& folder) {
  std::vector<Fall> falls;
  std::optional<Fall> now;
  const auto settle = [&] {
    if (now && now->depth() > Money{}) falls.push_back(*now);
  };
  run::for_each_record<trading::EquityRecord>(folder.path, [&](const trading::EquityRecord& row) {
    if (!now || row.equity >= now->high) {
      if (now) now->back_at = row.ts;
      settle();
      now = Fall{.high_at = row.ts,
                 .low_at = row.ts,
                 .back_at = {},
                 .high = row.equity,
                 .low = row.equity};
    } else if (row.equity < now->low) {
      now->low = row.equity;
      now->low_at = row.ts;
    }
  });
  settle();
  std::sort(falls.begin(), falls.end(), [](const Fall& a, const Fall& b) {
    return a.depth() != b.depth() ? a.depth() > b.depth() : a.high_at < b.high_at;
  });
  if (falls.size() > kWorst) falls.resize(kWorst);
  Json json =
      table("Worst drawdowns", "From a high of equity to the lowest point before it is back.",
            {{"depth, USDT"},
             {"of the high"},
             {"high (UTC)", false},
             {"low (UTC)", false},
             {"back (UTC)", false},
             {"fell for"},
             {"under water for"}});
  for (const Fall& fall : falls) {
    const auto span = [&](Timestamp to) {
      return duration(std::chrono::duration<double>(to - fall.high_at).count());
    };
    const double share = fall.depth().to_double() / fall.high.to_double();
    json["rows"].push_back(
        {money(fall.depth()), percent(share, 3), time_text(fall.high_at), time_text(fall.low_at),
         fall.back_at ? time_text(*fall.back_at) : "not in this run", span(fall.low_at),
         fall.back_at ? span(*fall.back_at) : std::string{kAbsent}});
  }
  return json;
}

}  // namespace toxvol::report
