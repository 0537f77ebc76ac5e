#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/regime.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/strategy/toxvol.hpp"

namespace toxvol::study {

/// The configuration that a stitched run has from a time on.
struct Stage {
  Timestamp from{};
  strategy::StrategyParams params;
  bool enters = true;  // otherwise only what is open is managed (R42 `flat`)
};

/// One factor model after another over one market (R43). Each folds and warms up on its own from
/// `warmup` before its stage on, as it would in a run that begins there, and speaks from the first
/// row that opens at or after it.
class Stages {
 public:
  /// At least one stage; they ascend. Of an earlier row than the first stage's, its model speaks.
  Stages(std::vector<Stage> stages, Instrument instrument, Inputs inputs, Duration warmup);

  void on(const Trade& trade) { give(trade); }
  void on(const Quote& quote) { give(quote); }
  void on(std::span<const Trade> trades) {
    for (const Trade& trade : trades) give(trade);
  }
  void on(std::span<const Quote> quotes) {
    for (const Quote& quote : quotes) give(quote);
  }
  void on(const Metrics& metrics) { give_publication(metrics); }
  void on(const Funding& funding) { give_publication(funding); }
  /// The row of the model that speaks; all others that fold have theirs.
  const MinuteRow& close(const Bar& bar);
  /// After `close` of the same bar.
  const factors::FactorRow& update();
  /// What that row is the first of; null where it is the first of nothing.
  [[nodiscard]] const strategy::ModelChange* change() const {
    return change_ ? &*change_ : nullptr;
  }

 private:
  struct Model {
    Stage stage;
    Timestamp begin{};  // of its warm-up
    factors::MinuteFolder folder;
    factors::FactorModel factors;
    const MinuteRow* row = nullptr;  // of the bar that was closed last
    std::optional<Regime> regime{};  // of the row before
  };

  /// Those whose warm-up has begun fold from now on.
  void begin_until(Timestamp ts);
  template <class Tick>
  void give(const Tick& tick) {
    if (tick.ts_event >= next_begin_) begin_until(tick.ts_event);
    for (Model& model : models_) {
      if (tick.ts_event >= model.begin) model.folder.on(tick);
    }
  }
  template <class Record>
  void give_publication(const Record& record) {
    if (record.ts_event >= next_begin_) begin_until(record.ts_event);
    for (Model& model : models_) {
      if (record.ts_event >= model.begin) model.factors.on(record);
    }
  }

  std::vector<Stage> stages_;
  Instrument instrument_;
  Inputs inputs_;
  Duration warmup_;
  std::vector<Model> models_;  // that fold: the first one speaks
  std::size_t begun_ = 0;      // stages whose model was made
  Timestamp next_begin_{};     // of the next one's warm-up
  std::optional<strategy::ModelChange> change_;
};

/// Stages as the engine asks for them: trading::Folding …
class StagedFolding {
 public:
  explicit StagedFolding(Stages& stages) : stages_{&stages} {}
  void on(const Trade& trade) { stages_->on(trade); }
  void on(const Quote& quote) { stages_->on(quote); }
  void on(std::span<const Trade> trades) { stages_->on(trades); }
  void on(std::span<const Quote> quotes) { stages_->on(quotes); }
  const MinuteRow& close(const Bar& bar) { return stages_->close(bar); }

 private:
  Stages* stages_;
};

/// … and strategy::ChangingSource.
class StagedModel {
 public:
  explicit StagedModel(Stages& stages) : stages_{&stages} {}
  void on(const Metrics& metrics) { stages_->on(metrics); }
  void on(const Funding& funding) { stages_->on(funding); }
  const factors::FactorRow& update(const MinuteRow& /*row*/) { return stages_->update(); }
  [[nodiscard]] const strategy::ModelChange* change() const { return stages_->change(); }

 private:
  Stages* stages_;
};

}  // namespace toxvol::study
