#include "toxvol/study/design_bases.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/study/values.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {
namespace {

// Two whole files and a switch.
constexpr const char* kListOfThree = R"(design = "list"
[[variant]]
name = "preset_a"
group = "preset"
base = "A"
[[variant]]
name = "preset_b"
group = "preset"
base = "B"
[[variant]]
name = "tight"
group = "exit"
set = { "exit.k_stop" = 1 }
)";

NamedBase named_preset(const std::string& name) {
  return {.name = name, .config = config::preset(name)};
}

DesignPoints of_bases(const std::string& list, std::vector<NamedBase> bases) {
  return points_of(parse_design(list, "d.toml"), {.inputs = kAll, .bases = std::move(bases)});
}

TEST(DesignBases, ComeFirstAndThenTheVariantsOfEach) {
  const DesignPoints made = of_bases(kListOfThree, {named_preset("A"), named_preset("C")});
  std::string told;
  for (const Point& point : made.points) {
    told += point.base + ":" + point.name + (point.is_base ? "! " : " ");
    EXPECT_EQ(point.index, static_cast<std::size_t>(&point - made.points.data()));
  }
  EXPECT_EQ(told, "A:A! C:C! A:preset_a A:preset_b A:tight C:preset_a C:preset_b C:tight ");
  EXPECT_EQ(made.base.preset, "A");
  EXPECT_EQ(set_text(made.points[4]), "exit.k_stop = 1.0");
  EXPECT_EQ(set_text(made.points[7]), "exit.k_stop = 1.0") << "against its own base";
  EXPECT_EQ(made.points[7].config.strategy.exit.horizon,
            made.points[1].config.strategy.exit.horizon);
}

TEST(DesignBases, AVariantThatIsAnotherBaseIsThatOne) {
  const DesignPoints made =
      of_bases(kListOfThree, {named_preset("A"), named_preset("B"), named_preset("C")});
  const auto same_as = [&made](std::size_t point) { return made.points[point].same_as; };
  EXPECT_EQ(same_as(3), 0U) << "preset_a of A";
  EXPECT_EQ(same_as(4), 1U) << "preset_b of A";
  EXPECT_EQ(same_as(6), 0U) << "preset_a of B";
  EXPECT_EQ(same_as(9), 0U) << "preset_a of C";
  for (const std::size_t own : std::vector<std::size_t>{0, 1, 2, 5, 8, 11})
    EXPECT_EQ(same_as(own), std::nullopt) << own;
}

// A whole file is another strategy in the same world, so it is no other base where the worlds
// differ.
TEST(DesignBases, InAnotherWorldItIsNotTheOtherBase) {
  NamedBase b = named_preset("B");
  config::set(b.config, "costs.tier=VIP3");
  const DesignPoints made = of_bases(kListOfThree, {named_preset("A"), b});
  EXPECT_EQ(made.points[3].same_as, std::nullopt) << "preset_b of A, at VIP0";
  EXPECT_EQ(made.points[5].same_as, std::nullopt) << "preset_a of B, at VIP3";
  EXPECT_EQ(made.points[6].same_as, 1U) << "preset_b of B";
}

TEST(DesignBases, AutomaticInputsAreThoseThatTheStudySettledOn) {
  NamedBase b = named_preset("B");
  b.config.inputs = kAll;
  EXPECT_EQ(of_bases(kListOfThree, {named_preset("A"), b}).points[3].same_as, 1U);
  b.config.inputs = Inputs{.bars = true};
  EXPECT_EQ(of_bases(kListOfThree, {named_preset("A"), b}).points[3].same_as, std::nullopt);
}

TEST(DesignBases, AnEqualPointThatCannotRunStandsForNone) {
  const std::string list = R"(design = "list"
[[variant]]
name = "quoted"
group = "gate"
set = { "exit.k_stop" = 1 }
needs = ["quotes"]
[[variant]]
name = "tight"
group = "exit"
set = { "exit.k_stop" = 1 }
)";
  const DesignPoints made = points_of(
      parse_design(list, "d.toml"), {.inputs = Inputs{.bars = true}, .bases = {named_preset("A")}});
  EXPECT_EQ(made.points[1].status, PointStatus::NotApplicable);
  EXPECT_EQ(made.points[2].same_as, std::nullopt);
}

TEST(DesignBases, NoVariantMayBeCalledAsOne) {
  const std::string list =
      "design = \"list\"\n[[variant]]\nname = \"B\"\ngroup = \"exit\"\n"
      "set = { \"exit.k_stop\" = 1 }\n";
  EXPECT_NO_THROW((void)of_bases(list, {named_preset("A")}));
  try {
    (void)of_bases(list, {named_preset("A"), named_preset("B")});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "d.toml:2: variant B: a base of --presets is called so; give the "
                 "variant another name");
  }
}

TEST(DesignBases, StandInTheDesignThatMakesTheStudysId) {
  const Design list = parse_design(kListOfThree, "d.toml");
  const auto text = [&list](std::vector<NamedBase> bases) {
    const PointOptions options{.inputs = kAll, .bases = std::move(bases)};
    return design_json(list, options, points_of(list, options));
  };
  const std::string both = text({named_preset("A"), named_preset("B")});
  const auto json = nlohmann::json::parse(both);
  EXPECT_FALSE(json.contains("base"));
  EXPECT_EQ(json["bases"]["B"]["run"]["cadence"], "5m");
  EXPECT_EQ(json["points"][2]["base"], "A");
  EXPECT_EQ(json["points"][5]["same_as"], 0);
  EXPECT_NE(both, text({named_preset("B"), named_preset("A")}));
  EXPECT_NE(both, text({named_preset("A")}));
}

}  // namespace
}  // namespace toxvol::study
