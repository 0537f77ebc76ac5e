#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/config/config.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/engine/known_minutes.hpp"
#include "toxvol/engine/minute_keeper.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/minutes/minute_file.hpp"
#include "toxvol/minutes/store.hpp"

namespace toxvol::jobs {

/// Whether minutes are taken from the catalog and kept there: where that saves time, wherever it is
/// possible, or not at all.
enum class MinutesUse : std::uint8_t { Auto, Keep, None };
/// `auto`, `keep`, `none`. Throws `UsageError` that names `option`.
[[nodiscard]] MinutesUse minutes_use(std::string_view word, std::string_view option);

/// The minute rows of a run's market: read where an earlier run has kept them in the catalog, else
/// kept for later runs. Nothing that a run leaves depends on it. docs/engine.md#known-minutes
class MarketMinutes {
 public:
  /// Neither known nor kept: of raw files, of a catalog that another program wrote or that cannot
  /// be written, and where every tick has to be gone through (parity, random delays …).
  /// `market` and `progress` outlive it.
  MarketMinutes(const MarketOptions& options, const config::Config& config, MinutesUse wanted,
                Market& market, Progress& progress);

  [[nodiscard]] engine::KnownMinutes* known() { return known_ ? &*known_ : nullptr; }
  [[nodiscard]] engine::MinuteKeeper* keeper() { return keeper_ ? &*keeper_ : nullptr; }

  /// After the run.
  void finish();

 private:
  void use(const minutes::Kept& kept);
  void keep(const engine::EngineParams& params);
  /// A catalog that cannot hold minutes does not end a run.
  template <class Action>
  void or_not_kept(Action action);

  Market& market_;
  Progress& progress_;
  std::filesystem::path folder_;
  std::string key_;
  Timestamp begin_{};

  std::optional<minutes::MinuteFileReader> reader_;
  std::optional<engine::KnownMinutes> known_;
  std::optional<minutes::Keeping> keeping_;
  std::optional<engine::MinuteKeeper> keeper_;
};

}  // namespace toxvol::jobs
