#include "toxvol/catalog/raw/spill.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "toxvol/core/error.hpp"

namespace toxvol::catalog {

SpillFile::SpillFile(const std::filesystem::path& folder) {
  std::string name = (folder / ".spill-XXXXXX").string();
  descriptor_ = ::mkstemp(name.data());
  if (descriptor_ < 0) {
    throw Error{fmt::format("{}: {}; sorting a disordered file needs room for it there",
                            folder.string(), std::strerror(errno)),
                ErrorCode::Io};
  }
  ::unlink(name.c_str());
}

SpillFile::~SpillFile() {
  ::close(descriptor_);
}

std::int64_t SpillFile::append(std::span<const std::byte> bytes) {
  const std::int64_t offset = size_;
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), size_);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      throw Error{
          fmt::format("writing rows to be sorted: {}; free some disk space", std::strerror(errno)),
          ErrorCode::Io};
    }
    size_ += written;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return offset;
}

void SpillFile::read(std::int64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t got = ::pread(descriptor_, bytes.data(), bytes.size(), offset);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      throw Error{fmt::format("reading sorted rows back: {}",
                              got == 0 ? "unexpected end" : std::strerror(errno)),
                  ErrorCode::Io};
    }
    offset += got;
    bytes = bytes.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace toxvol::catalog
