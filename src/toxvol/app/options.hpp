#pragma once

#include <optional>

#include <CLI/CLI.hpp>

#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"

/// Options that several verbs share.
namespace toxvol::app {

/// --catalog, --raw, --from and --to.
void add_market_options(CLI::App& verb, jobs::MarketOptions& options);
void add_set_option(CLI::App& verb, jobs::ConfigOptions& options);
/// --signal.
void add_signal_option(CLI::App& verb, std::optional<jobs::SignalInput>& signal);
/// --preset, --config, --set and --symbol.
void add_config_options(CLI::App& verb, jobs::ConfigOptions& options);

}  // namespace toxvol::app
