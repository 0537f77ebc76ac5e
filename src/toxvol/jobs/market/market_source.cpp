#include "toxvol/jobs/market/market_source.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/parallel.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_window.hpp"

namespace toxvol::jobs {

namespace fs = std::filesystem;

namespace {

MarketWindow window_wanted(const MarketOptions& options, const DataSource& source,
                           const Market& market, const config::Config& config, Progress& progress) {
  if (options.is_settled && config.inputs) {
    return {.from = held(market.asked_from), .to = held(market.asked_to), .inputs = *config.inputs};
  }
  return settle_window(source, market.asked_from, market.asked_to, config, options.commands,
                       progress);
}

}  // namespace

fs::path synthetic_label(const fs::path& catalog) {
  return catalog / "toxvol" / "SYNTHETIC.json";
}

std::optional<fs::path> find_synthetic_label(const fs::path& raw) {
  std::error_code failure;
  for (const auto& entry : fs::recursive_directory_iterator{raw, failure}) {
    if (entry.path().filename() == "SYNTHETIC.json") return entry.path();
  }
  return std::nullopt;
}

void read_ahead(const std::function<void(Workers&)>& job) {
  constexpr int kReaders = 2;
  catalog::ThreadPool pool{std::min(threads_of(0), kReaders + 1)};
  pool.accompany([&] { job(pool); });
}

Market open_market(const MarketOptions& options, const config::Config& config,
                   const fs::path& spill_folder, Progress& progress, Workers* workers) {
  const DataSource source{options, config.symbol, spill_folder};
  const auto coverage = source.coverage();
  if (coverage.days.empty() && source.known_symbols().empty()) {
    throw Error{fmt::format("{}: none of Binance's USD-M futures files in it", source.name()),
                ErrorCode::NotFound};
  }
  if (coverage.days.empty()) {
    throw Error{fmt::format("{}: nothing of {}; it holds {}; name one with --symbol", source.name(),
                            config.symbol, source.known_symbols()),
                ErrorCode::NotFound};
  }
  if (!coverage.has(Kind::Klines)) {
    throw Error{fmt::format("{}: no klines of {}: a minute is a kline, add the klines files",
                            source.name(), config.symbol),
                ErrorCode::NotFound};
  }
  Market market;
  if (!options.from.empty()) market.asked_from = parse_time(options.from, "--from");
  if (!options.to.empty()) market.asked_to = parse_time(options.to, "--to");
  for (const auto& asked : {market.asked_from, market.asked_to}) {
    if (asked && (*asked - Timestamp{}) % kMinute != Duration::zero()) {
      throw UsageError{"--from, --to: whole minutes are wanted"};
    }
  }
  const MarketWindow window = window_wanted(options, source, market, config, progress);
  market.from = window.from;
  market.to = window.to;
  market.inputs = window.inputs;

  const Timestamp begin = market.from - config::warmup(config);
  market.instrument = source.instrument(begin, market.to, progress);
  market.synthetic = source.synthetic_label().has_value();
  market.quality = source.quality(market.from, market.to);
  market.opened = source.open(begin, market.to, market.inputs, workers);
  return market;
}

}  // namespace toxvol::jobs
