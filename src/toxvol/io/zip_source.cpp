#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <minizip/unzip.h>
#include <sys/types.h>
#include <unistd.h>
#include <zlib.h>

#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"
#include "toxvol/io/source.hpp"

namespace toxvol::io {

namespace {

constexpr std::size_t kMostAtOnce = std::size_t{1} << 30;   // ISA-L counts with 32 bits
constexpr std::size_t kCompressed = std::size_t{64} << 10;  // inflated at a time
constexpr unsigned long kEncrypted = 1;                     // bit 0 of the member's flags

struct CloseArchive {
  void operator()(void* archive) const { unzClose(archive); }
};
using Archive = std::unique_ptr<void, CloseArchive>;

/// Whether the record that ends a ZIP is there whole; minizip takes what is cut off for zeros.
bool has_end(const Descriptor& file, const std::filesystem::path& path) {
  constexpr std::size_t kRecord = 22;  // its comment, of at most 65,535 bytes, follows
  constexpr std::size_t kMost = kRecord + 65'535;
  const std::uintmax_t size = std::filesystem::file_size(path);
  std::string tail(std::min<std::uintmax_t>(size, kMost), '\0');
  if (::lseek(file.number(), -static_cast<off_t>(tail.size()), SEEK_END) < 0) return false;
  std::size_t have = 0;
  while (const std::size_t got =
             read_some(file.number(), tail.data() + have, tail.size() - have, path)) {
    have += got;
  }
  const std::size_t at = tail.rfind("PK\x05\x06");
  if (have < tail.size() || at == std::string::npos || tail.size() - at < kRecord) return false;
  const auto byte = [&](std::size_t offset) {
    return static_cast<std::size_t>(static_cast<unsigned char>(tail[at + offset]));
  };
  return tail.size() - at >= kRecord + byte(20) + (byte(21) << 8U);
}

Archive open_archive(const std::filesystem::path& path) {
  // minizip has no words for a missing or unreadable file.
  const Descriptor file = open_for_reading(path);
  Archive archive{has_end(file, path) ? unzOpen64(path.c_str()) : nullptr};
  if (archive) return archive;
  throw Error{fmt::format("{}: not a ZIP, or cut short; download it again", path.string()),
              ErrorCode::Corrupt};
}

struct Entry {
  unz64_file_pos place{};
  std::string name;
  std::uint64_t bytes = 0;
  std::uint64_t compressed = 0;
  std::uint32_t crc = 0;
  bool is_deflated = false;
};

class Members {
 public:
  Members(void* archive, std::string path) : archive_{archive}, path_{std::move(path)} {}

  /// The one member whose name ends in `.csv`.
  Entry csv() {
    Entry found;
    int members = 0;
    int csv_members = 0;
    int status = unzGoToFirstFile(archive_);
    for (; status == UNZ_OK; status = unzGoToNextFile(archive_)) {
      ++members;
      unz_file_info64 facts{};
      const std::string name = read_name(facts);
      if (!name.ends_with(".csv") && !name.ends_with(".CSV")) continue;
      if (++csv_members > 1) {
        fail(
            fmt::format("holds several CSV files ('{}', '{}'); Binance's hold one, unpack "
                        "it and use the files",
                        found.name, name));
      }
      if ((facts.flag & kEncrypted) != 0) {
        fail(fmt::format("'{}' is encrypted; unpack it and use the CSV", name));
      }
      if (facts.compression_method != 0 && facts.compression_method != Z_DEFLATED) {
        fail(
            fmt::format("'{}' is compressed by method {}, which is neither deflate nor none; "
                        "unpack it and use the CSV",
                        name, facts.compression_method));
      }
      found.name = name;
      found.bytes = facts.uncompressed_size;
      found.compressed = facts.compressed_size;
      read_long_sizes(facts, found);
      found.crc = static_cast<std::uint32_t>(facts.crc);
      found.is_deflated = facts.compression_method == Z_DEFLATED;
      if (unzGetFilePos64(archive_, &found.place) != UNZ_OK) fail_at_list();
    }
    if (status != UNZ_END_OF_LIST_OF_FILE) fail_at_list();
    if (csv_members == 0) {
      fail(fmt::format("holds no CSV file among its {} members; download it again", members));
    }
    if (found.bytes == 0) {
      throw Error{fmt::format("{}: '{}' in it is empty; download it again", path_, found.name),
                  ErrorCode::Empty};
    }
    return found;
  }

