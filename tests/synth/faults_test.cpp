#include "toxvol/synth/faults.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "market_files.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::synth {
namespace {

using test::rows_of;
using test::scaled;
namespace fs = std::filesystem;

/// A clean market, and a copy of it for each fault.
class SynthFault : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    without_ = std::make_unique<test::TemporaryFolder>("no_fault");
    clean_ = test::small(without_->path());
    clean_.klines_only_days = 0;
    clean_.intensity = 0.001;
    test::make(clean_);
  }
  static void TearDownTestSuite() { without_.reset(); }

  /// The faulty file and its clean twin.
  struct Pair {
    fs::path faulty;
    fs::path clean;
    std::int64_t rows = 0;
  };

  Pair inject(Fault fault) {
    Params params = clean_;
    params.out = with_.path();
    params.faults = {fault};
    fs::remove_all(params.out);
    fs::copy(clean_.out, params.out, fs::copy_options::recursive);
    const std::vector<Injected> injected = inject_faults(params, params.out);
    EXPECT_EQ(injected.size(), 1U);
    const fs::path file = file_of(params, fault);
    EXPECT_EQ(injected.at(0).file, file.generic_string());
    // Nothing else is touched.
    for (const auto& entry : fs::recursive_directory_iterator{clean_.out}) {
      const fs::path other = entry.path().lexically_relative(clean_.out);
      if (!entry.is_regular_file() || other == file) continue;
      EXPECT_EQ(test::text_of(params.out / other), test::text_of(entry.path())) << other;
    }
    return {params.out / file, clean_.out / file, injected.at(0).rows};
  }

  test::TemporaryFolder with_{"fault"};
  static std::unique_ptr<test::TemporaryFolder> without_;
  static Params clean_;
};

std::unique_ptr<test::TemporaryFolder> SynthFault::without_;
Params SynthFault::clean_;

TEST_F(SynthFault, AnInterleavedBookHasTheSameRowsWithTheHalvesAlternating) {
  const Pair pair = inject(Fault::BookInterleaved);
  auto faulty = rows_of(pair.faulty);
  const auto clean = rows_of(pair.clean);
  ASSERT_EQ(faulty.size(), clean.size());
  const std::size_t half = (clean.size() - 1 + 1) / 2;
  EXPECT_EQ(faulty[1], clean[1]);
  EXPECT_EQ(faulty[2], clean[1 + half]);
  EXPECT_EQ(faulty[3], clean[2]);
  std::sort(faulty.begin() + 1, faulty.end());
  EXPECT_EQ(faulty, clean);  // ids have the same length, so text order is theirs
}

TEST_F(SynthFault, ATradeIdGapLeavesOutConsecutiveRows) {
  const Pair pair = inject(Fault::TradeIdGap);
  const auto faulty = rows_of(pair.faulty);
  const auto clean = rows_of(pair.clean);
  ASSERT_GT(pair.rows, 0);
  ASSERT_EQ(faulty.size() + static_cast<std::size_t>(pair.rows), clean.size());
  int gaps = 0;
  for (std::size_t i = 2; i < faulty.size(); ++i) {
    const std::int64_t step = scaled(faulty[i][0], 0) - scaled(faulty[i - 1][0], 0);
    if (step == 1) continue;
    ++gaps;
    EXPECT_EQ(step, pair.rows + 1);
  }
  EXPECT_EQ(gaps, 1);
}

TEST_F(SynthFault, KlinesCanMissOrBeFlatWithoutVolume) {
  const Pair missing = inject(Fault::KlineMissing);
  EXPECT_EQ(rows_of(missing.faulty).size(), rows_of(missing.clean).size() - 5);
  const Pair flat = inject(Fault::KlineFlatZero);
  const auto rows = rows_of(flat.faulty);
  int found = 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (scaled(rows[i][5], 3) != 0) continue;
    ++found;
    EXPECT_EQ(rows[i][8], "0");
    for (const std::size_t price : {1U, 2U, 3U, 4U}) EXPECT_EQ(rows[i][price], rows[i - 1][4]);
  }
  EXPECT_EQ(found, 4);
}

TEST_F(SynthFault, MetricsCanBeZeroDoubledOrCutShort) {
  const auto zero = rows_of(inject(Fault::OiZero).faulty);
  EXPECT_EQ(std::count_if(zero.begin(), zero.end(), [](const auto& row) { return row[2] == "0"; }),
            10);
  const auto doubled = rows_of(inject(Fault::MetricsDuplicate).faulty);
  ASSERT_EQ(doubled.size(), 577U);
  for (std::size_t i = 1; i < doubled.size(); i += 2) EXPECT_EQ(doubled[i], doubled[i + 1]);
  EXPECT_EQ(rows_of(inject(Fault::MetricsMissing).faulty).size(), 164U);
}

