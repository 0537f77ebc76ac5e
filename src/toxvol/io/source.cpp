#include "toxvol/io/source.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::io {

namespace {

class FileSource final : public ByteSource {
 public:
  explicit FileSource(const std::filesystem::path& path)
      : name_{path.string()}, descriptor_{open_for_reading(path)} {
    struct stat facts{};
    if (::fstat(descriptor_.number(), &facts) != 0) fail(path, "cannot inspect", errno);
    size_ = facts.st_size;
    if (size_ == 0)
      throw Error{fmt::format("{}: the file is empty; download it again", name_), ErrorCode::Empty};
    // Only advice to the kernel: a refusal changes nothing.
    static_cast<void>(::posix_fadvise(descriptor_.number(), 0, 0, POSIX_FADV_SEQUENTIAL));
  }

  std::size_t read(std::span<char> out) override {
    if (out.empty()) return 0;
    return read_some(descriptor_.number(), out.data(), out.size(), name_);
  }
  const std::string& name() const override { return name_; }
  std::optional<std::int64_t> size() const override { return size_; }

 private:
  std::string name_;
  Descriptor descriptor_;
  std::int64_t size_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> open_file(const std::filesystem::path& path) {
  return std::make_unique<FileSource>(path);
}

std::unique_ptr<ByteSource> open_source(const std::filesystem::path& path) {
  return is_zip_name(path) ? open_zip(path) : open_file(path);
}

bool is_zip_name(const std::filesystem::path& path) {
  const auto extension = path.extension();
  return extension == ".zip" || extension == ".ZIP";
}

}  // namespace toxvol::io
