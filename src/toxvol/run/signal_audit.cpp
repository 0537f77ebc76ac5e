#include "toxvol/run/signal_audit.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/columnar/signal_reader.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/run/violations.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {

namespace {

using Json = nlohmann::ordered_json;
using trading::Reason;

constexpr const char* kSort = "signal";

/// A duration of the configuration; nothing for a word, as `cadence`. A tampered document may have
/// anything anywhere.
std::optional<Duration> duration_at(const Json& run_json, const char* pointer) {
  const Json value = run_json.value(Json::json_pointer{pointer}, Json(nullptr));
  return value.is_string() ? parse_duration(value.get<std::string>()) : std::nullopt;
}

strategy::StrategyParams params_of(const Json& run_json) {
  strategy::StrategyParams params;
  params.factors.cadence = duration_at(run_json, "/config/run/cadence").value_or(kMinute);
  params.factors.data.bar_delay =
      duration_at(run_json, "/config/data/bar_delay").value_or(Duration{});
  params.signal.max_age = duration_at(run_json, "/config/signal/max_age");
  return params;
}

bool needs_no_signal(Reason reason) {
  return reason == Reason::NoQuotes || reason == Reason::NoMetrics || reason == Reason::NoFunding ||
         reason == Reason::Warmup;
}

}  // namespace

SignalAudit::SignalAudit(const std::filesystem::path& run, const Json& run_json,
                         Violations& violations)
    : run_json_{run_json}, violations_{violations} {
  const bool is_told = run_json.contains("signal");
  const bool is_there = std::filesystem::exists(run / kSignalFile);
  if (is_told != is_there) {
    violations_.add(kSort, is_there ? "signal.parquet is there, run.json tells of none"
                                    : "signal.parquet is missing, run.json tells of one");
  }
  if (!is_there) return;
  auto rows = std::make_shared<std::vector<SignalRow>>(
      columnar::read_signal((run / kSignalFile).string()).rows);
  rows_ = std::ssize(*rows);
  sha256_ = signal_sha256(*rows);
  own_.emplace(std::make_shared<strategy::SignalTable>(std::move(rows)), params_of(run_json));
}

void SignalAudit::add(const strategy::DecisionRow& row) {
  if (!row.decides) return;
  const std::string when = to_string(row.factors.ts);
  if (!own_) {
    if (row.alpha == trading::Alpha::Signal || row.reason == Reason::NoSignal) {
      violations_.add("decisions", when + ": names a signal, and the run had none");
    }
    return;
  }
  const std::optional<SignalRow> wish = own_->standing(row.factors, row.position);
  const int direction = wish ? wish->direction : 0;
  const bool is_asked = !needs_no_signal(row.reason);
  const bool stands = is_asked && direction != 0;
  const bool is_alpha = row.alpha == trading::Alpha::Signal;
  if (is_alpha != stands || row.direction.value_or(0) != (stands ? direction : 0) ||
      (row.reason == Reason::NoSignal) != (is_asked && direction == 0) ||
      (!is_alpha && row.alpha != trading::Alpha::None)) {
    violations_.add("decisions", fmt::format("{}: signal.parquet says {}, the row {} {} ({})", when,
                                             direction, trading::name(row.alpha),
                                             row.direction.value_or(0), trading::name(row.reason)));
  }
}

void SignalAudit::expect(const char* what, std::int64_t is) {
  const Json said = run_json_.at("signal").value(what, Json(nullptr));
  if (said == is) return;
  violations_.add("run.json",
                  fmt::format("signal.{} is {}, the tables make it {}", what, said.dump(), is));
}

void SignalAudit::finish() {
  if (!own_ || !run_json_.contains("signal") || !run_json_.at("signal").is_object()) return;
  expect("rows", rows_);
  expect("used", own_->used());
  expect("stale", own_->stale());
  if (run_json_.at("signal").value("sha256", Json(nullptr)) != held(sha256_)) {
    violations_.add("run.json", "signal.sha256 is not the hash of signal.parquet's rows");
  }
}

}  // namespace toxvol::run
