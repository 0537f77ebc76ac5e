#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/catalog/jobs/kept_ranges.hpp"
#include "toxvol/catalog/store/sidecar.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"

/// What is found only by looking at several outputs together: the kinds of one day against each
/// other, and open interest over all days. The findings stand in a sidecar of their own.
namespace toxvol::catalog {

struct Comparison {
  std::string_view kind;  // kCrossSidecar, kScaleSidecar
  std::string symbol;
  Day first{};
  Day last{};          // cross: first
  std::string inputs;  // digest of the outputs compared
  std::string quotes;  // cross: SHA-256 of the day's only output of quotes, else empty
};

/// The kind that its findings are told under.
[[nodiscard]] Kind kind_of(const Comparison& comparison);

/// All that the outputs of these symbols give, whether done before or not.
[[nodiscard]] std::vector<Comparison> comparisons(const std::vector<Sidecar>& sidecars,
                                                  const std::set<std::string>& symbols);

/// Compares and keeps the result, or takes the one kept before for the same outputs.
[[nodiscard]] Sidecar compare(const std::filesystem::path& catalog, const Comparison& comparison,
                              const KeptRanges& ranges);

}  // namespace toxvol::catalog
