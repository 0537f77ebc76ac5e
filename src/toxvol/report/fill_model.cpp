#include "toxvol/report/fill_model.hpp"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "toxvol/report/format.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/fill_rule_meaning.hpp"

namespace toxvol::report {

namespace {

Json caveat(std::string_view code, std::string_view text) {
  return {{"code", code}, {"text", text}};
}

}  // namespace

std::string fill_rule_meaning(std::string_view rule) {
  const auto known = trading::parse<trading::FillRule>(rule == kAbsent ? "" : rule);
  return known ? std::string{trading::meaning_of(*known)} : std::string{};
}

Json caveats(const RunFolder& folder) {
  if (folder.run.profile != "realistic") {
    return {caveat("profile",
                   "Fills are those of NautilusTrader's matching on the best quote: no queue, no "
                   "impact beyond it, no isolated margin. The profile exists to show that both "
                   "programs do the same; do not judge a strategy by it.")};
  }
  const auto is_set = [&](const char* table, const char* key, std::string_view value) {
    return setting(folder, table, key) == value;
  };
  Json list = Json::array();
  if (is_set("entry", "fill", "same_close")) {
    list.push_back(caveat("X24",
                          "Entries fill at the close that decided them, at once and without "
                          "impact. Nobody could have had that price: an upper bound."));
  }
  list.push_back(caveat("X1",
                        "The recorded market never reacts to us. This flatters large and "
                        "frequent orders."));
  const bool has_quotes = is_input(folder, "bookTicker");
  const bool has_ticks = has_quotes || is_input(folder, "aggTrades");
  if (!has_ticks) {
    list.push_back(caveat("X22",
                          "There are bars only: fills come from the bar's open and range. The "
                          "path inside a bar is unknown; the stop is assumed to come first."));
  } else if (!has_quotes) {
    list.push_back(caveat("X21",
                          "There are no quotes: the touch is taken from trades, one tick wide, "
                          "and a resting order needs a trade through its price."));
  }
  if (has_ticks) {
    list.push_back(caveat("X6",
                          "Only the best price is known. What lies behind it is guessed: one "
                          "more mean depth a tick, so large orders may be too cheap or too "
                          "dear."));
    list.push_back(caveat("X7",
                          "What an order took of the touch stays away for one second; the truth "
                          "may be sooner or later."));
  }
  if (is_set("exchange", "queue", "optimistic")) {
    list.push_back(caveat("X18", "Resting orders have nobody ahead of them: an upper bound."));
  } else if (is_set("exchange", "queue", "proportional")) {
    list.push_back(caveat("X18",
                          "The queue ahead of a resting order also falls by a share of what "
                          "is canceled: a model, between the low and the high estimate."));
  } else {
    list.push_back(caveat("X10",
                          "A resting order waits behind the whole shown size; cancellations "
                          "ahead of it are ignored. A low estimate of maker fills."));
  }
  list.push_back(caveat("X3",
                        "Latency is drawn without regard to how busy the market is; in truth "
                        "it grows when it hurts most."));
  list.push_back(caveat("X2",
                        "A row of aggTrades merges up to 100 ms of trading, so a fill may "
                        "come up to 100 ms early."));
  list.push_back(caveat("X20",
                        "Stops and targets are judged on data as seen, and then sent as "
                        "market orders: a stop is not filled at its price."));
  list.push_back(caveat("Ledger",
                        "Mark price is the mid of the quote, not the exchange's index; "
                        "liquidation is simplified; rate limits and price bands are not "
                        "modelled."));
  return list;
}

}  // namespace toxvol::report
