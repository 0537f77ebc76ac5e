#include "toxvol/study/stages.hpp"

#include <utility>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/minute_folder.hpp"
#include "toxvol/factors/model.hpp"

namespace toxvol::study {

Stages::Stages(std::vector<Stage> stages, Instrument instrument, Inputs inputs, Duration warmup)
    : stages_{std::move(stages)},
      instrument_{std::move(instrument)},
      inputs_{inputs},
      warmup_{warmup} {
  TOXVOL_ASSERT(!stages_.empty());
  next_begin_ = stages_.front().from - warmup_;
  begin_until(next_begin_);
}

void Stages::begin_until(Timestamp ts) {
  while (ts >= next_begin_) {
    const Stage& stage = stages_[begun_];
    models_.push_back({.stage = stage,
                       .begin = next_begin_,
                       .folder = {stage.params.factors, instrument_, inputs_},
                       .factors = {stage.params.factors, inputs_}});
    ++begun_;
    next_begin_ = begun_ < stages_.size() ? stages_[begun_].from - warmup_ : Timestamp::max();
  }
}

const MinuteRow& Stages::close(const Bar& bar) {
  const Timestamp open = bar.ts_event - kMinute;
  if (open >= next_begin_) begin_until(open);
  change_.reset();
  while (models_.size() > 1 && open >= models_[1].stage.from) {
    models_.erase(models_.begin());
    const Model& model = models_.front();
    change_ = {.params = model.stage.params, .regime = model.regime, .enters = model.stage.enters};
  }
  for (Model& model : models_) {
    model.row = open >= model.begin ? &model.folder.close(bar) : nullptr;
  }
  return *models_.front().row;
}

const factors::FactorRow& Stages::update() {
  const factors::FactorRow* spoken = nullptr;
  for (Model& model : models_) {
    if (model.row == nullptr) continue;
    const factors::FactorRow& row = model.factors.update(*model.row);
    model.regime = row.crowding.regime;
    if (spoken == nullptr) spoken = &row;
  }
  return *spoken;
}

}  // namespace toxvol::study
