#include "toxvol/jobs/own_signal.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/columnar/signal_reader.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/jobs/factors.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {

namespace {

SignalInput named(std::string name, columnar::SignalRead read) {
  return {.name = std::move(name),
          .rows = std::move(read.rows),
          .other_columns = std::move(read.other_columns),
          .ask = {}};
}

/// The rows in [from, to); the others are told of.
strategy::SignalRows rows_within(const SignalInput& input, Timestamp from, Timestamp to,
                                 Progress& progress) {
  auto rows = std::make_shared<std::vector<SignalRow>>();
  std::copy_if(input.rows.begin(), input.rows.end(), std::back_inserter(*rows),
               [&](const SignalRow& row) { return row.ts_init >= from && row.ts_init < to; });
  if (!input.other_columns.empty()) {
    progress.tell(fmt::format("{}: not looked at: {}; a signal has ts_init, direction, size",
                              input.name, fmt::join(input.other_columns, ", ")));
  }
  const auto outside = input.rows.size() - rows->size();
  // A row of the window's last bar has its end as its time: nothing to tell of.
  const bool is_told =
      outside > 0 && (input.rows.front().ts_init < from || input.rows.back().ts_init > to);
  if (is_told) {
    progress.tell(fmt::format("{}: {} of {} rows lie outside of [{}, {}) and are not looked at",
                              input.name, outside, input.rows.size(), to_string(from),
                              to_string(to)));
  }
  return rows;
}

constexpr std::string_view kWith = "has no effect with a signal of your own (docs/own_signals.md)";
constexpr std::string_view kWithout = "has no effect without --signal (docs/own_signals.md)";

std::string_view why_idle(bool has_signal) {
  return has_signal ? kWith : kWithout;
}

}  // namespace

SignalInput read_signal(const std::string& path) {
  return named(path, columnar::read_signal(path));
}

SignalInput read_signal(ArrowArrayStream& stream) {
  constexpr const char* kName = "signal";
  return named(kName, columnar::read_signal(stream, kName));
}

SignalOfRun::SignalOfRun(const SignalInput& input, const config::Config& config,
                         const Market& market, Progress& progress) {
  std::shared_ptr<strategy::SignalSource> source;
  if (input.ask) {
    asked_ = std::make_shared<strategy::AskedSignal>(input.ask, market.to);
    source = asked_;
  } else {
    rows_ = rows_within(input, market.from, market.to, progress);
    ignored_ = std::ssize(input.rows) - std::ssize(*rows_);
    source = std::make_shared<strategy::SignalTable>(rows_);
  }
  own_ = std::make_shared<strategy::OwnSignal>(std::move(source), config.strategy);
}

run::OwnSignalInfo SignalOfRun::info() const {
  const std::vector<SignalRow>& rows = asked_ ? asked_->rows() : *rows_;
  return {.rows = rows,
          .sha256 = run::signal_sha256(rows),
          .used = own_->used(),
          .stale = own_->stale(),
          .ignored = asked_ ? asked_->ignored() : ignored_};
}

std::vector<SignalRow> asked_rows(const strategy::SignalFunction& ask, Market& market,
                                  const config::Config& config, Progress& progress) {
  std::vector<SignalRow> rows;
  const auto keep = [&](const factors::FactorRow& row) {
    if (!row.decides) return;
    if (const auto said = strategy::asked(ask, row, std::nullopt)) rows.push_back(*said);
  };
  stream_factors(market, config, keep, progress);
  return rows;
}

study::OwnRows signal_of_study(const SignalInput& input, Market& market, const config::Config& base,
                               Progress& progress) {
  SignalInput said{.name = input.name, .rows = input.rows, .other_columns = input.other_columns};
  if (input.ask) said.rows = asked_rows(input.ask, market, base, progress);
  study::OwnRows own{.rows = rows_within(said, market.from, market.to, progress), .sha256 = {}};
  own.sha256 = run::signal_sha256(*own.rows);
  return own;
}

bool is_idle(std::string_view key, bool has_signal, bool asks_pressure) {
  if (!has_signal) return key.starts_with("signal.");
  const bool is_of_pressure = key.starts_with("pressure.") || key.starts_with("z.") ||
                              key.starts_with("thresholds.") || key == "alpha_a.pressure";
  if (is_of_pressure) return !asks_pressure;  // M27 asks for it
  return key.starts_with("alpha_a.") || key.starts_with("alpha_b.") ||
         key.starts_with("toxicity.") || key.starts_with("crowding.") || key == "guards.on_flip" ||
         key == "size.toxic_scale";
}

void check_idle_keys(const config::Config& config, bool has_signal) {
  static const config::Config defaults;
  for (const config::Key& key : config::keys()) {
    if (!is_idle(key.name, has_signal, config.strategy.exit.opposite_pressure)) continue;
    const bool is_typed = config::is_typed(config, key.name);
    const std::string value = config::to_toml(key.get(config));
    // A file has every key of a preset; of a signal it has them because it is meant for one.
    const bool is_meant = !has_signal && value != config::to_toml(key.get(defaults));
    if (!is_typed && !is_meant) continue;
    const std::string text = fmt::format("{}: {} = {}: {}", config::place_of(config, key.name),
                                         key.name, value, why_idle(has_signal));
    if (is_typed) throw UsageError{text};
    throw Error{text, ErrorCode::Config};
  }
}

void check_idle_axes(const study::Design& design, const config::Config& base, bool has_signal) {
  for (const study::Axis& axis : design.axes) {
    const bool is_moot = std::all_of(axis.keys.begin(), axis.keys.end(), [&](const auto& key) {
      return is_idle(key, has_signal, base.strategy.exit.opposite_pressure);
    });
    if (!is_moot) continue;
    throw UsageError{fmt::format("{}:{}: axis {} {}; leave it out", design.file, axis.line,
                                 axis.name, why_idle(has_signal))};
  }
}

void leave_out_idle(study::DesignPoints& points, bool has_signal) {
  for (study::Point& point : points.points) {
    if (point.status != study::PointStatus::Ok || point.changes.empty()) continue;
    const bool is_moot =
        std::all_of(point.changes.begin(), point.changes.end(), [&](const auto& change) {
          return is_idle(change.first, has_signal, point.config.strategy.exit.opposite_pressure);
        });
    if (!is_moot) continue;
    point.status = study::PointStatus::NotApplicable;
    point.message = fmt::format("{} {}", study::set_text(point), why_idle(has_signal));
  }
}

}  // namespace toxvol::jobs
