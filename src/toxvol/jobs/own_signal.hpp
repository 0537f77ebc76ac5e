#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/side_by_side.hpp"

struct ArrowArrayStream;

namespace toxvol::jobs {

/// A user's own signal as he gives it (R57, docs/own_signals.md): rows, or a function.
struct SignalInput {
  std::string name;  // for messages: the file
  std::vector<SignalRow> rows{};
  std::vector<std::string> other_columns{};  // of his table, that are not looked at
  strategy::SignalFunction ask{};            // empty: the rows
};

/// A Parquet file. Throws `Error`, one line with row and value.
[[nodiscard]] SignalInput read_signal(const std::string& path);
/// A table of another program, by Arrow's C interface; it is consumed.
[[nodiscard]] SignalInput read_signal(ArrowArrayStream& stream);

/// The signal in one run: before it a source for the strategy, after it what run.json tells.
class SignalOfRun {
 public:
  /// Tells of columns and rows that are not looked at.
  SignalOfRun(const SignalInput& input, const config::Config& config, const Market& market,
              Progress& progress);

  [[nodiscard]] const std::shared_ptr<strategy::OwnSignal>& own() const { return own_; }
  [[nodiscard]] run::OwnSignalInfo info() const;

 private:
  strategy::SignalRows rows_;
  std::shared_ptr<strategy::AskedSignal> asked_;
  std::int64_t ignored_ = 0;
  std::shared_ptr<strategy::OwnSignal> own_;
};

/// What a function says of each decision row of the market's window, before any run; the answer to
/// its last bar is the row at its end. Consumes the market.
[[nodiscard]] std::vector<SignalRow> asked_rows(const strategy::SignalFunction& ask, Market& market,
                                                const config::Config& config, Progress& progress);

/// The rows that all runs of a study share. A function is asked once, of the rows of its base.
[[nodiscard]] study::OwnRows signal_of_study(const SignalInput& input, Market& market,
                                             const config::Config& base, Progress& progress);

/// Whether a key changes nothing in a run with, or without, a signal of one's own: with one, what
/// chooses directions by our factors and what asks for regime and toxicity.
[[nodiscard]] bool is_idle(std::string_view key, bool has_signal, bool asks_pressure);

/// Throws `UsageError` for keys that were typed, and `Error` for `signal.*` of a file, that would
/// change nothing.
void check_idle_keys(const config::Config& config, bool has_signal);
/// The same for an axis of a design none of whose keys would change anything.
void check_idle_axes(const study::Design& design, const config::Config& base, bool has_signal);
/// Marks variants whose changes would change nothing as not applicable.
void leave_out_idle(study::DesignPoints& points, bool has_signal);

}  // namespace toxvol::jobs
