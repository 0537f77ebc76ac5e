#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/poison/rows.hpp"

namespace toxvol::jobs {

/// A catalog or a folder of raw files, asked in the same words. Its methods throw `Error`.
class DataSource {
 public:
  /// Throws `UsageError` unless `options` names one of both.
  DataSource(const MarketOptions& options, std::string symbol, std::filesystem::path spill_folder);

  [[nodiscard]] bool is_raw() const { return !raw_.empty(); }
  [[nodiscard]] std::string name() const;
  [[nodiscard]] const std::string& symbol() const { return symbol_; }
  [[nodiscard]] catalog::Coverage coverage() const;
  /// `workers`, where there are any, may read a catalog ahead; they outlive what is opened.
  [[nodiscard]] catalog::OpenedMarket open(Timestamp from, Timestamp to, Inputs inputs,
                                           Workers* workers = nullptr) const;
  [[nodiscard]] Instrument instrument(Timestamp from, Timestamp to, Progress& progress) const;
  /// The mark of a synthetic market, where it is one.
  [[nodiscard]] std::optional<std::filesystem::path> synthetic_label() const;
  /// Rows of the findings that touch a day of [from, to), by code. A raw run stores no findings.
  [[nodiscard]] std::map<std::string, std::int64_t> quality(Timestamp from, Timestamp to) const;
  /// What there is of the symbol in [from, to), a line a file: other data, another text.
  [[nodiscard]] std::string identity(Timestamp from, Timestamp to) const;
  [[nodiscard]] std::string known_symbols() const;

 private:
  std::string symbol_;
  std::filesystem::path catalog_;
  std::vector<std::filesystem::path> raw_;
  std::filesystem::path spill_;
  std::optional<Poison> poison_;
};

}  // namespace toxvol::jobs
