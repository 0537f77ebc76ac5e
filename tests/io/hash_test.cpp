#include "toxvol/io/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/io/temp_folder.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/sha256_blocks.hpp"

namespace toxvol::io {
namespace {

// FIPS 180-4 examples, and `sha256sum` of nothing.
const std::string kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string kTwoBlocks = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";

TEST(Sha256, HasTheStandardsValues) {
  EXPECT_EQ(sha256_hex("abc"), kAbc);
  EXPECT_EQ(sha256_hex(""), kNothing);
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), kTwoBlocks);
}

TEST(Sha256, EndsRightAtEveryLength) {
  // Digest of the digests of 0 to 200 times "a", by Python's hashlib.
  Sha256 all;
  for (std::size_t length = 0; length <= 200; ++length) {
    all.update(sha256_hex(std::string(length, 'a')));
  }
  EXPECT_EQ(all.hex(), "eb555248bd20c7831e511d4461b42c9b084e3a64b44d57b00051172f8afe03ff");
}

TEST(Sha256, IsTheSameInPlainCppAndByInstructions) {
  std::vector<unsigned char> data(kSha256Block * 50);
  std::uint64_t state = 1;
  for (unsigned char& byte : data) {
    state = state * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
    byte = static_cast<unsigned char>(state >> 56U);
  }
  for (std::size_t blocks = 0; blocks <= 50; ++blocks) {
    Sha256Words plain = kSha256Start;
    Sha256Words other = kSha256Start;
    sha256_blocks_plain(plain, data.data(), blocks);
    sha256_blocks(other, data.data(), blocks);
    EXPECT_EQ(plain, other) << blocks;
  }
}

TEST(Sha256, TakesBytesInPiecesAndMayGoOnAfterHex) {
  Sha256 hash;
  EXPECT_EQ(hash.hex(), kNothing);
  hash.update("a");
  hash.update(std::as_bytes(std::span{std::string_view{"b"}}));
  Sha256 moved{std::move(hash)};
  moved.update("c");
  EXPECT_EQ(moved.hex(), kAbc);
  EXPECT_EQ(moved.hex(), kAbc);
}

class HashOfFile : public test::TempFolder {};

TEST_F(HashOfFile, IsThatOfItsBytes) {
  EXPECT_EQ(sha256_hex_of_file(put("a", "abc")), kAbc);
  EXPECT_EQ(sha256_hex_of_file(put("b", "")), kNothing);
  const std::string large(3'000'000, 'x');
  EXPECT_EQ(sha256_hex_of_file(put("c", large)), sha256_hex(large));
}

// `xxhsum -H3` of the same bytes (XXH3_64bits, seed 0, most significant byte first).
TEST_F(HashOfFile, Xxh3HasThePublishedValues) {
  EXPECT_EQ(xxh3_hex_of_file(put("a", "")), "2d06800538d394c2");
  EXPECT_EQ(xxh3_hex_of_file(put("b", "abc")), "78af5f94892f3950");
}

TEST_F(HashOfFile, SaysWhichItIs) {
  EXPECT_EQ(source_hash(put("a.zip", "abc")), "sha256:" + kAbc);
  EXPECT_EQ(source_hash(put("a.csv", "abc")), "xxh3:78af5f94892f3950");
}

TEST_F(HashOfFile, OfNoFileIsAnError) {
  TOXVOL_EXPECT_CONTAINS(
      test::error_of<Error>([&] { static_cast<void>(sha256_hex_of_file(folder / "none")); }),
      "cannot open: No such file");
}

}  // namespace
}  // namespace toxvol::io
