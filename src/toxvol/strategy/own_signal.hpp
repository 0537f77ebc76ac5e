#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/strategy/judgement.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/signal.hpp"

namespace toxvol::strategy {

/// Where the rows of a user's own signal come from (R57): a table that was there before the run, or
/// a function that is asked while it runs.
class SignalSource {
 public:
  SignalSource() = default;
  SignalSource(const SignalSource&) = delete;
  SignalSource& operator=(const SignalSource&) = delete;
  virtual ~SignalSource() = default;

  /// Called once for each decision row, in order. Of the user's rows that became known since the
  /// call before, those with ts_init < `known_before`, the last; nothing where none did.
  [[nodiscard]] virtual std::optional<SignalRow> newest(const factors::FactorRow& row, Qty position,
                                                        Timestamp known_before) = 0;
};

using SignalRows = std::shared_ptr<const std::vector<SignalRow>>;

/// Rows that were there before the run, ascending in ts_init. Several runs can share them.
class SignalTable final : public SignalSource {
 public:
  explicit SignalTable(SignalRows rows) : rows_{std::move(rows)} {}

  [[nodiscard]] std::optional<SignalRow> newest(const factors::FactorRow& row, Qty position,
                                                Timestamp known_before) override;

 private:
  SignalRows rows_;
  std::size_t next_ = 0;
};

/// What a user's function says at a decision row.
struct SignalAnswer {
  int direction = 0;
  double size = 1.0;
};
/// Nothing: it has nothing to say, and what it said before stands as long as `signal.max_age`.
/// There is no position where it is asked before the run.
using SignalFunction = std::function<std::optional<SignalAnswer>(const factors::FactorRow& row,
                                                                 std::optional<Qty> position)>;

/// What it says at a decision row as a row with the bar's end as its ts_init, so that a table of
/// them is the same signal.
[[nodiscard]] std::optional<SignalRow> asked(const SignalFunction& ask,
                                             const factors::FactorRow& row,
                                             std::optional<Qty> position);

/// Asks a function at each decision row and keeps what it says as rows.
class AskedSignal final : public SignalSource {
 public:
  /// A row at or after `to` would lie outside the run, as of a table.
  AskedSignal(SignalFunction ask, Timestamp to) : ask_{std::move(ask)}, to_{to} {}

  [[nodiscard]] std::optional<SignalRow> newest(const factors::FactorRow& row, Qty position,
                                                Timestamp known_before) override;
  [[nodiscard]] const std::vector<SignalRow>& rows() const { return rows_; }
  /// Answers that became no row.
  [[nodiscard]] std::int64_t ignored() const { return ignored_; }

 private:
  SignalFunction ask_;
  Timestamp to_;
  std::vector<SignalRow> rows_;
  std::int64_t ignored_ = 0;
};

/// A user's own signal in place of A2 and A3 (R57, docs/own_signals.md).
class OwnSignal {
 public:
  OwnSignal(std::shared_ptr<SignalSource> source, const StrategyParams& params);

  /// What the row says, before guards, costs and position; the source is asked at decision rows.
  /// `told`: the steps and the user's row, as of `signal`.
  [[nodiscard]] Signal at(const factors::FactorRow& row, Qty position, Judgement* told = nullptr);
  /// The row that counts at this decision row: the last known by C2, if not older than `max_age`.
  [[nodiscard]] std::optional<SignalRow> standing(const factors::FactorRow& row, Qty position);
  /// Mode `target`: the row given to `at` last asks for another side than `direction`, or for none.
  [[nodiscard]] bool leaves(int direction) const { return target_ && *target_ != direction; }

  /// How many rows stood at a decision row.
  [[nodiscard]] std::int64_t used() const { return used_; }
  /// How many were the last one known at a decision row, but too old at each.
  [[nodiscard]] std::int64_t stale() const { return stale_; }

 private:
  std::shared_ptr<SignalSource> source_;
  SignalParams signal_;
  factors::CrowdingParams crowding_;
  Duration max_age_;
  Duration bar_delay_;

  std::optional<SignalRow> last_;
  bool is_counted_ = false;    // `last_`, as used or stale
  std::optional<int> target_;  // mode target at a decision row
  std::int64_t used_ = 0;
  std::int64_t stale_ = 0;
};

}  // namespace toxvol::strategy