 private:
  std::string read_name(unz_file_info64& facts) {
    if (unzGetCurrentFileInfo64(archive_, &facts, nullptr, 0, nullptr, 0, nullptr, 0) != UNZ_OK) {
      fail_at_list();
    }
    std::string name(facts.size_filename, '\0');
    if (unzGetCurrentFileInfo64(archive_, &facts, name.data(), facts.size_filename, nullptr, 0,
                                nullptr, 0) != UNZ_OK) {
      fail_at_list();
    }
    return name;
  }
  /// Sizes that 32 bits do not hold stand in an extra field (APPNOTE 4.5.3), of which Debian's
  /// minizip knows nothing on 64-bit machines.
  void read_long_sizes(const unz_file_info64& facts, Entry& found) {
    constexpr std::uint64_t kElsewhere = 0xFFFF'FFFF;
    constexpr std::size_t kHeader = 4;
    constexpr unsigned kZip64 = 1;
    std::string extra(facts.size_file_extra, '\0');
    unz_file_info64 again{};
    if (unzGetCurrentFileInfo64(archive_, &again, nullptr, 0, extra.data(), extra.size(), nullptr,
                                0) != UNZ_OK) {
      fail_at_list();
    }
    const auto number = [&extra](std::size_t at, std::size_t bytes) {
      std::uint64_t value = 0;
      std::memcpy(&value, extra.data() + at, bytes);  // little-endian, as we are
      return value;
    };
    for (std::size_t at = 0; at + kHeader <= extra.size();) {
      std::size_t field = at + kHeader;
      const std::size_t end = field + number(at + 2, 2);
      if (end > extra.size()) break;
      for (std::uint64_t* const size : {&found.bytes, &found.compressed}) {
        if (number(at, 2) != kZip64 || *size != kElsewhere || field + sizeof *size > end) continue;
        *size = number(field, sizeof *size);
        field += sizeof *size;
      }
      at = end;
    }
  }
  [[noreturn]] void fail(std::string_view what) const {
    throw Error{fmt::format("{}: {}", path_, what), ErrorCode::Corrupt};
  }
  [[noreturn]] void fail_at_list() const { fail("damaged list of members; download it again"); }

  void* archive_;
  std::string path_;
};

/// minizip finds the member, ISA-L inflates it, at twice and more the speed of zlib.
class ZipSource final : public ByteSource {
 public:
  explicit ZipSource(const std::filesystem::path& path) : path_{path} {
    const Archive archive = open_archive(path);
    entry_ = Members{archive.get(), path.string()}.csv();
    name_ = fmt::format("{}:{}", path.string(), entry_.name);
    int status = unzGoToFilePos64(archive.get(), &entry_.place);
    constexpr int kAsStored = 1;
    int method = 0;
    if (status == UNZ_OK) status = unzOpenCurrentFile2(archive.get(), &method, nullptr, kAsStored);
    if (status != UNZ_OK) fail_with("its headers contradict each other");
    file_ = open_for_reading(path);
    const auto begin = static_cast<off_t>(unzGetCurrentFileZStreamPos64(archive.get()));
    if (::lseek(file_.number(), begin, SEEK_SET) != begin) fail_with("it cannot be read");
    raw_left_ = entry_.compressed;
    isal_inflate_init(&inflate_);
    inflate_.crc_flag = ISAL_DEFLATE;  // raw
  }

  std::size_t read(std::span<char> out) override {
    if (out.empty() || at_end_) return 0;
    const std::uint64_t most = std::min<std::uint64_t>(entry_.bytes - given_, kMostAtOnce);
    out = out.first(std::min<std::uint64_t>(out.size(), most));
    const std::size_t got = entry_.is_deflated ? inflate_into(out) : read_raw(out);
    crc_ = crc32_gzip_refl(crc_, reinterpret_cast<const unsigned char*>(out.data()), got);
    given_ += got;
    if (got == 0) finish();
    return got;
  }
  const std::string& name() const override { return name_; }
  std::optional<std::int64_t> size() const override {
    return static_cast<std::int64_t>(entry_.bytes);
  }

 private:
  /// Fills the front of `out`, all of it but at the end.
  std::size_t inflate_into(std::span<char> out) {
    inflate_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    inflate_.avail_out = static_cast<std::uint32_t>(out.size());
    while (inflate_.avail_out > 0 && inflate_.block_state != ISAL_BLOCK_FINISH) {
      bool is_dry = false;
      if (inflate_.avail_in == 0) {
        const std::size_t more = read_raw(compressed_);
        inflate_.next_in = reinterpret_cast<std::uint8_t*>(compressed_.data());
        inflate_.avail_in = static_cast<std::uint32_t>(more);
        is_dry = more == 0;
      }
      const std::uint32_t room = inflate_.avail_out;
      if (isal_inflate(&inflate_) < 0) fail_with("the compressed data are damaged");
      // ISA-L may hold back what it has inflated, but then gives it.
      if (is_dry && inflate_.avail_out == room && inflate_.block_state != ISAL_BLOCK_FINISH) {
        fail_with("the compressed data are cut short");
      }
    }
    return out.size() - inflate_.avail_out;
  }

  /// The next bytes of the member as they stand in the file; 0 at its end or the file's.
  std::size_t read_raw(std::span<char> out) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), raw_left_));
    const std::size_t got = most > 0 ? read_some(file_.number(), out.data(), most, path_) : 0;
    raw_left_ -= got;
    return got;
  }

  void finish() {
    at_end_ = true;
    if (given_ != entry_.bytes) {
      fail_with(fmt::format("gives {} bytes in place of {}", given_, entry_.bytes));
    }
    if (crc_ != entry_.crc) fail_with("the data do not match their CRC");
  }

  [[noreturn]] void fail_with(std::string_view reason) const {
    throw Error{fmt::format("{}: damaged ZIP: {}; download it again", name_, reason),
                ErrorCode::Corrupt};
  }

  std::filesystem::path path_;
  std::string name_;
  Entry entry_;
  Descriptor file_;
  std::uint64_t raw_left_ = 0;
  inflate_state inflate_{};
  std::vector<char> compressed_ = std::vector<char>(kCompressed);
  std::uint32_t crc_ = 0;
  std::uint64_t given_ = 0;
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> open_zip(const std::filesystem::path& path) {
  return std::make_unique<ZipSource>(path);
}

}  // namespace toxvol::io
