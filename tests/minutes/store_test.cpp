// Known minutes that are kept come back bit for bit, and nothing that is damaged comes back at all.
#include "toxvol/minutes/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/io/temp_folder.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/minute_row.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/minutes/columns.hpp"
#include "toxvol/minutes/minute_file.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::minutes::test {
namespace {

namespace fs = std::filesystem;
using engine::KnownMinute;

class MinuteStore : public toxvol::test::TempFolder {};

/// Every column another value, every optional one now and then absent.
struct Filling {
  std::uint64_t state;

  std::uint64_t draw() { return state = splitmix64(state); }
  template <class T>
  void operator()(std::string_view /*name*/, T&& value) {
    fill(value);
  }
  template <class T>
  void fill(std::optional<T>& value) {
    value.reset();
    if (draw() % 3 != 0) fill(value.emplace());
  }
  void fill(std::int64_t& value) { value = static_cast<std::int64_t>(draw() >> 2U); }
  void fill(bool& value) { value = draw() % 2 == 0; }
  void fill(double& value) {
    value = static_cast<double>(static_cast<std::int64_t>(draw())) / 1e13;
    if (draw() % 7 == 0) value = -0.0;
    if (draw() % 7 == 0) value = std::numeric_limits<double>::denorm_min();
  }
  void fill(Timestamp& value) { value = from_ns(static_cast<std::int64_t>(draw() >> 2U)); }
  void fill(Duration& value) { value = Duration{static_cast<std::int64_t>(draw() >> 2U)}; }
  template <class Tag>
  void fill(Fixed<Tag>& value) {
    value = Fixed<Tag>::from_raw(static_cast<std::int64_t>(draw() >> 2U));
  }
  void fill(const BucketText& text) {
    text.buckets.resize(draw() % 4);
    for (Bucket& bucket : text.buckets) {
      fill(bucket.ts_event);
      fill(bucket.imbalance);
    }
  }
};

/// All columns as bits.
struct Showing {
  std::string text;

