#include "toxvol/io/source.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <minizip/zip.h>
#include <zlib.h>

#include "tests/io/temp_folder.hpp"
#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::io {
namespace {

namespace fs = std::filesystem;
using Members = std::vector<std::pair<std::string, std::string>>;

std::string read_all(ByteSource& source, std::size_t piece = 1'000) {
  std::string text;
  std::vector<char> buffer(piece);
  while (const std::size_t got = source.read(buffer)) text.append(buffer.data(), got);
  EXPECT_EQ(source.read(buffer), 0U) << "the end is for ever";
  return text;
}

void write_zip(const fs::path& path, const Members& members, int method) {
  const zipFile archive = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  ASSERT_NE(archive, nullptr);
  for (const auto& [member, text] : members) {
    const zip_fileinfo facts{};
    ASSERT_EQ(zipOpenNewFileInZip(archive, member.c_str(), &facts, nullptr, 0, nullptr, 0, nullptr,
                                  method, Z_DEFAULT_COMPRESSION),
              ZIP_OK);
    ASSERT_EQ(zipWriteInFileInZip(archive, text.data(), static_cast<unsigned>(text.size())),
              ZIP_OK);
    ASSERT_EQ(zipCloseFileInZip(archive), ZIP_OK);
  }
  ASSERT_EQ(zipClose(archive, nullptr), ZIP_OK);
}

class SourceTest : public test::TempFolder {
 protected:
  fs::path zip(const std::string& name, const Members& members) const {
    const fs::path path = folder / name;
    write_zip(path, members, Z_DEFLATED);
    return path;
  }
  static std::string error_of_open(const fs::path& path) {
    return test::error_of<Error>([&] { static_cast<void>(open_source(path)); });
  }
  static std::string error_of_reading(const fs::path& path) {
    return test::error_of<Error>([&] { static_cast<void>(read_all(*open_source(path))); });
  }
};

/// Text that does not compress to nothing.
std::string rows(int count) {
  std::string text;
  std::uint64_t state = 1;
  for (int i = 0; i < count; ++i) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    text += std::to_string(state) + ",61800.30\n";
  }
  return text;
}

