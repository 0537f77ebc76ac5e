#include "toxvol/study/recorded.hpp"

#include <filesystem>
#include <string>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/study/equity_curve.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::study {

RunReturns read_returns(const std::filesystem::path& run, Unit unit) {
  ReturnsBuilder builder{unit};
  for (const auto& fill : run::read_records<trading::FillRecord>(run)) builder.add(fill);
  for (const auto& position : run::read_records<trading::PositionRecord>(run))
    builder.add(position);
  run::for_each_record<trading::EquityRecord>(
      run, [&](const trading::EquityRecord& row) { builder.add(row); });
  return builder.finish();
}

EquityCurve read_curve(const std::filesystem::path& run) {
  EquityCurveBuilder builder;
  run::for_each_record<trading::EquityRecord>(
      run, [&](const trading::EquityRecord& row) { builder.add(row); });
  return builder.finish();
}

Outcome read_outcome(const run::RunFolder& folder, Unit unit) {
  Outcome outcome;
  outcome.config_sha256 = folder.run.config_sha256;
  outcome.fingerprint = folder.run.fingerprint;
  outcome.summary = folder.summary;
  outcome.orders = columnar::TableReader{(folder.path / "orders.parquet").string()}.rows();
  outcome.returns = read_returns(folder.path, unit);
  return outcome;
}

}  // namespace toxvol::study
