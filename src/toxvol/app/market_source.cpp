#include "toxvol/app/market_source.hpp"

#include <filesystem>
#include <optional>
#include <system_error>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/arguments.hpp"
#include "toxvol/app/data_source.hpp"
#include "toxvol/app/market_window.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::app {

namespace fs = std::filesystem;

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

void add_market_options(CLI::App& verb, MarketOptions& options) {
  auto* catalog = verb.add_option("--catalog", options.catalog, "A catalog made by `ingest`");
  verb.add_option("--raw", options.raw, "Binance's files themselves; nothing is stored")
      ->excludes(catalog);
  verb.add_option("--from", options.from, "First UTC day or time; earlier data warms up");
  verb.add_option("--to", options.to, "End, exclusive");
}

Market open_market(const MarketOptions& options, const config::Config& config,
                   const fs::path& spill_folder, Progress& progress) {
  const DataSource source{options, config.symbol, spill_folder};
  const auto coverage = source.coverage();
  if (coverage.days.empty()) {
    throw Error{fmt::format("{}: nothing of {}; it holds {}; name one with --symbol", source.name(),
                            config.symbol, source.known_symbols())};
  }
  if (!coverage.has(Kind::Klines)) {
    throw Error{fmt::format("{}: no klines of {}: a minute is a kline, add the klines files",
                            source.name(), config.symbol)};
  }
  Market market;
  if (!options.from.empty()) market.asked_from = parse_time(options.from, "--from");
  if (!options.to.empty()) market.asked_to = parse_time(options.to, "--to");
  for (const auto& asked : {market.asked_from, market.asked_to}) {
    if (asked && (*asked - Timestamp{}) % kMinute != Duration::zero()) {
      throw UsageError{"--from, --to: whole minutes are wanted"};
    }
  }
  const MarketWindow window =
      settle_window(source, market.asked_from, market.asked_to, config, options.commands, progress);
  market.from = window.from;
  market.to = window.to;
  market.inputs = window.inputs;

  const Timestamp begin = market.from - config::warmup(config);
  market.instrument = source.instrument(begin, market.to, progress);
  market.synthetic = source.synthetic();
  market.quality = source.quality(market.from, market.to);
  market.opened = source.open(begin, market.to, market.inputs);
  return market;
}

}  // namespace toxvol::app