TEST_F(SourceTest, APlainFileGivesItsBytes) {
  const std::string text = rows(1'000);
  const fs::path path = put("a.csv", text);
  const auto source = open_source(path);
  EXPECT_EQ(source->name(), path.string());
  EXPECT_EQ(source->size(), static_cast<std::int64_t>(text.size()));
  EXPECT_EQ(source->read({}), 0U);
  EXPECT_EQ(read_all(*source), text);
}

TEST_F(SourceTest, AZipGivesItsMembersBytes) {
  const std::string text = rows(50'000);
  const fs::path path = zip("a.zip", {{"BTCUSDT-1m-2024-03-30.csv", text}});
  for (const std::size_t piece : {1'000U, 1U << 20U}) {
    const auto source = open_source(path);
    EXPECT_EQ(source->name(), path.string() + ":BTCUSDT-1m-2024-03-30.csv");
    EXPECT_EQ(source->size(), static_cast<std::int64_t>(text.size()));
    EXPECT_EQ(source->read({}), 0U);
    EXPECT_EQ(read_all(*source, piece), text);
  }
}

TEST_F(SourceTest, AZipMayHoldOtherFilesBesideTheCsv) {
  const fs::path path = zip("a.zip", {{"README.txt", "x"}, {"in/a.csv", "1,2\n"}});
  EXPECT_EQ(read_all(*open_source(path)), "1,2\n");
}

TEST_F(SourceTest, NoneOrSeveralCsvMembersAreErrors) {
  TOXVOL_EXPECT_CONTAINS(error_of_open(zip("a.zip", {{"README.txt", "x"}})), "holds no CSV file");
  const std::string text = error_of_open(zip("b.zip", {{"one.csv", "1\n"}, {"two.csv", "2\n"}}));
  TOXVOL_EXPECT_CONTAINS(text, "several CSV files ('one.csv', 'two.csv')");
}

TEST_F(SourceTest, AnEmptyFileOrMemberIsAnError) {
  TOXVOL_EXPECT_CONTAINS(error_of_open(put("a.csv", "")), "the file is empty");
  TOXVOL_EXPECT_CONTAINS(error_of_open(zip("b.zip", {{"a.csv", ""}})), "'a.csv' in it is empty");
  TOXVOL_EXPECT_CONTAINS(error_of_open(put("c.zip", "")), "c.zip: not a ZIP");
}

TEST_F(SourceTest, WhatIsNoZipIsSaid) {
  TOXVOL_EXPECT_CONTAINS(error_of_open(put("a.zip", "<html>404 not found</html>")), "not a ZIP");
  TOXVOL_EXPECT_CONTAINS(error_of_open(folder / "none.zip"), "No such file");
  TOXVOL_EXPECT_CONTAINS(error_of_open(folder / "none.csv"), "No such file");
  TOXVOL_EXPECT_CONTAINS(error_of_open(folder), "not a regular file");
}

TEST_F(SourceTest, EveryTruncationOfAZipIsAnError) {
  const std::string bytes = get(zip("a.zip", {{"a.csv", rows(10)}}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const fs::path path = put("cut.zip", std::string_view{bytes}.substr(0, size));
    TOXVOL_EXPECT_CONTAINS(error_of_reading(path), "cut.zip");
  }
}

TEST_F(SourceTest, NoDamageToTheDataPassesUnseen) {
  const std::string text = rows(40);
  const std::string bytes = get(zip("a.zip", {{"a.csv", text}}));
  const std::size_t data = 30 + 5;  // local header and name
  for (std::size_t at = data; at < data + 200; ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    TOXVOL_EXPECT_CONTAINS(error_of_reading(put("damaged.zip", damaged)), "damaged ZIP");
  }
}

TEST_F(SourceTest, AWrongCrcIsCalledSo) {
  // Stored, not deflated, so that only the CRC can tell.
  const fs::path path = folder / "stored.zip";
  write_zip(path, {{"a.csv", rows(40)}}, 0);
  std::string bytes = get(path);
  ++bytes[100];
  TOXVOL_EXPECT_CONTAINS(error_of_reading(put("stored.zip", bytes)), "do not match their CRC");
}

TEST_F(SourceTest, WhatOnlyAnotherProgramUnpacksIsSaid) {
  const std::string bytes = get(zip("a.zip", {{"a.csv", rows(10)}}));
  const std::size_t entry = bytes.find("PK\x01\x02");
  ASSERT_NE(entry, std::string::npos);
  std::string changed = bytes;
  changed[entry + 8] = 1;  // flags
  TOXVOL_EXPECT_CONTAINS(error_of_open(put("locked.zip", changed)), "'a.csv' is encrypted");
  changed = bytes;
  changed[entry + 10] = 12;  // method: bzip2
  TOXVOL_EXPECT_CONTAINS(error_of_open(put("bzip2.zip", changed)), "compressed by method 12");
}

std::string little_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

TEST_F(SourceTest, SizesThatOnly64BitsHoldAreRead) {
  // As of a member of over 4 GB: its sizes stand in an extra field behind its name.
  const std::string text = rows(40);
  const std::string bytes = get(zip("a.zip", {{"a.csv", text}}));
  const std::size_t entry = bytes.find("PK\x01\x02");
  const std::size_t end = bytes.find("PK\x05\x06");
  const std::uint64_t compressed = entry - 30 - 5;
  const auto with_sizes = [&](std::uint64_t size, std::uint64_t compressed_size) {
    // A field of another kind before it, as other programs write.
    const std::string extra = little_endian(0x5455, 2) + little_endian(1, 2) + "x" +
                              little_endian(1, 2) + little_endian(16, 2) + little_endian(size, 8) +
                              little_endian(compressed_size, 8);
    std::string changed = bytes;
    changed.replace(end + 12, 4, little_endian(end - entry + extra.size(), 4));
    changed.insert(entry + 46 + 5, extra);
    changed.replace(entry + 30, 2, little_endian(extra.size(), 2));
    constexpr std::size_t kSizes = 8;  // two of 32 bits, of each header
    changed.replace(entry + 20, kSizes, kSizes, '\xFF');
    changed.replace(18, kSizes, kSizes, '\xFF');
    return put("long.zip", changed);
  };
  const auto source = open_source(with_sizes(text.size(), compressed));
  EXPECT_EQ(source->size(), static_cast<std::int64_t>(text.size()));
  EXPECT_EQ(read_all(*source), text);
  TOXVOL_EXPECT_CONTAINS(error_of_reading(with_sizes(text.size() + 1, compressed)),
                         "bytes in place of");
  TOXVOL_EXPECT_CONTAINS(error_of_reading(with_sizes(text.size(), compressed - 9)), "cut short");
  TOXVOL_EXPECT_CONTAINS(error_of_reading(with_sizes(text.size() - 1, compressed)),
                         "do not match their CRC");
}

TEST(IsZipName, GoesByTheExtension) {
  EXPECT_TRUE(is_zip_name("a/b.zip"));
  EXPECT_TRUE(is_zip_name("a/b.ZIP"));
  EXPECT_FALSE(is_zip_name("a/b.csv"));
  EXPECT_FALSE(is_zip_name("a.zip/b.csv"));
}

}  // namespace
}  // namespace toxvol::io
