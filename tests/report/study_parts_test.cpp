#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/run/sample_run.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/study_page.hpp"

namespace toxvol::report {

namespace {

using columnar::ColumnType;
using run::test::TemporaryFolder;

/// A variant's differences from the base, after costs and as filled, with their adjusted p.
struct Variant {
  std::string name;
  double net = 0.0;
  double net_p = 1.0;
  double as_filled = 0.0;
  double as_filled_p = 1.0;
  std::string base{"base"};
};

LoadedTable ablation(const TemporaryFolder& place, const std::vector<Variant>& variants) {
  const std::string file = (place.path() / "ablation.parquet").string();
  columnar::TableWriter writer{
      file,
      {{.name = "variant", .type = ColumnType::Text},
       {.name = "base", .type = ColumnType::Text},
       {.name = "d_mean_bp_day", .type = ColumnType::Float64, .nullable = true},
       {.name = "d_t", .type = ColumnType::Float64, .nullable = true},
       {.name = "d_p_rw", .type = ColumnType::Float64, .nullable = true},
       {.name = "pxd_mean_bp_day", .type = ColumnType::Float64, .nullable = true},
       {.name = "pxd_p_rw", .type = ColumnType::Float64, .nullable = true}}};
  for (const Variant& variant : variants) {
    const bool is_base = variant.name == variant.base;
    const auto cell = [&](double value) { return is_base ? std::nullopt : std::optional{value}; };
    writer.put(variant.name);
    writer.put(variant.base);
    writer.put(cell(variant.net));
    writer.put(cell(variant.net / 10.0));
    writer.put(cell(variant.net_p));
    writer.put(cell(variant.as_filled));
    writer.put(cell(variant.as_filled_p));
    writer.end_row();
  }
  writer.close();
  return LoadedTable{file};
}

TEST(AblationPage, SaysHowManyAreBetterAndHowManyWorse) {
  const TemporaryFolder place;
  const LoadedTable variants = ablation(
      place,
      {{.name = "base"},
       {.name = "cheap", .net = 9.0, .net_p = 0.01},
       {.name = "dear", .net = -9.0, .net_p = 0.01},
       {.name = "dearer", .net = -20.0, .net_p = 0.05},
       {.name = "level", .net = -30.0, .net_p = 0.0501},
       {.name = "blind", .net = -1.0, .net_p = 0.9, .as_filled = -5.0, .as_filled_p = 0.001}});
  EXPECT_EQ(ablation_words(variants, "base"),
            "Of 5 variants 1 did better than the base after costs and 2 worse by more than chance, "
            "counting all that were looked at (adjusted p at most 0.05); before fees and funding "
            "0 did better and 1 worse.");
}

// The same variant on two bases: better on one, worse on the other.
TEST(AblationPage, HasAPartForEachBase) {
  const TemporaryFolder place;
  const LoadedTable variants =
      ablation(place, {{.name = "A", .base = "A"},
                       {.name = "cheap", .net = 9.0, .net_p = 0.01, .base = "A"},
                       {.name = "B", .base = "B"},
                       {.name = "cheap", .net = -8.0, .net_p = 0.01, .base = "B"},
                       {.name = "dear", .net = -9.0, .net_p = 0.01, .base = "B"}});
  const Json parts = ablation_parts(Json::object(), variants);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].at("id"), "differences-A");
  EXPECT_EQ(parts[0].at("figures").at(0).at("x").at("names"), Json::array({"cheap"}));
  EXPECT_EQ(parts[0].at("tables").at(0).at("rows").size(), 2U) << "the base is a row as well";
  EXPECT_EQ(parts[1].at("name"), "Base B");
  EXPECT_EQ(parts[1].at("figures").at(0).at("id"), "ablation-B");
  EXPECT_EQ(parts[1].at("figures").at(0).at("x").at("names"), Json::array({"dear", "cheap"}));
  EXPECT_EQ(parts[1].at("figures").at(0).at("series").at(0).at("values"),
            Json::array({-9.0, -8.0}));
  EXPECT_TRUE(ablation_words(variants, "A")
                  .starts_with("Of 1 variants 1 did better than base A after costs and 0 worse"));
  EXPECT_TRUE(ablation_words(variants, "B")
                  .starts_with("Of 2 variants 0 did better than base B after costs and 2 worse"));
}

TEST(AblationPage, DrawsEachVariantByItsNameTheSurestFirst) {
  const TemporaryFolder place;
  const LoadedTable variants = ablation(place, {{.name = "base"},
                                                {.name = "near", .net = 1.0, .as_filled = 3.0},
                                                {.name = "far", .net = -9.0, .as_filled = -2.0}});
  const Json figure = ablation_parts(Json::object(), variants).at(0).at("figures").at(0);
  EXPECT_EQ(figure.at("x").at("names"), Json::array({"far", "near"}));
  EXPECT_EQ(figure.at("series").at(0).at("values"), Json::array({-9.0, 1.0}));
  EXPECT_EQ(figure.at("series").at(1).at("values"), Json::array({-2.0, 3.0}));
}

TEST(WalkForwardPage, AFoldShowsWhatItChose) {
  const TemporaryFolder place;
  const std::string file = (place.path() / "folds.parquet").string();
  columnar::TableWriter writer{
      file,
      {{.name = "fold", .type = ColumnType::Int64}, {.name = "a.b", .type = ColumnType::Text}}};
  writer.put(std::int64_t{0});
  writer.put("0.9");
  writer.end_row();
  writer.close();
  const Json study = {{"design", {{"axes", Json::array({{{"name", "a.b"}}})}}}};
  const Json folds = walkforward_parts(study, LoadedTable{file}).at(0).at("tables").at(0);
  EXPECT_EQ(folds.at("columns").at(3).at("label"), "a.b");
  EXPECT_EQ(folds.at("rows").at(0).at(3), "0.9");
  EXPECT_EQ(folds.at("rows").at(0).size(), folds.at("columns").size());

  const Json nothing_to_choose =
      walkforward_parts(Json::object(), LoadedTable{file}).at(0).at("tables").at(0);
  EXPECT_EQ(nothing_to_choose.at("rows").at(0).size(), nothing_to_choose.at("columns").size());
  EXPECT_EQ(nothing_to_choose.at("columns").at(3).at("label"), "in sample, bp a day");
}

}  // namespace

}  // namespace toxvol::report
