#include "toxvol/jobs/size_ladder.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/catalog/market/market.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/units.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/evaluate/ladder.hpp"
#include "toxvol/factors/params.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/recorded_run.hpp"
#include "toxvol/jobs/run_facts.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/side_by_side.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::jobs {

namespace {

// What size.risk_bp and size.max_leverage may be (docs/config.md).
constexpr double kLeast = 0.01;
constexpr double kMostRisk = 10'000.0;
constexpr double kMostLeverage = 125.0;

template <class Tag>
Fixed<Tag> times(Fixed<Tag> amount, double multiple) {
  const double raw = std::floor(static_cast<double>(amount.raw()) * multiple);
  const auto most = static_cast<double>(columnar::kDecimalLimit - 1);
  return Fixed<Tag>::from_raw(static_cast<std::int64_t>(std::clamp(raw, 1.0, most)));
}

std::vector<study::Outcome> outcomes_of(const std::vector<study::RunSpec>& specs,
                                        const Market& market, const DataSource& source,
                                        Duration warmup, Progress& progress) {
  const study::Window window{.instrument = market.instrument,
                             .begin = market.from - warmup,
                             .from = market.from,
                             .to = market.to};
  catalog::OpenedMarket opened = source.open(window.begin, window.to, market.inputs);
  const auto inputs_read = [&opened](const Inputs& kinds) {
    return run_inputs(*opened.inputs, kinds);
  };
  return study::run_side_by_side(std::move(opened.data), window, specs, study::Unit::Hour,
                                 inputs_read, progress);
}

}  // namespace

std::string no_ladder(const run::RunFolder& folder, const config::Config& config) {
  if (!run::is_native(folder)) return "a run of NautilusTrader";
  if (config.exchange.profile != engine::Profile::Realistic) return "not the realistic profile";
  if (run::is_script(folder)) return "an order script";
  if (run::is_own_signal(folder)) return "a signal of your own";
  if (run::is_stitched(folder)) return "a walk-forward";
  if (config.strategy.factors.thresholds.fit == factors::ThresholdFit::Sample) {
    return "thresholds fitted in sample";
  }
  return {};
}

config::Config resized(config::Config config, double multiple) {
  strategy::SizeParams& size = config.strategy.size;
  size.risk_bp = std::clamp(size.risk_bp * multiple, kLeast, kMostRisk);
  size.max_leverage = std::clamp(size.max_leverage * multiple, kLeast, kMostLeverage);
  size.max_notional_usdt = times(size.max_notional_usdt, multiple);
  if (size.max_qty) size.max_qty = times(*size.max_qty, multiple);
  return config;
}

std::vector<evaluate::LadderRun> run_ladder(const run::RunFolder& folder,
                                            const config::Config& config, const Market& market,
                                            const DataSource& source, Progress& progress) {
  std::vector<study::RunSpec> specs;
  specs.reserve(evaluate::kMultiples.size());
  for (const double multiple : evaluate::kMultiples) {
    specs.push_back({.config = resized(config, multiple), .inputs = market.inputs});
  }
  progress.begin("sizes", (market.to - market.from) / kMinute);
  const auto outcomes = outcomes_of(specs, market, source, config::warmup(config), progress);
  std::vector<evaluate::LadderRun> runs;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const study::Outcome& outcome = outcomes[i];
    const double multiple = evaluate::kMultiples.at(i);
    if (multiple == 1.0 && outcome.fingerprint != folder.run.fingerprint) {
      throw Error{fmt::format("{}: run again it is another run; its data or its program were "
                              "others: {}",
                              folder.path.string(), other_version(folder)),
                  ErrorCode::Corrupt};
    }
    evaluate::LadderRun run{.multiple = multiple, .position_bp = outcome.returns.positions.bp};
    const run::Summary& summary = outcome.summary;
    if (summary.turnover && *summary.turnover > 0.0) {
      const double traded = *summary.turnover * summary.start_equity.to_double();
      run.slippage_bp = kBasisPoints * summary.slippage.to_double() / traded;
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace toxvol::jobs
