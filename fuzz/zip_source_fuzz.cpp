// A ZIP whose member is any bytes at all gives what zlib inflates of them, or an error.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "fuzz/row.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/source.hpp"

namespace toxvol {

namespace {

constexpr std::size_t kMost = std::size_t{1} << 20;

std::string number(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

/// What zlib makes of raw deflate; false where it is damaged, cut short or longer than `kMost`.
bool inflated(const std::uint8_t* data, std::size_t size, std::string& out) {
  z_stream stream{};
  fuzz::require(inflateInit2(&stream, -MAX_WBITS) == Z_OK);
  out.resize(kMost);
  stream.next_in = const_cast<Bytef*>(data);
  stream.avail_in = static_cast<uInt>(size);
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return status == Z_STREAM_END;
}

std::string zip_of(const std::string& deflated, std::uint32_t crc, std::uint64_t size) {
  const std::string facts = number(8, 2) + number(0, 4) + number(crc, 4) +
                            number(deflated.size(), 4) + number(size, 4) + number(5, 2) +
                            number(0, 2);
  const std::string local = "PK\x03\x04" + number(20, 2) + number(0, 2) + facts + "a.csv";
  const std::string entry = "PK\x01\x02" + number(20, 2) + number(20, 2) + number(0, 2) + facts +
                            number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) +
                            number(0, 4) + "a.csv";
  return local + deflated + entry + "PK\x05\x06" + number(0, 4) + number(1, 2) + number(1, 2) +
         number(entry.size(), 4) + number(local.size() + deflated.size(), 4) + number(0, 2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0] * 100U;  // read at a time
  ++data;
  --size;
  std::string expected;
  const bool is_good = inflated(data, size, expected) && !expected.empty();
  const auto crc = static_cast<std::uint32_t>(crc32(
      0, reinterpret_cast<const Bytef*>(expected.data()), static_cast<uInt>(expected.size())));
  // Of what zlib refuses, more is promised than it gave: no reader can take that for whole.
  const std::string bytes = zip_of({reinterpret_cast<const char*>(data), size}, crc,
                                   expected.size() + (is_good ? 0 : kMost));
  const int file = memfd_create("zip", 0);
  fuzz::require(write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  std::string text;
  bool is_read = true;
  try {
    const auto source = io::open_zip("/proc/self/fd/" + std::to_string(file));
    std::vector<char> some(piece);
    while (const std::size_t got = source->read(some)) text.append(some.data(), got);
  } catch (const Error&) {
    is_read = false;
  }
  close(file);
  fuzz::require(is_read == is_good && (!is_good || text == expected));
  return 0;
}

}  // namespace toxvol
