#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/run_info.hpp"
#include "toxvol/run/run_writer.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run::test {

/// A run of five minutes worked out by hand: 1 BTC bought at 60 000.1 and sold at 60 100.0, mids
/// 5 cents better, taker fee 5 bp, 6 USDT of funding paid, 100 000 at the start.
struct SampleRun {
  std::vector<strategy::DecisionRow> decisions;
  std::vector<trading::OrderRecord> orders;
  std::vector<trading::CommandRecord> commands;
  std::vector<trading::FillRecord> fills;
  std::vector<trading::PositionRecord> positions;
  std::vector<trading::EquityRecord> equity;
  RunInfo info;
  Timing timing;
};

inline constexpr Timestamp kStart{std::chrono::sys_days{std::chrono::year{2024} / 1 / 1}};

/// `units` of 1e-8 from decimals of 1e-5: 3'000'005 is 30.00005.
[[nodiscard]] constexpr Money money_e5(std::int64_t value) {
  return Money::from_raw(value * 1000);
}
[[nodiscard]] constexpr Price price_e2(std::int64_t value) {
  return Price::from_raw(value * 1'000'000);
}
[[nodiscard]] constexpr Qty btc(std::int64_t value) {
  return Qty::from_raw(value * Qty::kOne);
}

[[nodiscard]] SampleRun sample_run();

/// A decision row at minute `minute` with p, sigma, f1 and all thresholds known and no signal.
[[nodiscard]] strategy::DecisionRow decision(int minute);

void record_all(RunWriter& writer, const SampleRun& run);
RunResult write(const SampleRun& run, const std::filesystem::path& folder, bool force = false);

/// An empty folder of its own for the running test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::vector<std::string> names() const;  // of what is in it, sorted

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string read_text(const std::filesystem::path& path);

}  // namespace toxvol::run::test
