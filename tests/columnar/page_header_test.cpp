#include "toxvol/columnar/page_header.hpp"

#include <cstddef>

#include <gtest/gtest.h>

#include "toxvol/columnar/varint.hpp"

namespace toxvol::columnar {
namespace {

constexpr PageSizes kSizes{.values = 65'536, .plain = 524'288, .compressed = 131'072};

// By hand, from parquet.thrift and Thrift's compact protocol: a field is (distance << 4 | type) and
// a zigzag varint.
TEST(PageHeader, HasTheBytesOfThriftsCompactProtocol) {
  Bytes bytes;
  put_data_header({.values = 3, .plain = 100, .compressed = 40}, PageEncoding::DeltaBinaryPacked,
                  bytes);
  EXPECT_EQ(bytes, (Bytes{0x15, 0, 0x15, 0xC8, 0x01, 0x15, 80, 0x2C, 0x15, 6, 0x15, 10, 0x15, 6,
                          0x15, 6, 0, 0}));
}

TEST(PageHeader, ComesBackAndLeavesWhatFollows) {
  for (const PageEncoding encoding : {PageEncoding::Plain, PageEncoding::DeltaBinaryPacked,
                                      PageEncoding::DeltaByteArray, PageEncoding::RleDictionary}) {
    Bytes bytes;
    put_data_header(kSizes, encoding, bytes);
    bytes.push_back(7);
    ByteView left = bytes;
    EXPECT_EQ(get_data_header(encoding, left), kSizes);
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left.front(), 7);
  }
  Bytes bytes;
  put_dictionary_header(kSizes, bytes);
  ByteView left = bytes;
  EXPECT_EQ(get_dictionary_header(left), kSizes);
  EXPECT_TRUE(left.empty());
}

TEST(PageHeader, OfAnotherKindIsNone) {
  Bytes data;
  put_data_header(kSizes, PageEncoding::RleDictionary, data);
  Bytes dictionary;
  put_dictionary_header(kSizes, dictionary);
  ByteView left = data;
  EXPECT_FALSE(get_dictionary_header(left));
  left = dictionary;
  EXPECT_FALSE(get_data_header(PageEncoding::Plain, left));
  left = data;
  EXPECT_FALSE(get_data_header(PageEncoding::DeltaBinaryPacked, left));
}

TEST(PageHeader, CutShortOrWithANegativeSizeIsNone) {
  Bytes whole;
  put_data_header(kSizes, PageEncoding::RleDictionary, whole);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ByteView left = ByteView{whole}.first(size);
    EXPECT_FALSE(get_data_header(PageEncoding::RleDictionary, left)) << size;
  }
  const Bytes negative{0x15, 0, 0x15, 1, 0x15, 80, 0x2C, 0x15, 6, 0x15, 10, 0x15, 6, 0x15, 6, 0, 0};
  ByteView left = negative;
  EXPECT_FALSE(get_data_header(PageEncoding::DeltaBinaryPacked, left));
}

}  // namespace
}  // namespace toxvol::columnar
