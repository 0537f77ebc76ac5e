#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/catalog/market/market.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/jobs/poison/rows.hpp"

namespace toxvol::jobs {

/// From the first to the last.
struct TimeSpan {
  Timestamp first{};
  Timestamp last{};
};

/// Where the market is and which stretch of it is wanted, as typed.
struct MarketOptions {
  std::string catalog;           // --catalog, or
  std::vector<std::string> raw;  // --raw: straight from Binance's files, nothing stored
  std::string from;              // --from, --to: [from, to); empty: what the data covers
  std::string to;
  std::optional<TimeSpan> commands{};  // of an order script, which needs no kline to trade
  /// Part of a market that N1 has settled: `from`, `to` and the kinds that the configuration lists
  /// stand as they are, whatever data there are in them.
  bool is_settled = false;
  std::optional<Poison> poison{};  // another market from a moment on: only `poison` asks for it
};

/// The same, found and settled before a run begins (G4).
struct Market {
  Instrument instrument;
  Inputs inputs;     // run.inputs resolved
  Timestamp from{};  // trading starts; `opened` begins the warm-up earlier (G3)
  Timestamp to{};
  std::optional<Timestamp> asked_from;  // --from, --to as they were asked for
  std::optional<Timestamp> asked_to;
  bool synthetic = false;
  std::map<std::string, std::int64_t> quality;  // rows of findings in the window, by code
  catalog::OpenedMarket opened;
};

/// `toxvol synth` marks its folder with SYNTHETIC.json; ingest carries the mark into the catalog,
/// and every run made from it says so.
[[nodiscard]] std::filesystem::path synthetic_label(const std::filesystem::path& catalog);
[[nodiscard]] std::optional<std::filesystem::path> find_synthetic_label(
    const std::filesystem::path& raw);

/// Does `job` on this thread, with workers who may read its market ahead: of trades and of quotes,
/// as far as there are processors.
void read_ahead(const std::function<void(Workers&)>& job);

/// Throws `Error` where there is no such symbol or window. `workers`, where there are any, may read
/// a catalog ahead; they outlive the market.
[[nodiscard]] Market open_market(const MarketOptions& options, const config::Config& config,
                                 const std::filesystem::path& spill_folder, Progress& progress,
                                 Workers* workers = nullptr);

}  // namespace toxvol::jobs
