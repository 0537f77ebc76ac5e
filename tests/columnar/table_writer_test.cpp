#include "toxvol/columnar/table_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <limits>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"
#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"

namespace {

using toxvol::columnar::ColumnType;
using toxvol::columnar::Schema;
using toxvol::columnar::TableReader;
using toxvol::columnar::TableWriter;

class TableWriterTest : public testing::Test {
 protected:
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }

  std::filesystem::path folder_ = toxvol::test::fresh_folder();
};

Schema every_type() {
  return {{"ts", ColumnType::Timestamp, false}, {"price", ColumnType::Decimal, true},
          {"text", ColumnType::Text, true},     {"real", ColumnType::Float64, true},
          {"i8", ColumnType::Int8, true},       {"i16", ColumnType::Int16, false},
          {"i32", ColumnType::Int32, false},    {"i64", ColumnType::Int64, false},
          {"flag", ColumnType::Bool, true},     {"day", ColumnType::Date, true}};
}

void put_row(TableWriter& writer, std::int64_t i) {
  const bool absent = i % 3 == 1;
  writer.put(toxvol::from_ns(1'700'000'000'000'000'000 + i));
  writer.put(absent ? std::nullopt : std::optional{toxvol::Price::from_raw(-5 * i)});
  if (absent) {
    writer.put_null();
  } else {
    writer.put("row " + std::to_string(i));
  }
  writer.put(absent ? std::optional<double>{} : 0.1 * static_cast<double>(i));
  writer.put(absent ? std::optional<std::int8_t>{} : static_cast<std::int8_t>(-1));
  writer.put(static_cast<std::int16_t>(-300));
  writer.put(static_cast<std::int32_t>(70'000));
  writer.put(i);
  writer.put(absent ? std::optional<bool>{} : i % 2 == 0);
  writer.put(absent ? std::optional<toxvol::Day>{} : toxvol::Day{std::chrono::days{19'000}});
  writer.end_row();
}

std::string bytes_of(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

TEST_F(TableWriterTest, EveryTypeComesBackAsItWasPut) {
  {
    TableWriter writer{
        path("t.parquet"), every_type(), {.rows_per_group = 4, .metadata = {{"who", "a test"}}}};
    for (std::int64_t i = 0; i < 10; ++i) put_row(writer, i);
    EXPECT_EQ(writer.rows(), 10);
    writer.close();
  }
  TableReader reader{path("t.parquet")};
  EXPECT_EQ(reader.schema(), every_type());
  EXPECT_EQ(reader.rows(), 10);
  EXPECT_EQ(reader.metadata("toxvol.schema"), "1");
  EXPECT_EQ(reader.metadata("who"), "a test");
  EXPECT_EQ(reader.metadata("absent"), std::nullopt);
  const auto all = reader.read_all();
  ASSERT_EQ(all.rows, 10U);
  for (std::size_t i = 0; i < 10; ++i) {
    const auto n = static_cast<std::int64_t>(i);
    const bool absent = i % 3 == 1;
    EXPECT_EQ(all.columns[0].integer(i), 1'700'000'000'000'000'000 + n);
    EXPECT_EQ(all.columns[5].integer(i), -300);
    EXPECT_EQ(all.columns[6].integer(i), 70'000);
    EXPECT_EQ(all.columns[7].integer(i), n);
    for (const std::size_t column : {1U, 2U, 3U, 4U, 8U, 9U}) {
      EXPECT_EQ(all.columns[column].is_null(i), absent);
    }
    if (absent) continue;
    EXPECT_EQ(all.columns[1].integer(i), -5 * n);
    EXPECT_EQ(all.columns[2].text(i), "row " + std::to_string(i));
    EXPECT_EQ(all.columns[3].real(i), 0.1 * static_cast<double>(i));
    EXPECT_EQ(all.columns[4].integer(i), -1);
    EXPECT_EQ(all.columns[8].integer(i), i % 2 == 0 ? 1 : 0);
    EXPECT_EQ(all.columns[9].integer(i), 19'000);
  }
}

TEST_F(TableWriterTest, RowGroupsHaveTheSizeAskedFor) {
  TableWriter writer{path("t.parquet"), every_type(), {.rows_per_group = 4, .metadata = {}}};
  for (std::int64_t i = 0; i < 10; ++i) put_row(writer, i);
  writer.close();
  TableReader reader{path("t.parquet")};
  std::string sizes;
  while (const auto block = reader.next()) sizes += std::to_string(block->rows) + " ";
  EXPECT_EQ(sizes, "4 4 2 ");
}

TEST_F(TableWriterTest, ATableWithoutRowsKeepsItsSchema) {
  TableWriter writer{path("t.parquet"), every_type()};
  writer.close();
  TableReader reader{path("t.parquet")};
  EXPECT_EQ(reader.schema(), every_type());
  EXPECT_EQ(reader.rows(), 0);
  EXPECT_EQ(reader.read_all().rows, 0U);
}

TEST_F(TableWriterTest, SelectedColumnsComeInTheOrderAskedFor) {
  TableWriter writer{path("t.parquet"), every_type()};
  for (std::int64_t i = 0; i < 3; ++i) put_row(writer, i);
  writer.close();
  TableReader reader{path("t.parquet")};
  reader.select({"i64", "price"});
  const auto all = reader.read_all();
  ASSERT_EQ(all.columns.size(), 2U);
  EXPECT_EQ(all.columns[0].integer(2), 2);
  EXPECT_EQ(all.columns[1].integer(2), -10);
  EXPECT_THROW(reader.select({"nothing"}), toxvol::Error);
}

TEST_F(TableWriterTest, TheSameRowsGiveTheSameBytes) {
  for (const char* name : {"a.parquet", "b.parquet"}) {
    TableWriter writer{path(name), every_type(), {.rows_per_group = 64, .metadata = {}}};
    for (std::int64_t i = 0; i < 1000; ++i) put_row(writer, i);
    writer.close();
  }
  const std::string a = bytes_of(path("a.parquet"));
  EXPECT_GT(a.size(), 1000U);
  EXPECT_EQ(a, bytes_of(path("b.parquet")));
  EXPECT_EQ(a.find(folder_.string()), std::string::npos);
}

TEST_F(TableWriterTest, NothingIsThereBeforeCloseNorAfterAnAbandonedWriter) {
  {
    TableWriter writer{path("t.parquet"), every_type()};
    put_row(writer, 0);
    EXPECT_FALSE(std::filesystem::exists(path("t.parquet")));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder_));
}

// decimal128(18, 8): 9 999 999 999.99999999 is the largest.
TEST_F(TableWriterTest, DecimalsOfEighteenDigitsFitAndNineteenAreRefusedByName) {
  TableWriter writer{path("t.parquet"), {{"money", ColumnType::Decimal, false}}};
  const std::int64_t largest = 999'999'999'999'999'999;
  writer.put(toxvol::Money::from_raw(largest));
  writer.end_row();
  writer.put(toxvol::Money::from_raw(-largest));
  writer.end_row();
  for (const std::int64_t raw :
       {largest + 1, -largest - 1, std::numeric_limits<std::int64_t>::min()}) {
    try {
      writer.put(toxvol::Money::from_raw(raw));
      FAIL() << raw;
    } catch (const toxvol::Error& error) {
      const std::string text = error.what();
      EXPECT_NE(text.find("t.parquet"), std::string::npos) << text;
      EXPECT_NE(text.find("row 3, column money"), std::string::npos) << text;
      EXPECT_NE(text.find(std::to_string(raw)), std::string::npos) << text;
    }
  }
  writer.close();
  TableReader reader{path("t.parquet")};
  const auto all = reader.read_all();
  EXPECT_EQ(all.columns[0].integer(0), largest);
  EXPECT_EQ(all.columns[0].integer(1), -largest);
}

TEST_F(TableWriterTest, NotANumberAndInfinityAreRefused) {
  TableWriter writer{path("t.parquet"), {{"x", ColumnType::Float64, true}}};
  EXPECT_THROW(writer.put(std::numeric_limits<double>::quiet_NaN()), toxvol::Error);
  EXPECT_THROW(writer.put(std::numeric_limits<double>::infinity()), toxvol::Error);
  writer.put(1.0);
  writer.end_row();
  writer.close();
}

TEST_F(TableWriterTest, IntegersOutsideTheirColumnAreRefused) {
  TableWriter writer{path("t.parquet"), {{"x", ColumnType::Int8, false}}};
  writer.put(std::int64_t{127});
  writer.end_row();
  EXPECT_THROW(writer.put(std::int64_t{128}), toxvol::Error);
}

TEST_F(TableWriterTest, AMissingFolderIsAnErrorThatNamesTheFile) {
  try {
    const TableWriter writer{path("no/such/t.parquet"), every_type()};
    FAIL();
  } catch (const toxvol::Error& error) {
    EXPECT_NE(std::string{error.what()}.find("no/such/t.parquet"), std::string::npos);
  }
}

TEST_F(TableWriterTest, ADamagedFileIsAnErrorThatNamesTheFile) {
  {
    std::ofstream out{path("t.parquet")};
    out << "this is not Parquet, but long enough to look for a footer in";
  }
  try {
    const TableReader reader{path("t.parquet")};
    FAIL();
  } catch (const toxvol::Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("t.parquet"), std::string::npos);
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
}

}  // namespace
