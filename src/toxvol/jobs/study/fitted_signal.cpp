#include "toxvol/jobs/study/fitted_signal.hpp"

#include <cerrno>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <stdlib.h>  // mkdtemp

#include "toxvol/config/config.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/jobs/factors.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/own_signal.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/strategy/own_signal.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/folds.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {

namespace {

/// A folder of the system's for temporary files, gone with its owner.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "toxvol-fit-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) {
      throw Error{path + ": " + std::generic_category().message(errno)};
    }
    path_ = path;
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

class Fitter {
 public:
  Fitter(const SignalFit& fit, MarketOptions market, const config::Config& base,
         const std::filesystem::path& folder, Progress& progress)
      : fit_{fit},
        market_{std::move(market)},
        base_{base},
        rows_{folder / "rows.parquet"},
        progress_{progress} {}

  [[nodiscard]] strategy::SignalFunction learn(Timestamp from, Timestamp to) {
    static_cast<void>(run_factors(
        {.market = window(from, to), .config = base_, .out = rows_, .force = true}, progress_));
    return fit_(rows_);
  }

  [[nodiscard]] std::vector<SignalRow> said(const strategy::SignalFunction& ask, Timestamp from,
                                            Timestamp to) {
    Market market = open_market(window(from, to), base_, rows_.parent_path(), progress_);
    return asked_rows(ask, market, base_, progress_);
  }

 private:
  [[nodiscard]] MarketOptions window(Timestamp from, Timestamp to) const {
    MarketOptions wanted = market_;
    wanted.from = to_string(from);
    wanted.to = to_string(to);
    wanted.is_settled = true;  // with the study's whole window
    return wanted;
  }

  const SignalFit& fit_;
  MarketOptions market_;
  const config::Config& base_;
  std::filesystem::path rows_;
  Progress& progress_;
};

/// Of rows before `to`, as of a run that ends there.
study::OwnRows own_rows(std::vector<SignalRow> rows, Timestamp to) {
  std::erase_if(rows, [to](const SignalRow& row) { return row.ts_init >= to; });
  std::string sha256 = run::signal_sha256(rows);
  return {.rows = std::make_shared<const std::vector<SignalRow>>(std::move(rows)),
          .sha256 = std::move(sha256)};
}

}  // namespace

FittedSignals fit_signals(const SignalFit& fit, const MarketOptions& market,
                          const config::Config& base, std::span<const study::Fold> folds,
                          Progress& progress) {
  const ScratchFolder scratch;
  Fitter fitter{fit, market, base, scratch.path(), progress};
  FittedSignals fitted;
  std::vector<SignalRow> stitched;
  std::string hashes;
  for (const study::Fold& fold : folds) {
    const strategy::SignalFunction ask = fitter.learn(fold.train_from, fold.train_to);
    fitted.training.push_back(
        own_rows(fitter.said(ask, fold.train_from, fold.train_to), fold.train_to));
    hashes += fitted.training.back().sha256;
    const std::vector<SignalRow> rows = fitter.said(ask, fold.test_from, fold.test_to);
    stitched.insert(stitched.end(), rows.begin(), rows.end());
  }
  const Timestamp from = folds.front().test_from;
  const Timestamp to = folds.back().test_to;
  fitted.stitched = own_rows(std::move(stitched), to);
  fitted.sample = own_rows(fitter.said(fitter.learn(from, to), from, to), to);
  fitted.sha256 = io::sha256_hex(hashes + fitted.stitched.sha256 + fitted.sample.sha256);
  return fitted;
}

void refuse_other_fits(study::Design& design) {
  using Fits = std::vector<study::WalkForward::Fit>;
  TOXVOL_ASSERT(design.walkforward.has_value());
  Fits& fits = design.walkforward->fit;
  if (!fits.empty() && fits != study::WalkForward{}.fit) {
    throw UsageError{fmt::format(
        "{}: [walkforward] fit: with a signal of your own its function is what is fitted; leave "
        "it out",
        design.file)};
  }
  fits.clear();
  for (const study::Axis& axis : design.axes) {
    for (const std::string& key : axis.keys) {
      if (!key.starts_with("signal.")) continue;
      throw UsageError{fmt::format("{}:{}: axis {}: {} is the same for all folds; use --set",
                                   design.file, axis.line, axis.name, key)};
    }
  }
}

}  // namespace toxvol::jobs
