#include "toxvol/study/design_points.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "toxvol/config/config.hpp"
#include "toxvol/config/keys.hpp"
#include "toxvol/config/value.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/duration.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/spelling.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/stats/designs.hpp"
#include "toxvol/study/ablation.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_bases.hpp"
#include "toxvol/study/design_toml.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

namespace {

std::string place(const Design& design, int line) {
  return fmt::format("{}:{}", design.file, line);
}

std::size_t place_of(std::string_view key) {
  static const std::map<std::string, std::size_t, std::less<>> place_of_key = [] {
    std::map<std::string, std::size_t, std::less<>> places;
    for (const config::Key& known : config::keys()) places.emplace(known.name, places.size());
    return places;
  }();
  return place_of_key.find(key)->second;
}

/// A configuration while it is put together: the text of each key, as its own key spells it.
class Draft {
 public:
  explicit Draft(const config::Config& config) : preset_{config.preset}, origin_{config.origin} {
    for (const config::Key& key : config::keys()) {
      texts_.push_back(config::to_toml(key.get(config)));
    }
  }

  [[nodiscard]] const std::string& text(std::string_view key) const {
    return texts_[place_of(key)];
  }
  [[nodiscard]] const std::vector<std::string>& texts() const { return texts_; }

  /// Throws `Error` where the key does not take it.
  void set(const Design& design, const Assignment& one) {
    texts_[place_of(one.key)] = spelled_by_its_key(design, one);
    origin_[one.key] = {.by = config::SetBy::File, .place = place(design, one.line)};
  }
  [[nodiscard]] static std::string spelled_by_its_key(const Design& design, const Assignment& one) {
    const config::Config alone =
        config::parse(one_key_file(one.key, one.text, one.line), design.file);
    return config::to_toml(config::keys()[place_of(one.key)].get(alone));
  }

  /// Throws `Error` where values cannot stand together.
  [[nodiscard]] config::Config config(const Design& design) const {
    std::string toml;
    std::string_view table;
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      const config::Key& key = config::keys()[i];
      if (config::table_of(key) != table) toml += fmt::format("[{}]\n", config::table_of(key));
      table = config::table_of(key);
      toml += fmt::format("{} = {}\n", config::name_in_table(key), texts_[i]);
    }
    config::Config config = config::parse(toml, design.file);
    config.preset = preset_;
    config.origin = origin_;
    config::validate(config);
    return config;
  }

 private:
  std::vector<std::string> texts_;
  std::string preset_;
  decltype(config::Config::origin) origin_;
};

/// `text` times a number in TOML's spelling; nothing where it is no number or duration, or where
/// the product is not exact. With `minutes` durations are rounded down to whole minutes.
std::optional<std::string> times(std::string_view text, std::int64_t times_e8, bool minutes) {
  constexpr Int128 kOne = Price::kOne;
  const bool is_quoted = text.starts_with('"');
  if (!is_quoted) {
    const auto number = parse_decimal(text, Exponents::Allowed);
    const Int128 product = number ? Int128{*number} * times_e8 : Int128{0};
    const auto exact = narrow(product / kOne);
    if (!number || !exact || product % kOne != 0) return std::nullopt;
    return decimal_text(*exact);
  }
  const auto length = parse_duration(text.substr(1, text.size() - 2));
  const Int128 product = length ? Int128{length->count()} * times_e8 : Int128{0};
  const auto whole = narrow(product / kOne);
  if (!length || !whole || (!minutes && product % kOne != 0)) return std::nullopt;
  Duration result{*whole};
  if (minutes) result -= result % kMinute;
  return config::to_toml(config::Value{to_text(result)});
}

/// `one.of` as in `values` and set in `draft`.
void scale(const Design& design, const Scaled& one, const Draft& values, bool minutes,
           Draft& draft) {
  const std::string& of = values.text(one.of);
  const auto result = times(of, one.times_e8, minutes);
  if (!result) {
    throw Error{
        fmt::format("{}: {} = {} × {} ({}): expected a number or a duration, and a product "
                    "with at most 8 decimals or of whole ns",
                    place(design, one.line), one.key, one.of, decimal_text(one.times_e8), of)};
  }
  draft.set(design, {.key = one.key, .text = *result, .line = one.line});
}

/// As run.inputs is spelled.
std::string spelled(const Inputs& inputs) {
  std::vector<std::string> kinds;
  for (const Kind kind : kKinds) {
    if (inputs[kind]) kinds.emplace_back(toxvol::name(kind));
  }
  return config::to_toml(config::Value{kinds});
}

