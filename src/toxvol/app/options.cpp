#include "toxvol/app/options.hpp"

#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"

namespace toxvol::app {

void add_market_options(CLI::App& verb, jobs::MarketOptions& options) {
  auto* catalog = verb.add_option("--catalog", options.catalog, "A catalog made by `ingest`");
  verb.add_option("--raw", options.raw, "Binance's files themselves; nothing is stored")
      ->excludes(catalog);
  verb.add_option("--from", options.from, "First UTC day or time; earlier data warms up");
  verb.add_option("--to", options.to, "End, exclusive");
}

void add_set_option(CLI::App& verb, jobs::ConfigOptions& options) {
  verb.add_option("--set", options.sets, "key=value, over the file; may be repeated")
      ->take_all()
      ->expected(1)
      ->trigger_on_parse(false);
}

void add_signal_option(CLI::App& verb, std::optional<jobs::SignalInput>& signal) {
  verb.add_option_function<std::string>(
      "--signal", [&signal](const std::string& file) { signal = jobs::read_signal(file); },
      "A signal of your own (Parquet: ts_init, direction, size) in place of the strategy's");
}

void add_config_options(CLI::App& verb, jobs::ConfigOptions& options) {
  auto* preset = verb.add_option("--preset", options.preset,
                                 fmt::format("{}", fmt::join(config::preset_lines(), "\n")));
  preset->type_name(fmt::format("{{{}}}", fmt::join(config::preset_names(), ",")));
  verb.add_option("--config", options.file, "A TOML file")->excludes(preset);
  add_set_option(verb, options);
  verb.add_option("--symbol", options.symbol, "The contract, such as BTCUSDT; run.symbol");
}

}  // namespace toxvol::app
