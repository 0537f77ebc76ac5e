#include "toxvol/io/deflate.hpp"

#include <limits>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <zconf.h>
#include <zlib.h>

#include "toxvol/core/error.hpp"

namespace toxvol::io {

namespace {

// Level 9 makes a year of minutes smaller by 1 %, in seven seconds in place of one.
constexpr int kLevel = 6;
constexpr int kRaw = -MAX_WBITS;
constexpr int kMemory = MAX_MEM_LEVEL;

}  // namespace

std::vector<unsigned char> deflated(std::span<const unsigned char> bytes) {
  z_stream stream{};
  // Numbers with noise in their low bits repeat less than text does, which is what this is for.
  if (deflateInit2(&stream, kLevel, Z_DEFLATED, kRaw, kMemory, Z_FILTERED) != Z_OK) {
    throw Error("zlib could not begin to compress");
  }
  const uLong most = deflateBound(&stream, bytes.size());
  std::vector<unsigned char> out(most);
  bool is_done = most <= std::numeric_limits<uInt>::max();  // it counts with 32 bits
  if (is_done) {
    stream.next_in = const_cast<Bytef*>(bytes.data());  // which zlib reads and never writes
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(most);
    is_done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(stream.total_out);
  }
  deflateEnd(&stream);
  if (!is_done) throw Error(fmt::format("zlib could not compress {} bytes", bytes.size()));
  return out;
}

}  // namespace toxvol::io
