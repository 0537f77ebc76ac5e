#include "toxvol/columnar/signal_reader.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"

// Tables that our own writer cannot make are in tests/e2e/test_own_signal.py.
namespace toxvol::columnar {
namespace {

// 2024-01-12.
constexpr Timestamp kDay12 = from_ms(1'705'017'600'000);

Schema schema(ColumnType time, ColumnType direction) {
  return {
      {"ts_init", time, true}, {"direction", direction, true}, {"size", ColumnType::Float64, true}};
}

class SignalReader : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// `fill` puts the rows.
  std::string write(const Schema& schema, const std::function<void(TableWriter&)>& fill) const {
    std::string path = folder_ / "s.parquet";
    std::filesystem::remove(path);
    TableWriter writer{path, schema};
    fill(writer);
    writer.close();
    return path;
  }
  /// One row of a time in ns, a direction and a size.
  std::string write(std::optional<std::int64_t> ns, std::optional<std::int64_t> direction,
                    std::optional<double> size = {}) const {
    return write(schema(ColumnType::Int64, ColumnType::Int64), [&](TableWriter& writer) {
      writer.put(ns);
      writer.put(direction);
      writer.put(size);
      writer.end_row();
    });
  }
  static std::string refusal(const std::string& path) {
    try {
      static_cast<void>(read_signal(path));
    } catch (const Error& error) {
      const std::string what = error.what();
      EXPECT_EQ(what.find('\n'), std::string::npos);
      return what.substr(what.find("s.parquet"));
    }
    return "taken";
  }

