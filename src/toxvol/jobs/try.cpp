#include "toxvol/jobs/try.hpp"

#include <string>

#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/backtest.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/ingest.hpp"
#include "toxvol/jobs/report.hpp"
#include "toxvol/jobs/try_plan.hpp"

namespace toxvol::jobs {

TryResult run_try(const TryPlan& plan, const TrySteps& steps, Progress& progress) {
  if (!plan.ingest.empty()) {
    if (steps.command) steps.command(plan.ingest);
    // Asked as it is printed: [raw], catalog, symbol, days.
    IngestRequest request{.raw = {plan.ingest.at(2)},
                          .catalog = plan.catalog.string(),
                          .symbols = {plan.symbol},
                          .from = {},
                          .to = {}};
    if (plan.is_cut) {
      request.from = to_string(plan.window.first);
      request.to = to_string(day_of(plan.window.to()));
    }
    const catalog::IngestReport report = run_ingest(request, progress);
    if (steps.ingested) steps.ingested(report);
  }
  if (steps.command) steps.command(plan.backtest);
  ConfigOptions options;
  options.preset = plan.preset;
  options.symbol = plan.symbol;
  BacktestRequest request;
  request.market.catalog = plan.catalog.string();
  request.market.from = to_string(plan.window.first);
  request.market.to = to_string(day_of(plan.window.to()));
  request.config = resolve(options);
  request.out = plan.out;
  request.force = plan.force;
  request.argv = plan.backtest;
  TryResult result{.backtest = run_backtest(request, progress), .report = {}};
  if (steps.finished) steps.finished(request, result.backtest);
  if (steps.command) steps.command(plan.report);
  result.report = run_report(result.backtest.run.folder, "");
  return result;
}

}  // namespace toxvol::jobs