config::Config load_base(const Design& design, const Assignment& base) {
  const std::vector<std::string> presets = config::preset_names();
  if (std::find(presets.begin(), presets.end(), base.text) != presets.end()) {
    return config::preset(base.text);
  }
  const auto path = std::filesystem::path{design.file}.parent_path() / base.text;
  if (!std::filesystem::exists(path)) {
    throw Error{fmt::format("{}: base = \"{}\": neither a preset ({}) nor a file beside the design",
                            place(design, base.line), base.text, fmt::join(presets, ", "))};
  }
  return config::load(path.string());
}

class Maker {
 public:
  Maker(const Design& design, const PointOptions& options)
      : design_{design}, options_{options}, base_{base_draft(design, options)} {}

  [[nodiscard]] DesignPoints make() {
    DesignPoints result;
    result.base = base_.config(design_);
    if (design_.kind == DesignKind::List) {
      variants(result.points);
    } else {
      grid(result.points);
    }
    if (result.points.empty()) {
      throw UsageError{fmt::format("{}: every variant is of group extra; name it: --groups extra",
                                   design_.file)};
    }
    if (std::all_of(result.points.begin(), result.points.end(),
                    [](const Point& p) { return p.status == PointStatus::Invalid; })) {
      throw Error{fmt::format("{}; no point of {} can be run", result.points.front().message,
                              design_.file)};
    }
    return result;
  }

 private:
  static Draft base_draft(const Design& design, const PointOptions& options) {
    if (!options.base && !design.base) {
      throw Error{fmt::format("{}: no base; add a line such as base = \"A\"", design.file)};
    }
    Draft draft{options.base ? *options.base : load_base(design, *design.base)};
    for (const Assignment& one : design.set) draft.set(design, one);
    return draft_with_derived(design, std::move(draft));
  }
  static Draft draft_with_derived(const Design& design, Draft draft) {
    for (const Scaled& one : design.derive) scale(design, one, draft, false, draft);
    return draft;
  }

  [[nodiscard]] std::vector<std::vector<std::uint64_t>> places() const {
    std::vector<std::uint64_t> sizes;
    sizes.reserve(design_.axes.size());
    for (const Axis& axis : design_.axes) sizes.push_back(axis.values.size());
    if (design_.kind == DesignKind::Random) {
      return stats::random_design(design_.points, sizes, options_.seed);
    }
    if (design_.kind == DesignKind::Sobol) {
      return stats::sobol_design(design_.points, sizes, options_.seed);
    }
    return stats::grid(sizes);
  }

  void grid(std::vector<Point>& points) {
    const auto design = places();
    for (std::size_t i = 0; i < design.size(); ++i) {
      Point point;
      point.index = i;
      Draft draft = base_;
      finish(point, [&] {
        for (std::size_t a = 0; a < design_.axes.size(); ++a) {
          const Axis& axis = design_.axes[a];
          const AxisValue& value = axis.values[design[i][a]];
          point.axes.push_back(value.texts.size() == 1
                                   ? value.texts.front()
                                   : fmt::format("[{}]", fmt::join(value.texts, ", ")));
        }
        for (std::size_t a = 0; a < design_.axes.size(); ++a) {
          const AxisValue& value = design_.axes[a].values[design[i][a]];
          for (std::size_t k = 0; k < value.texts.size(); ++k) {
            draft.set(design_,
                      {.key = design_.axes[a].keys[k], .text = value.texts[k], .line = value.line});
          }
        }
        return draft_with_derived(design_, std::move(draft));
      });
      if (!point.same_as) points.push_back(std::move(point));
    }
  }

  void variants(std::vector<Point>& points) {
    const std::vector<std::string> groups = chosen_groups();
    for (std::size_t i = 0; i < design_.variants.size(); ++i) {
      const Variant& variant = design_.variants[i];
      if (std::find(groups.begin(), groups.end(), variant.group) == groups.end()) continue;
      Point point;
      point.index = i;
      point.name = variant.name;
      point.says = variant.says;
      point.group = variant.group;
      finish(point, [&] { return draft_of(variant); });
      if (point.status == PointStatus::Ok) judge_needs(variant, point);
      points.push_back(std::move(point));
    }
  }