TEST_F(SynthFault, TicksCanBeInMicrosecondsCrossedRepeatedSpoiledOrOutsideTheirDay) {
  const auto micro = rows_of(inject(Fault::UnitMicroseconds).faulty);
  EXPECT_EQ(micro[1][5].size(), 16U);
  EXPECT_EQ(micro.back()[5].size(), 16U);

  const auto crossed = rows_of(inject(Fault::CrossedQuote).faulty);
  int found = 0;
  for (std::size_t i = 1; i < crossed.size(); ++i) {
    found += scaled(crossed[i][1], 2) > scaled(crossed[i][3], 2) ? 1 : 0;
  }
  EXPECT_EQ(found, 5);

  const Pair repeated = inject(Fault::DuplicateRow);
  auto rows = rows_of(repeated.faulty);
  EXPECT_EQ(rows.size(), rows_of(repeated.clean).size() + 20);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  EXPECT_EQ(rows, rows_of(repeated.clean));

  const auto spoiled = rows_of(inject(Fault::BadRow).faulty);
  EXPECT_EQ(std::count_if(spoiled.begin(), spoiled.end(),
                          [](const auto& row) {
                            return row.size() != 7 || row[1] == "abc" || row[2].starts_with('-');
                          }),
            3);

  const Pair outside = inject(Fault::RowOutsideDay);
  const std::int64_t last = scaled(rows_of(outside.faulty).back()[5], 0);
  EXPECT_EQ(last % 86'400'000, 0);
  EXPECT_GT(last, scaled(rows_of(outside.clean).back()[5], 0));
}

TEST_F(SynthFault, FilesCanDifferInForm) {
  const Pair bare = inject(Fault::NoHeader);
  EXPECT_EQ(test::text_of(bare.clean),
            "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,"
            "is_buyer_maker\n" +
                test::text_of(bare.faulty));
  const Pair crlf = inject(Fault::Crlf);
  std::string text = test::text_of(crlf.faulty);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\r'), 1441);
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  EXPECT_EQ(text, test::text_of(crlf.clean));
  const Pair bom = inject(Fault::Bom);
  EXPECT_EQ(test::text_of(bom.faulty), "\xEF\xBB\xBF" + test::text_of(bom.clean));
}

TEST_F(SynthFault, WholeFilesCanBeMissingOrEmpty) {
  EXPECT_FALSE(fs::exists(inject(Fault::DayMissing).faulty));
  EXPECT_EQ(fs::file_size(inject(Fault::FileEmpty).faulty), 0U);
}

TEST_F(SynthFault, ZipFilesCarryTheirChecksumsAndTheirFaults) {
  Params params = clean_;
  params.out = with_.path();
  params.zip = true;
  params.faults = {Fault::ChecksumMismatch, Fault::FileTruncated};
  const Summary summary = test::make(params);
  EXPECT_EQ(summary.injected.size(), 2U);
  int zips = 0;
  int wrong = 0;
  for (const auto& entry : fs::recursive_directory_iterator{params.out}) {
    EXPECT_NE(entry.path().extension(), ".csv");
    if (entry.path().extension() != ".zip") continue;
    ++zips;
    const std::string line = test::text_of(entry.path().string() + ".CHECKSUM");
    EXPECT_EQ(line.substr(64), "  " + entry.path().filename().string() + "\n");
    wrong += line.substr(0, 64) != io::sha256_hex_of_file(entry.path()) ? 1 : 0;
  }
  EXPECT_EQ(zips, 4 * 2 + 1);
  EXPECT_EQ(wrong, 1);
  // A ZIP ends with its directory; the one cut short does not.
  const std::string cut =
      test::text_of(params.out / "futures/daily/bookTicker/BTCUSDT-bookTicker-2024-01-02.zip");
  EXPECT_EQ(cut.find("PK\x05\x06"), std::string::npos);
  const std::string whole =
      test::text_of(params.out / "futures/daily/bookTicker/BTCUSDT-bookTicker-2024-01-01.zip");
  EXPECT_NE(whole.find("PK\x05\x06"), std::string::npos);

  params.faults.clear();
  params.days = 1;
  params.force = true;
  test::make(params);
  const auto file = params.out / "futures/daily/klines_1m/BTCUSDT-1m-2024-01-01.zip";
  const std::string digest = io::sha256_hex_of_file(file);
  test::make(params);
  EXPECT_EQ(io::sha256_hex_of_file(file), digest) << "the clock is in the archive";
}

TEST(SynthFaults, EveryFaultTogetherStillMakesAMarket) {
  const test::TemporaryFolder folder{"all_faults"};
  Params params = test::small(folder.path());
  params.intensity = 0.001;
  params.days = 3;
  params.klines_only_days = 0;
  params.zip = true;
  for (int i = 0; i <= static_cast<int>(Fault::FileEmpty); ++i) {
    params.faults.push_back(static_cast<Fault>(i));
  }
  const Summary summary = test::make(params);
  EXPECT_EQ(summary.injected.size(), params.faults.size());
  const std::string marker = test::text_of(folder.path() / kMarkerName);
  for (const Injected& injected : summary.injected) {
    EXPECT_TRUE(injected.fault == Fault::DayMissing || fs::exists(folder.path() / injected.file))
        << injected.file;
    EXPECT_NE(marker.find(name(injected.fault)), std::string::npos);
  }
}

}  // namespace
}  // namespace toxvol::synth
