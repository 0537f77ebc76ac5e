#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/pairs.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

/// A variant's unit returns less those of its base (R34).
struct Difference {
  stats::Pair pair;                  // per unit
  std::optional<double> adjusted_p;  // for having looked at the whole family (R18)
};

/// One line of an ablation: what changes against the base, and what that does.
struct VariantRow {
  std::string name;
  std::string group;
  std::string base;  // the name of the variant that it is compared with; its own for a base
  std::string set;   // TOML, `key = value` joined by `, `
  std::string says;  // what it changes, in words; may be empty. Not in the table
  ResultRow result;
  Difference net;
  Difference px;
  std::optional<std::int64_t> decisions_changed;  // decision rows of another alpha or direction
  std::optional<double> entries_shared;           // share of the base's entries that it has too
};

/// What a base is called that is the only one; of several each has its own name.
inline constexpr std::string_view kBaseName = "base";
/// Assumptions about the world, not choices of a strategy: told, never a trial.
inline constexpr std::string_view kWorldGroup = "world";
/// Readings added later than the shipped list: outside its family.
inline constexpr std::string_view kExtraGroup = "extra";

/// Compares every variant with its base, each base's as families of their own, and judges all of
/// them together. `base` of each names a variant that names itself.
[[nodiscard]] Contest compare(std::vector<VariantRow>& variants, const stats::Resampling& how);

/// The finding in a sentence, one for each base (R35).
[[nodiscard]] std::string words_of(const std::vector<VariantRow>& variants);

template <class Visit>
void columns(const std::string& prefix, const Difference& d, Unit unit, Visit&& column) {
  const PairScale scale{unit};
  scale.mean(prefix, d.pair, column);
  column(prefix + "p_rw", d.adjusted_p);
  scale.sharpe(prefix, d.pair, column);
}

template <class Visit>
void columns(const VariantRow& variant, Visit&& column) {
  column("variant", variant.name);
  column("group", variant.group);
  column("base", variant.base);
  column("set", variant.set);
  columns(variant.result, column);
  const Unit unit = variant.result.inference.unit;
  columns("d_", variant.net, unit, column);
  columns("pxd_", variant.px, unit, column);
  column("decisions_changed", variant.decisions_changed);
  column("entries_shared", variant.entries_shared);
}

}  // namespace toxvol::study
