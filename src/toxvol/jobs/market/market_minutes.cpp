#include "toxvol/jobs/market/market_minutes.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/catalog/market/window_files.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/engine/minute_keeper.hpp"
#include "toxvol/engine/minute_source.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/engine/realistic/minutes_unseen.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/program.hpp"
#include "toxvol/minutes/store.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;

/// All that the minutes depend on but for the program's files and the market's.
std::string settings_of(const engine::EngineParams& params, const factors::FactorParams& factors,
                        const Instrument& instrument, Timestamp begin) {
  std::string ticks;
  for (const auto& tick : instrument.tick) {
    ticks += fmt::format(" {}:{}", to_ns(tick.from), tick.value.raw());
  }
  return fmt::format(
      "{} [{}, {}) quotes {} trades {}\n"
      "lot {} tick{}\n"
      "data_latency {} bar_delay {} agg_delay {} max_touch_age {}\n"
      "ofi_ask_side {} ofi_events {} vpin_bucket {}:{}\n",
      instrument.symbol, to_ns(begin), to_ns(params.to), params.inputs.quotes, params.inputs.trades,
      instrument.lot.raw(), ticks, params.exchange.data_latency.value.count(),
      params.bar_delay.count(), params.agg_delay.count(), params.exchange.max_touch_age.count(),
      static_cast<int>(factors.pressure.ofi_ask_side), factors.pressure.ofi_events,
      static_cast<int>(factors.toxicity.vpin_bucket.kind), factors.toxicity.vpin_bucket.amount_e8);
}

/// With fewer ticks a minute all blocks of ticks hold some that an order needs.
constexpr std::int64_t kDense = 1'000;

}  // namespace

MinutesUse minutes_use(std::string_view word, std::string_view option) {
  if (word == "auto") return MinutesUse::Auto;
  if (word == "keep") return MinutesUse::Keep;
  if (word == "none") return MinutesUse::None;
  throw UsageError{fmt::format("{} {}: unknown; there are auto, keep, none", option, word)};
}

MarketMinutes::MarketMinutes(const MarketOptions& options, const config::Config& config,
                             MinutesUse wanted, Market& market, Progress& progress)
    : market_{market}, progress_{progress} {
  const engine::EngineParams params =
      config::engine_params(config, market.inputs, market.from, market.to);
  if (wanted == MinutesUse::None || options.catalog.empty() ||
      engine::is_parity(config.exchange.profile) || !engine::MinutesUnseen::is_possible(params) ||
      program_hash().empty()) {
    return;
  }
  begin_ = market.from - config::warmup(config);
  const auto files =
      catalog::files_of_minutes(options.catalog, config.symbol, begin_, market.to, market.inputs);
  if (!files || (wanted == MinutesUse::Auto && files->ticks_a_minute < kDense)) return;
  folder_ = catalog::own_folder(options.catalog) / "minutes";
  key_ = settings_of(params, config.strategy.factors, market.instrument, begin_) +
         fmt::format("program {}\n{}", program_hash(), files->lines);
  const minutes::Found found = minutes::find(folder_, key_);
  if (!found.damage.empty()) {
    progress_.tell("minute rows that were kept are damaged, so that every tick is read again: " +
                   found.damage);
  }
  if (found.kept) {
    use(*found.kept);
  } else {
    or_not_kept([&] { keep(params); });
  }
}

void MarketMinutes::use(const minutes::Kept& kept) {
  for (const minutes::InputRead& input : kept.inputs) {
    market_.opened.inputs->know(
        {.kind = input.kind, .day = input.day, .rows = input.rows, .sha256 = input.sha256});
  }
  reader_.emplace(kept.file);
  known_.emplace([this] { return reader_->next(); });
}

void MarketMinutes::keep(const engine::EngineParams& params) {
  keeping_.emplace(folder_, key_);
  keeper_.emplace(params, market_.instrument, begin_, [this](const engine::KnownMinute& minute) {
    or_not_kept([&] {
      if (keeping_) keeping_->write(minute);
    });
  });
  MarketData& data = market_.opened.data;
  if (data.trades) {
    data.trades = std::make_unique<engine::KeptStream<Trade>>(std::move(data.trades), *keeper_);
  }
  if (data.quotes) {
    data.quotes = std::make_unique<engine::KeptStream<Quote>>(std::move(data.quotes), *keeper_);
  }
}

void MarketMinutes::finish() {
  if (keeper_) keeper_->finish();
  or_not_kept([this] {
    if (!keeping_) return;
    std::vector<minutes::InputRead> inputs;
    for (const catalog::InputDigest& input : market_.opened.inputs->list()) {
      if (input.kind != Kind::AggTrades && input.kind != Kind::BookTicker) continue;
      inputs.push_back(
          {.kind = input.kind, .day = input.day, .rows = input.rows, .sha256 = input.sha256});
    }
    keeping_->commit(inputs);
  });
}

template <class Action>
void MarketMinutes::or_not_kept(Action action) {
  try {
    action();
  } catch (const Error& error) {
    keeping_.reset();
    progress_.tell(fmt::format(
        "minute rows are not kept, so that another run reads every tick again: {}", error.what()));
  }
}

}  // namespace toxvol::jobs
