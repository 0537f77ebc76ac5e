// A catalog's file that is no longer what ingest wrote is named, and made anew from its source.
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

TEST(Ingest, NamesADamagedOutputAndMakesItAnewFromItsSource) {
  const TestFolder folder;
  const std::string first = "BTCUSDT-aggTrades-2024-01-15.csv";
  const std::string next = "BTCUSDT-aggTrades-2024-01-16.csv";
  folder.put(first, std::string{kTradeHeader} + trade_line(1, kJan15));
  folder.put(next, std::string{kTradeHeader} + trade_line(2, kJan15 + 86'400'000));
  static_cast<void>(run(folder));
  EXPECT_TRUE(run(folder).damaged.empty());
  const auto wanted = tree_of(folder.catalog());
  const fs::path victim = folder.catalog() /
                          "data/trade_tick/BTCUSDT-PERP.BINANCE/"
                          "2024-01-16T00-00-00-000000000Z_2024-01-16T00-00-00-000000000Z.parquet";
  ASSERT_TRUE(fs::exists(victim));
  const auto bytes = fs::file_size(victim);
  const auto expect_mended = [&](const std::string& how) {
    const IngestReport report = run(folder);
    ASSERT_EQ(report.damaged.size(), 1U) << how;
    EXPECT_TRUE(
        report.damaged[0].starts_with(victim.string() + ": not the file that ingest wrote (" + how))
        << report.damaged[0];
    EXPECT_TRUE(report.damaged[0].ends_with("made anew from " + (folder.raw() / next).string()));
    EXPECT_EQ(report.ingested, 1) << how;
    EXPECT_EQ(report.unchanged, 1) << how;
    EXPECT_TRUE(report.changed.empty()) << "the source is as it was";
    EXPECT_EQ(tree_of(folder.catalog()), wanted) << how;
  };
  flip_a_bit(victim);
  expect_mended("xxh3 ");
  fs::resize_file(victim, bytes - 1);
  expect_mended(std::to_string(bytes - 1) + " bytes, and it wrote " + std::to_string(bytes) + ")");
  fs::remove(victim);
  expect_mended("missing)");
}

}  // namespace
}  // namespace toxvol::catalog
