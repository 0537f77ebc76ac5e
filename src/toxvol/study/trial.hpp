#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "toxvol/core/time.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

/// What evaluated a configuration to a profit on data (R21).
enum class TrialKind : std::uint8_t {
  Run,
  Ablation,
  Sweep,
  Train,
  Walkforward,
  Signal,
  Nautilus,
  Script,  // from here on logged, never counted: no choice of a strategy
  Band,
  World
};
[[nodiscard]] std::string_view name(TrialKind kind);
[[nodiscard]] constexpr bool is_counted(TrialKind kind) {
  return kind < TrialKind::Script;
}

/// What makes two trials one (R22): configuration, window, data and a user's own signal.
struct TrialIdentity {
  std::string config_sha256;
  std::string symbol;
  Timestamp from{};
  Timestamp to{};
  std::string input_lines;                     // run::input_lines
  std::optional<std::string> signal_sha256{};  // of its rows
};
/// 64 hexadecimal digits.
[[nodiscard]] std::string trial_id(const TrialIdentity& identity);

/// A line of the trial log (R23). Ratios are of one unit, not annualised.
struct Trial {
  std::string id;
  TrialKind kind = TrialKind::Run;
  std::optional<std::string> study;  // that it is a member of
  Timestamp at{};                    // when it was evaluated
  std::string symbol;
  Timestamp from{};
  Timestamp to{};
  std::string config;  // SHA-256 of the configuration
  std::string inputs;  // SHA-256 of the input lines
  Unit unit = Unit::Hour;
  std::int64_t n = 0;
  std::optional<double> sharpe;
  std::optional<double> skewness;
  std::optional<double> kurtosis;
  std::optional<double> px_sharpe;
  std::string gross;  // USDT, decimal
  std::string net;
  std::int64_t positions = 0;
  bool synthetic = false;
  std::string version;  // of toxvol
};

/// The line that ends a study: how many of its trials are different (R15).
struct StudyEnd {
  std::string id;
  std::string type{};  // sweep, ablation …
  std::int64_t members = 0;
  std::optional<double> rho{};
  std::optional<double> n_hat{};
};

/// All but how it came about: kind, study, at, synthetic and version are the caller's to set.
[[nodiscard]] Trial trial_of(const TrialIdentity& identity, const run::Summary& summary,
                             const Inference& inference);

/// Ended by a line feed.
[[nodiscard]] std::string line_of(const Trial& trial);
[[nodiscard]] std::string line_of(const StudyEnd& study);
/// Back from a line without its line feed; nothing where it is damaged or of a version that this
/// one cannot read.
[[nodiscard]] std::optional<std::variant<Trial, StudyEnd>> read_line(std::string_view line);

}  // namespace toxvol::study
