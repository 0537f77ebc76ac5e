#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "toxvol/run/violations.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/own_signal.hpp"

namespace toxvol::run {

/// Decisions of a run on a user's own signal against the rows that it kept: each is made again
/// (R57). Of other runs: that none names one.
class SignalAudit {
 public:
  /// Reads signal.parquet where run.json tells of a signal. Throws `Error`.
  SignalAudit(const std::filesystem::path& run, const nlohmann::ordered_json& run_json,
              Violations& violations);

  void add(const strategy::DecisionRow& row);
  /// After the last row.
  void finish();
  /// Of the rows; nothing where the run had no signal.
  [[nodiscard]] const std::optional<std::string>& sha256() const { return sha256_; }

 private:
  void expect(const char* what, std::int64_t is);

  const nlohmann::ordered_json& run_json_;
  Violations& violations_;
  std::optional<strategy::OwnSignal> own_;
  std::optional<std::string> sha256_;
  std::int64_t rows_ = 0;
};

}  // namespace toxvol::run
