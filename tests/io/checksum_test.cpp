#include "toxvol/io/checksum.hpp"

#include <string>
#include <vector>

#include "tests/io/temp_folder.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::io {
namespace {

using test::error_of;

const std::string kHex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(ParseChecksum, ReadsTheLineOfSha256sum) {
  for (const char* end : {"", "\n", "\r\n"}) {
    const auto checksum = parse_checksum(kHex + "  BTCUSDT-1m-2024-03-30.zip" + end, "x");
    EXPECT_EQ(checksum.sha256, kHex);
    EXPECT_EQ(checksum.file, "BTCUSDT-1m-2024-03-30.zip");
  }
  EXPECT_EQ(parse_checksum(kHex + " *a b.zip", "x").file, "a b.zip");
  EXPECT_EQ(parse_checksum("BA" + kHex.substr(2) + "  a.zip", "x").sha256, kHex);
}

TEST(ParseChecksum, RefusesEverythingElse) {
  const std::vector<std::string> refused{"",
                                         kHex,
                                         kHex + "  ",
                                         kHex + " a.zip",
                                         kHex.substr(1) + "  a.zip",
                                         "g" + kHex.substr(1) + "  a.zip",
                                         kHex + "0  a.zip",
                                         kHex + "  a.zip\n" + kHex + "  b.zip",
                                         "<html>404</html>\n\n"};
  for (const std::string& text : refused) {
    TOXVOL_EXPECT_CONTAINS(
        error_of<Error>([&] { static_cast<void>(parse_checksum(text, "a.zip.CHECKSUM")); }),
        "a.zip.CHECKSUM");
  }
}

class ChecksumFile : public test::TempFolder {};

TEST_F(ChecksumFile, StandsBesideItsFile) {
  const auto path = put("a.zip", "abc");
  EXPECT_FALSE(checksum_of(path));
  put("a.zip.CHECKSUM", kHex + "  a.zip");
  ASSERT_TRUE(checksum_of(path));
  EXPECT_EQ(checksum_of(path)->sha256, kHex);
}

TEST_F(ChecksumFile, OfAnotherFileIsAnError) {
  const auto path = put("a.zip", "abc");
  put("a.zip.CHECKSUM", kHex + "  b.zip");
  TOXVOL_EXPECT_CONTAINS(error_of<Error>([&] { static_cast<void>(checksum_of(path)); }),
                         "speaks of 'b.zip', not of 'a.zip'");
}

TEST_F(ChecksumFile, OfManyBytesIsAnError) {
  const auto path = put("a.zip", "abc");
  put("a.zip.CHECKSUM", std::string(5'000, 'a'));
  TOXVOL_EXPECT_CONTAINS(error_of<Error>([&] { static_cast<void>(checksum_of(path)); }),
                         "5000 bytes");
}

}  // namespace
}  // namespace toxvol::io