  std::filesystem::path folder_ = toxvol::test::fresh_folder();
};

TEST_F(SignalReader, TakesTimesAsTimestampsOrNanosecondsAndAnyInteger) {
  const auto put = [](TableWriter& writer, auto time, auto direction, std::optional<double> size) {
    writer.put(time);
    writer.put(direction);
    writer.put(size);
    writer.end_row();
  };
  const std::vector<SignalRow> wanted{
      {.ts_init = kDay12, .direction = -1, .size = 0.25},
      {.ts_init = kDay12 + Duration{1}, .direction = 0, .size = 1.0},
      {.ts_init = kDay12 + kMinute, .direction = 1, .size = 100.0}};
  EXPECT_EQ(read_signal(write(schema(ColumnType::Timestamp, ColumnType::Int8),
                              [&](TableWriter& writer) {
                                put(writer, kDay12, std::int8_t{-1}, 0.25);
                                put(writer, kDay12 + Duration{1}, std::int8_t{0}, {});
                                put(writer, kDay12 + kMinute, std::int8_t{1}, 100.0);
                              }))
                .rows,
            wanted);
  const SignalRead read = read_signal(write({{"note", ColumnType::Text, false},
                                             {"direction", ColumnType::Int32, false},
                                             {"ts_init", ColumnType::Int64, false},
                                             {"size", ColumnType::Float64, true},
                                             {"why", ColumnType::Bool, true}},
                                            [&](TableWriter& writer) {
                                              for (const SignalRow& row : wanted) {
                                                writer.put("x");
                                                writer.put(std::int32_t{row.direction});
                                                writer.put(to_ns(row.ts_init));
                                                writer.put(row.size);
                                                writer.put_null();
                                                writer.end_row();
                                              }
                                            }));
  EXPECT_EQ(read.rows, wanted);
  EXPECT_EQ(read.other_columns, (std::vector<std::string>{"note", "why"}));
}

TEST_F(SignalReader, SizeMayBeLeftOutAndAFileMayBeEmpty) {
  const Schema without{{"ts_init", ColumnType::Timestamp, false},
                       {"direction", ColumnType::Int8, false}};
  const SignalRead read = read_signal(write(without, [](TableWriter& writer) {
    writer.put(kDay12);
    writer.put(std::int8_t{1});
    writer.end_row();
  }));
  EXPECT_EQ(read.rows, (std::vector<SignalRow>{{.ts_init = kDay12, .direction = 1, .size = 1.0}}));
  EXPECT_TRUE(read_signal(write(without, [](TableWriter&) {})).rows.empty());
}

TEST_F(SignalReader, NamesTheColumnThatIsMissingOrOfAnotherType) {
  const auto nothing = [](TableWriter&) {};
  EXPECT_EQ(
      refusal(write({{"ts", ColumnType::Timestamp, false}, {"direction", ColumnType::Int8, false}},
                    nothing)),
      "s.parquet: no column ts_init; a signal has ts_init, direction and, where it is "
      "wanted, size, and this has ts, direction");
  EXPECT_EQ(refusal(write({{"ts_init", ColumnType::Timestamp, false}}, nothing)),
            "s.parquet: no column direction; a signal has ts_init, direction and, where it is "
            "wanted, size, and this has ts_init");
  EXPECT_EQ(refusal(write(schema(ColumnType::Timestamp, ColumnType::Float64), nothing)),
            "s.parquet: column direction is double; an integer type is wanted, such as int8");
  EXPECT_EQ(refusal(write(schema(ColumnType::Text, ColumnType::Int8), nothing)),
            "s.parquet: column ts_init is string; timestamp[ns, tz=UTC] or int64 nanoseconds are "
            "wanted (pandas: .dt.as_unit(\"ns\"), Polars: .dt.cast_time_unit(\"ns\"))");
  EXPECT_EQ(refusal(write({{"ts_init", ColumnType::Timestamp, false},
                           {"direction", ColumnType::Int8, false},
                           {"size", ColumnType::Int64, false}},
                          nothing)),
            "s.parquet: column size is int64; float64 is wanted");
  EXPECT_EQ(refusal(folder_ / "s.parquet.gone"),
            "s.parquet.gone: no such file; a Parquet file is wanted");
  std::ofstream{folder_ / "s.parquet"} << "ts_init,direction\n";
  EXPECT_NE(refusal(folder_ / "s.parquet"), "taken");
}

TEST_F(SignalReader, NamesTheRowThatIsNotAsItMustBe) {
  EXPECT_EQ(refusal(write(std::nullopt, 1)),
            "s.parquet: row 1: ts_init is null; each row needs the time from which it is known");
  EXPECT_EQ(refusal(write(to_ns(kDay12), std::nullopt)),
            "s.parquet: row 1: direction is null; -1, 0 or 1 is wanted");
  EXPECT_EQ(refusal(write(to_ns(kDay12), 2)),
            "s.parquet: row 1: direction 2: -1, 0 or 1 is wanted");
  EXPECT_EQ(refusal(write(to_ns(kDay12), -2)),
            "s.parquet: row 1: direction -2: -1, 0 or 1 is wanted");
  EXPECT_EQ(refusal(write(to_ns(kDay12), 1, 0.0)),
            "s.parquet: row 1: size 0: above 0 and at most 100 is wanted");
  EXPECT_EQ(refusal(write(to_ns(kDay12), 1, -1.0)),
            "s.parquet: row 1: size -1: above 0 and at most 100 is wanted");
  EXPECT_EQ(refusal(write(to_ns(kDay12), 1, 100.5)),
            "s.parquet: row 1: size 100.5: above 0 and at most 100 is wanted");
  EXPECT_EQ(refusal(write(to_ns(kDay12), 1, 100.0)), "taken");
  // In milliseconds.
  EXPECT_EQ(refusal(write(1'705'017'600'000, 1)),
            "s.parquet: row 1: ts_init 1705017600000 is 1970-01-01T00:28:25.017600Z, outside 2017 "
            "to 2100; nanoseconds since 1970 are wanted (are these milli- or microseconds?)");
}

TEST_F(SignalReader, TimesLieFrom2017To2100) {
  const auto at = [](int year) {
    return to_ns(Timestamp{Day{std::chrono::year{year} / std::chrono::January / 1}});
  };
  EXPECT_EQ(refusal(write(at(2017), 1)), "taken");
  EXPECT_NE(refusal(write(at(2017) - 1, 1)), "taken");
  EXPECT_EQ(refusal(write(at(2101) - 1, 1)), "taken");
  EXPECT_NE(refusal(write(at(2101), 1)), "taken");
}

TEST_F(SignalReader, TimesAscend) {
  const auto two = [this](std::int64_t second) {
    return write({{"ts_init", ColumnType::Int64, false}, {"direction", ColumnType::Int8, false}},
                 [&](TableWriter& writer) {
                   for (const std::int64_t ns : {to_ns(kDay12), second}) {
                     writer.put(ns);
                     writer.put(std::int8_t{0});
                     writer.end_row();
                   }
                 });
  };
  EXPECT_EQ(refusal(two(to_ns(kDay12) + 1)), "taken");
  EXPECT_EQ(refusal(two(to_ns(kDay12))),
            "s.parquet: row 2: ts_init 2024-01-12T00:00:00Z is not after that of the row before, "
            "2024-01-12T00:00:00Z; sort the rows, one for each time");
}

}  // namespace
}  // namespace toxvol::columnar
