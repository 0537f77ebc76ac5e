#include "toxvol/io/deflate.hpp"

#include <cstddef>
#include <random>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

namespace toxvol::io {

namespace {

using Bytes = std::vector<unsigned char>;

/// What raw DEFLATE gives back, with room for `most` bytes.
Bytes inflated(Bytes bytes, std::size_t most) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, -MAX_WBITS), Z_OK);
  Bytes out(most + 1);
  stream.next_in = bytes.data();
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.avail_in, 0U);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

TEST(Deflate, GivesBackWhatWentIn) {
  std::mt19937 random{1};
  for (const std::size_t size : {0U, 1U, 1000U, 200'000U}) {
    Bytes noise;
    Bytes steps;
    for (std::size_t at = 0; at < size; ++at) {
      noise.push_back(static_cast<unsigned char>(random() & 0xFFU));
      steps.push_back(static_cast<unsigned char>(at / 1000));
    }
    for (const Bytes& bytes : {noise, steps}) {
      const Bytes small = deflated(bytes);
      EXPECT_EQ(inflated(small, size), bytes) << size;
      EXPECT_EQ(deflated(bytes), small) << size;
    }
    if (size > 1000) {
      EXPECT_LT(deflated(steps).size(), size / 100);
      EXPECT_LT(deflated(noise).size(), size + size / 100);
    }
  }
}

}  // namespace

}  // namespace toxvol::io
