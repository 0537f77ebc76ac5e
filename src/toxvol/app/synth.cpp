#include "toxvol/jobs/synth.hpp"

#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/app/session.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::app {

namespace {

void print(const synth::Params& params, const synth::Summary& summary) {
  fmt::print("{}: synthetic {}, {} files, {} quotes, {} trades (seed {}, plant {})\n",
             params.out.string(), params.symbol, summary.files, summary.quotes, summary.trades,
             params.seed, synth::name(params.plant));
  for (const synth::Injected& injected : summary.injected) {
    fmt::print("  {}: {}", synth::name(injected.fault), injected.file);
    if (injected.rows > 0) fmt::print(", {} rows", injected.rows);
    fmt::print("\n");
  }
}

}  // namespace

void add_synth(CLI::App& root, Session& session) {
  auto* verb = root.add_subcommand(
      "synth", "Make a synthetic market in Binance's own files (docs/synth.md)");
  auto options = std::make_shared<jobs::SynthRequest>();
  synth::Params& params = options->params;
  verb->add_option("--out", options->out, "Folder to make")->required();
  verb->add_option("--symbol", params.symbol, "Contract")->capture_default_str();
  verb->add_option("--from", options->from, "First UTC day with ticks, 2024-01-01")->required();
  verb->add_option("--days", params.days, "Days with ticks")->capture_default_str();
  verb->add_option("--klines-only-days", params.klines_only_days,
                   "Days before them with klines, metrics and funding alone")
      ->capture_default_str();
  verb->add_option("--seed", params.seed, "Same seed, same bytes")->capture_default_str();
  verb->add_option("--intensity", params.intensity,
                   "Of the tick rates: 1 is real, about 2 GB a day; 0.01 for a trial")
      ->capture_default_str();
  verb->add_option("--start-price", params.start_price,
                   "At the first minute; 42000 for BTCUSDT, needed for other symbols");
  verb->add_option("--plant", options->plant, "A known edge: none, momentum or crowding")
      ->capture_default_str();
  verb->add_option("--edge-bp", params.edge_bp, "Its size over 15 minutes, basis points")
      ->capture_default_str();
  verb->add_option("--faults", options->faults, "Defects to put in, as CODE,CODE")->delimiter(',');
  verb->add_flag("--zip", params.zip, "ZIP and CHECKSUM files, as on Binance's site");
  verb->add_flag("--force", params.force, "Replace an earlier synthetic market in --out");
  verb->callback([&session, options, verb] {
    options->has_edge = verb->count("--edge-bp") > 0;
    const synth::Summary summary = jobs::run_synth(*options, *session.progress);
    if (session.json) {
      fmt::print("{}\n", jobs::to_json(options->params, summary));
    } else if (!session.quiet) {
      print(options->params, summary);
    }
  });
}

}  // namespace toxvol::app