  template <class T>
  void operator()(std::string_view name, const T& value) {
    text += std::string{name} + "=" + shown(value) + " ";
  }
  template <class T>
  static std::string shown(const std::optional<T>& value) {
    return value ? shown(*value) : "none";
  }
  static std::string shown(std::int64_t value) { return std::to_string(value); }
  static std::string shown(bool value) { return value ? "yes" : "no"; }
  static std::string shown(double value) { return fmt::format("{:a}", value); }
  static std::string shown(Timestamp value) { return std::to_string(to_ns(value)); }
  static std::string shown(Duration value) { return std::to_string(value.count()); }
  template <class Tag>
  static std::string shown(Fixed<Tag> value) {
    return std::to_string(value.raw());
  }
  static std::string shown(const BucketText& value) {
    std::string text;
    for (const Bucket& bucket : value.buckets) {
      text += shown(bucket.ts_event) + ":" + shown(bucket.imbalance) + ",";
    }
    return text;
  }
};

std::string shown(KnownMinute minute) {
  Showing showing;
  columns(showing, minute);
  return showing.text;
}

std::vector<KnownMinute> random_minutes(std::size_t count) {
  std::vector<KnownMinute> minutes(count);
  std::uint64_t seed = 1;
  for (KnownMinute& minute : minutes) {
    Filling filling{seed++};
    minute.mark = engine::Mark{};
    minute.row.last_quote = Quote{};
    minute.touch = trading::Touch{};
    columns(filling, minute);
  }
  return minutes;
}

const std::vector<InputRead> kInputs{
    {.kind = Kind::AggTrades, .day = Day{std::chrono::days{19'000}}, .rows = 12, .sha256 = "ab"},
    {.kind = Kind::BookTicker, .day = Day{std::chrono::days{19'001}}, .rows = 3, .sha256 = "cd"}};

void keep(const fs::path& where, const std::string& key, const std::vector<KnownMinute>& minutes) {
  Keeping keeping{where, key};
  for (const KnownMinute& minute : minutes) keeping.write(minute);
  keeping.commit(kInputs);
}

TEST_F(MinuteStore, GivesBackWhatWasKeptBitForBit) {
  const std::vector<KnownMinute> minutes = random_minutes(5'000);  // two row groups
  keep(folder / "minutes", "a key", minutes);
  const std::optional<Kept> kept = find(folder / "minutes", "a key").kept;
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->inputs, kInputs);
  MinuteFileReader reader{kept->file};
  for (const KnownMinute& minute : minutes) {
    const KnownMinute* back = reader.next();
    ASSERT_NE(back, nullptr);
    ASSERT_EQ(shown(*back), shown(minute));
  }
  EXPECT_EQ(reader.next(), nullptr);
}

TEST_F(MinuteStore, HasNothingUnderAnotherKeyOrBeforeTheLastMinute) {
  EXPECT_FALSE(find(folder, "a key").kept);
  {
    Keeping keeping{folder, "a key"};
    keeping.write(KnownMinute{});
    EXPECT_FALSE(find(folder, "a key").kept);
  }
  EXPECT_FALSE(find(folder, "a key").kept);
  EXPECT_TRUE(fs::is_empty(folder));
  keep(folder, "a key", random_minutes(3));
  EXPECT_TRUE(find(folder, "a key").kept);
  EXPECT_FALSE(find(folder, "another key").kept);
}

TEST_F(MinuteStore, HasNothingWhereAFileIsDamaged) {
  keep(folder, "a key", random_minutes(3));
  const fs::path table = find(folder, "a key").kept.value().file;
  fs::path note = table;
  note.replace_extension(".json");
  {
    std::fstream file{table, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(200);
    file.put('\x55');
  }
  EXPECT_FALSE(find(folder, "a key").kept);
  EXPECT_EQ(find(folder, "a key").damage,
            table.string() + ": not the file that an earlier run kept");
  keep(folder, "a key", random_minutes(3));
  EXPECT_TRUE(find(folder, "a key").kept);
  EXPECT_EQ(find(folder, "a key").damage, "");
  std::ofstream{note, std::ios::trunc} << "{\"key\": \"a key\"";
  EXPECT_FALSE(find(folder, "a key").kept);
  EXPECT_EQ(find(folder, "a key").damage,
            note.string() + ": not the note that an earlier run kept");
  keep(folder, "a key", random_minutes(3));
  fs::remove(table);
  EXPECT_FALSE(find(folder, "a key").kept);
  EXPECT_EQ(find(folder, "a key").damage, "") << "files may be removed at any time";
}

TEST_F(MinuteStore, RemovesWhatAKilledRunLeftAndNotWhatIsBeingKept) {
  const fs::path left = folder / ".0123.parquet.4242-0.tmp";
  std::ofstream{left} << "half of it";
  Keeping first{folder, "a key"};
  EXPECT_FALSE(fs::exists(left));
  keep(folder, "another key", random_minutes(1));
  first.write(KnownMinute{});
  first.commit(kInputs);
  EXPECT_TRUE(find(folder, "a key").kept);
}

TEST_F(MinuteStore, RemovesTheOldestOfTooMany) {
  for (std::size_t i = 0; i <= Keeping::kMost; ++i) {
    keep(folder, std::to_string(i), random_minutes(1));
    const fs::path table = find(folder, std::to_string(i)).kept.value().file;
    const auto when = fs::file_time_type::clock::now() - std::chrono::hours{1'000 - i};
    fs::path note = table;
    if (i < Keeping::kMost) fs::last_write_time(note.replace_extension(".json"), when);
  }
  EXPECT_FALSE(find(folder, "0").kept);
  EXPECT_TRUE(find(folder, "1").kept);
  EXPECT_TRUE(find(folder, std::to_string(Keeping::kMost)).kept);
}

TEST_F(MinuteStore, RefusesBucketsThatAreNone) {
  std::vector<Bucket> buckets;
  const BucketText text{buckets};
  EXPECT_TRUE(text.parse("12=0.5 13=1"));
  EXPECT_EQ(buckets.size(), 2U);
  for (const char* bad : {"12", "12=", "12=0.5,13=1", "x=1", "12=0.5 13"}) {
    EXPECT_FALSE(text.parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace toxvol::minutes::test
