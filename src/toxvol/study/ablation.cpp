#include "toxvol/study/ablation.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/core/normal.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/family.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/contest.hpp"
#include "toxvol/study/outcome.hpp"
#include "toxvol/study/pairs.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/study/unit_returns.hpp"

namespace toxvol::study {

namespace {

constexpr double kSignificant = 0.05;
constexpr std::size_t kTold = 3;  // of those that differ: a headline is read, a list is not

bool is_trial(const VariantRow& variant) {
  return variant.group != kWorldGroup;
}
/// Whether it is of the list whose family is judged (R33).
bool is_choice(const VariantRow& variant) {
  return is_trial(variant) && variant.group != kExtraGroup;
}

/// Decision rows whose letters differ; rows that only one of them has differ.
std::int64_t changed(const std::string& base, const std::string& variant) {
  const std::size_t both = std::min(base.size(), variant.size());
  std::int64_t count = static_cast<std::int64_t>(std::max(base.size(), variant.size()) - both);
  for (std::size_t i = 0; i < both; ++i) count += base[i] != variant[i] ? 1 : 0;
  return count;
}

std::optional<double> shared(std::vector<Entry> base, std::vector<Entry> variant) {
  if (base.empty()) return std::nullopt;
  std::sort(base.begin(), base.end());
  std::sort(variant.begin(), variant.end());
  std::vector<Entry> both;
  std::set_intersection(base.begin(), base.end(), variant.begin(), variant.end(),
                        std::back_inserter(both));
  return static_cast<double>(both.size()) / static_cast<double>(base.size());
}

double difference_of(const VariantRow& variant) {
  return variant.net.pair.d.value_or(0.0);
}

/// What it changes in words with its name, the difference and its interval.
std::string told(const VariantRow& variant) {
  const double daily = 1e4 * static_cast<double>(kDay.count()) /
                       static_cast<double>(length_of(variant.result.inference.unit).count());
  const double d = difference_of(variant);
  const auto range = variant.net.pair.range.value_or(stats::Range{});
  const std::string what = variant.says.empty()
                               ? fmt::format("{} ({})", variant.name, variant.set)
                               : fmt::format("{} ({})", variant.says, variant.name);
  return fmt::format("{}, {:+.1f} bp a day, between {:+.1f} and {:+.1f}", what, d * daily,
                     range.lo * daily, range.hi * daily);
}

using Variants = std::vector<const VariantRow*>;

std::string largest_of(Variants variants, std::size_t most) {
  std::sort(variants.begin(), variants.end(), [](const VariantRow* a, const VariantRow* b) {
    const double one = std::abs(difference_of(*a));
    const double other = std::abs(difference_of(*b));
    return one != other ? one > other : a->name < b->name;
  });
  if (variants.size() > most) variants.resize(most);
  std::vector<std::string> lines;
  lines.reserve(variants.size());
  for (const VariantRow* variant : variants) lines.push_back(told(*variant));
  return fmt::format("{}", fmt::join(lines, "; "));
}

/// R35, of variants that have an adjusted p.
std::string family_words(const Variants& compared) {
  Variants different;
  std::size_t better = 0;
  for (const VariantRow* variant : compared) {
    if (!variant->net.adjusted_p || *variant->net.adjusted_p > kSignificant) continue;
    different.push_back(variant);
    if (difference_of(*variant) > 0.0) ++better;
  }
  if (different.empty()) {
    return fmt::format(
        "none of {} changes was found to differ from the base after costs by more than chance, "
        "which does not say that none matters (largest: {})",
        compared.size(), largest_of(compared, 1));
  }
  return fmt::format(
      "{} of {} changes differ from the base after costs by more than chance (adjusted p at most "
      "{}), {} for the better and {} for the worse; {}: {}",
      different.size(), compared.size(), kSignificant, better, different.size() - better,
      different.size() > kTold ? "the largest" : "they are", largest_of(different, kTold));
}

const UnitReturns& units_of(const VariantRow& variant) {
  return variant.result.outcome->returns.units;
}

/// R18 and R20 for a family of variants of one base, over the units that all of them have.
void compare_family(std::vector<VariantRow>& variants, const VariantRow& base,
                    const std::vector<std::size_t>& family, stats::Resampling how) {
  if (family.empty()) return;
  how.stream = stats::Stream::Family;
  std::vector<const UnitReturns*> series{&units_of(base)};
  for (const std::size_t i : family) series.push_back(&units_of(variants[i]));
  const CommonUnits common = common_units(series);
  const auto compare = [&](const stats::MatrixView& all, Difference VariantRow::* to) {
    stats::Matrix others{all.rows, family.size()};
    for (std::size_t j = 0; j < family.size(); ++j) others.set_column(j, all.column(j + 1));
    const auto compared = stats::compare_with_base(others.view(), all.column(0), how);
    for (std::size_t j = 0; j < family.size(); ++j) {
      variants[family[j]].*
          to = {.pair = compared.pairs[j], .adjusted_p = compared.family.p_two_sided[j]};
    }
  };
  compare(common.net.view(), &VariantRow::net);
  compare(common.px.view(), &VariantRow::px);
}

/// R20 for one variant that is in no family.
void compare_alone(VariantRow& variant, const VariantRow& base, const stats::Resampling& how) {
  const RunPair found = pair_of(units_of(base), units_of(variant), how);
  const auto unadjusted = [](stats::Pair pair) {  // as in a family (R34)
    pair.p = pair.t ? std::optional{2.0 * normal_cdf(-std::abs(*pair.t))} : std::nullopt;
    return pair;
  };
  variant.net.pair = unadjusted(found.net);
  variant.px.pair = unadjusted(found.px);
}

/// R34, of a variant that does what the base does.
void note_no_spread(VariantRow& variant, const VariantRow& base) {
  constexpr std::size_t kLeast = 30;
  if (!variant.net.pair.d || variant.net.pair.t) return;
  if (std::min(units_of(base).size(), units_of(variant).size()) < kLeast) return;
  const auto& own = variant.result.inference.note;
  if (own && *own < Note::NoSpread) return;  // R5: the first that applies
  variant.result.note = std::string{name(Note::NoSpread)};
}

}  // namespace

Contest compare(std::vector<VariantRow>& variants, const stats::Resampling& how) {
  const auto place_of = [&variants](std::string_view name) {
    const auto found = std::find_if(variants.begin(), variants.end(),
                                    [&](const VariantRow& one) { return one.name == name; });
    return static_cast<std::size_t>(found - variants.begin());
  };
  for (std::size_t b = 0; b < variants.size(); ++b) {
    const VariantRow& base = variants[b];
    if (base.base != base.name || base.result.outcome == nullptr) continue;
    std::vector<std::size_t> list;
    std::vector<std::size_t> extra;
    for (std::size_t i = 0; i < variants.size(); ++i) {
      VariantRow& variant = variants[i];
      if (i == b || variant.result.outcome == nullptr || place_of(variant.base) != b) continue;
      variant.decisions_changed =
          changed(base.result.outcome->decisions, variant.result.outcome->decisions);
      variant.entries_shared =
          shared(base.result.outcome->entries, variant.result.outcome->entries);
      if (is_trial(variant)) {
        (is_choice(variant) ? list : extra).push_back(i);
      } else {
        compare_alone(variant, base, how);
      }
    }
    compare_family(variants, base, list, how);
    compare_family(variants, base, extra, how);
    for (VariantRow& variant : variants) {
      if (place_of(variant.base) == b) note_no_spread(variant, base);
    }
  }
  const bool has_list = std::any_of(variants.begin(), variants.end(), [](const auto& variant) {
    return variant.base != variant.name && variant.result.outcome != nullptr && is_choice(variant);
  });
  std::vector<ResultRow> rows;
  Marks trials;
  Marks family;
  for (const VariantRow& variant : variants) {
    rows.push_back(variant.result);
    trials.push_back(is_trial(variant));
    family.push_back(has_list ? is_choice(variant) : is_trial(variant));
  }
  const Contest contest = judge(rows, trials, family, how);
  for (std::size_t i = 0; i < variants.size(); ++i) variants[i].result = rows[i];
  return contest;
}

namespace {

/// R35, of the variants of one base.
std::string words_of(const std::vector<VariantRow>& variants, std::string_view base) {
  Variants list;
  Variants extra;
  Variants world;
  bool any_ran = false;
  bool any_moved = false;
  for (const VariantRow& variant : variants) {
    if (variant.base != base || !variant.net.pair.d) continue;
    any_ran = true;
    any_moved = any_moved || difference_of(variant) != 0.0 || variant.net.pair.t;
    if (!variant.net.pair.t || !variant.net.pair.range) continue;
    (is_choice(variant) ? list : is_trial(variant) ? extra : world).push_back(&variant);
  }
  if (!list.empty()) {
    return family_words(list) +
           (extra.empty() ? "" : "; of group extra, a family of its own, " + family_words(extra));
  }
  if (!extra.empty()) return "of group extra, a family of its own, " + family_words(extra);
  if (!world.empty()) {
    return fmt::format(
        "only assumptions about the market (group world) were compared with the base, {} of them, "
        "and no family judges those (largest: {})",
        world.size(), largest_of(world, 1));
  }
  if (any_ran && !any_moved) return "no variant that ran changes the result";
  return "too little data to compare the variants";
}

}  // namespace

std::string words_of(const std::vector<VariantRow>& variants) {
  std::vector<std::string> bases;
  for (const VariantRow& variant : variants) {
    if (std::find(bases.begin(), bases.end(), variant.base) == bases.end()) {
      bases.push_back(variant.base);
    }
  }
  std::string text;
  for (const std::string& base : bases) {
    const std::string words = words_of(variants, base);
    if (base == kBaseName) return words;
    text += fmt::format("{}ith {} as the base, {}", text.empty() ? "w" : ". W", base, words);
  }
  return text;
}

}  // namespace toxvol::study