  [[nodiscard]] std::vector<std::string> chosen_groups() const {
    std::vector<std::string> all;
    for (const Variant& variant : design_.variants) {
      if (std::find(all.begin(), all.end(), variant.group) == all.end()) {
        all.push_back(variant.group);
      }
    }
    for (const std::string& group : options_.groups) {
      if (std::find(all.begin(), all.end(), group) != all.end()) continue;
      const auto nearest = nearest_name(group, all);
      throw UsageError{fmt::format(
          "--groups {}: no such group in {}{} It has {}", group, design_.file,
          nearest ? fmt::format("; did you mean {}?", *nearest) : ".", fmt::join(all, ", "))};
    }
    if (!options_.groups.empty()) return options_.groups;
    std::erase(all, kExtraGroup);
    return all;
  }

  [[nodiscard]] Draft draft_of(const Variant& variant) const {
    Draft draft = base_;
    if (variant.base) {
      // A whole file is another strategy, in the same world.
      const Draft whole{load_base(design_, *variant.base)};
      for (const config::Key& key : config::keys()) {
        if (is_of_the_world(key.name)) continue;
        draft.set(design_,
                  {.key = key.name, .text = whole.text(key.name), .line = variant.base->line});
      }
      for (const Assignment& one : design_.set) draft.set(design_, one);
    }
    const Draft before = draft;
    for (const Scaled& one : variant.times) scale(design_, one, before, true, draft);
    for (const Assignment& one : variant.set) draft.set(design_, one);
    for (const Condition& condition : variant.when) {
      if (before.text(condition.is.key) != Draft::spelled_by_its_key(design_, condition.is)) {
        continue;
      }
      for (const Assignment& one : condition.set) draft.set(design_, one);
    }
    if (variant.without != Inputs{}) {
      draft.set(design_, {.key = "run.inputs", .text = inputs_less(variant), .line = variant.line});
    }
    return draft_with_derived(design_, std::move(draft));
  }

  [[nodiscard]] Inputs inputs_in_use(const std::optional<Inputs>& of_config) const {
    if (of_config) return *of_config;
    return options_.inputs.value_or(
        Inputs{.trades = true, .quotes = true, .bars = true, .metrics = true, .funding = true});
  }
  [[nodiscard]] std::string inputs_less(const Variant& variant) const {
    Inputs inputs = inputs_in_use(base_.config(design_).inputs);
    for (const Kind kind : kKinds) {
      inputs[kind] = inputs[kind] && !variant.without[kind];
    }
    return spelled(inputs);
  }

  void judge_needs(const Variant& variant, Point& point) const {
    const Inputs inputs = inputs_in_use(point.config.inputs);
    std::vector<std::string_view> missing;
    for (const Kind kind : kKinds) {
      if (variant.needs[kind] && !inputs[kind]) missing.push_back(toxvol::name(kind));
    }
    if (missing.empty()) return;
    point.status = PointStatus::NotApplicable;
    point.message = fmt::format("needs {}", fmt::join(missing, " and "));
  }

  /// What a point is once its draft is made, or which earlier one it is.
  template <class MakeDraft>
  void finish(Point& point, MakeDraft make_draft) {
    try {
      const Draft draft = make_draft();
      const auto [first, is_new] = first_.emplace(id_of(draft), point.index);
      if (!is_new) point.same_as = first->second;
      point.config = draft.config(design_);
      for (std::size_t i = 0; i < draft.texts().size(); ++i) {
        if (draft.texts()[i] == base_.texts()[i]) continue;
        point.changes.emplace_back(config::keys()[i].name, draft.texts()[i]);
      }
    } catch (const Error& refusal) {
      point.status = PointStatus::Invalid;
      point.message = refusal.what();
    }
  }
  /// Equal where a run would be: `auto` inputs are those it settles on.
  [[nodiscard]] std::string id_of(const Draft& draft) const {
    std::vector<std::string> texts = draft.texts();
    std::string& inputs = texts[place_of("run.inputs")];
    if (options_.inputs && inputs == "\"auto\"") inputs = spelled(*options_.inputs);
    return io::sha256_hex(fmt::format("{}", fmt::join(texts, "\n")));
  }

  const Design& design_;
  const PointOptions& options_;
  Draft base_;
  std::map<std::string, std::size_t> first_;  // by configuration
};

}  // namespace

std::string set_text(const Point& point) {
  std::string text;
  for (const auto& [key, value] : point.changes) {
    text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key, value);
  }
  return text;
}

DesignPoints points_of(const Design& design, const PointOptions& options) {
  return options.bases.empty() ? Maker{design, options}.make() : points_of_bases(design, options);
}

}  // namespace toxvol::study
