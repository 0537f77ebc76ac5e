#include <cerrno>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <zip.h>

#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"
#include "toxvol/io/source.hpp"

namespace toxvol::io {

namespace {

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
using Member = std::unique_ptr<zip_file_t, CloseMember>;

std::string message_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

Archive open_archive(const std::filesystem::path& path) {
  // libzip's own words for a missing or unreadable file are poorer.
  static_cast<void>(open_for_reading(path));
  int code = ZIP_ER_OK;
  Archive archive{zip_open(path.c_str(), ZIP_RDONLY, &code)};
  if (archive) return archive;
  switch (code) {
    case ZIP_ER_NOZIP:
    case ZIP_ER_INCONS:
      throw Error{fmt::format("{}: not a ZIP, or cut short; download it again", path.string())};
    default:
      throw Error{fmt::format("{}: cannot open the ZIP: {}; download it again", path.string(),
                              message_of(code))};
  }
}

struct Entry {
  zip_uint64_t index = 0;
  std::string name;
  std::int64_t bytes = 0;
};

/// The one member whose name ends in `.csv`.
Entry csv_entry(zip_t* archive, const std::string& path) {
  Entry found;
  int csv_members = 0;
  const zip_int64_t entries = zip_get_num_entries(archive, 0);
  for (zip_int64_t i = 0; i < entries; ++i) {
    zip_stat_t facts;
    zip_stat_init(&facts);
    const auto index = static_cast<zip_uint64_t>(i);
    if (zip_stat_index(archive, index, 0, &facts) != 0 || (facts.valid & ZIP_STAT_NAME) == 0) {
      throw Error{fmt::format("{}: damaged list of members; download it again", path)};
    }
    const std::string_view name = facts.name;
    if (!name.ends_with(".csv") && !name.ends_with(".CSV")) continue;
    ++csv_members;
    if (csv_members > 1) {
      throw Error{
          fmt::format("{}: holds several CSV files ('{}', '{}'); Binance's hold one, unpack "
                      "it and use the files",
                      path, found.name, name)};
    }
    if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && facts.encryption_method != ZIP_EM_NONE) {
      throw Error{fmt::format("{}: '{}' is encrypted; unpack it and use the CSV", path, name)};
    }
    found = {index, std::string{name},
             (facts.valid & ZIP_STAT_SIZE) != 0 ? static_cast<std::int64_t>(facts.size) : 0};
  }
  if (csv_members == 0) {
    throw Error{fmt::format("{}: holds no CSV file among its {} members; download it again", path,
                            entries)};
  }
  if (found.bytes == 0) {
    throw Error{fmt::format("{}: '{}' in it is empty; download it again", path, found.name)};
  }
  return found;
}

class ZipSource final : public ByteSource {
 public:
  explicit ZipSource(const std::filesystem::path& path) : archive_{open_archive(path)} {
    const Entry entry = csv_entry(archive_.get(), path.string());
    name_ = fmt::format("{}:{}", path.string(), entry.name);
    size_ = entry.bytes;
    member_.reset(zip_fopen_index(archive_.get(), entry.index, 0));
    if (!member_) fail_with(zip_error_strerror(zip_get_error(archive_.get())));
  }

  std::size_t read(std::span<char> out) override {
    if (out.empty() || at_end_) return 0;
    // libzip compares size and CRC on the read that meets the end.
    const zip_int64_t got = zip_fread(member_.get(), out.data(), out.size());
    if (got < 0) {
      zip_error_t* const error = zip_file_get_error(member_.get());
      if (zip_error_code_zip(error) == ZIP_ER_CRC) {
        fail_with("the data do not match their CRC");
      }
      fail_with(zip_error_strerror(error));
    }
    given_ += got;
    if (got == 0) {
      at_end_ = true;
      if (given_ != size_) {
        fail_with(fmt::format("gives {} bytes in place of {}", given_, size_));
      }
    }
    return static_cast<std::size_t>(got);
  }
  const std::string& name() const override { return name_; }
  std::optional<std::int64_t> size() const override { return size_; }

 private:
  [[noreturn]] void fail_with(std::string_view reason) const {
    throw Error{fmt::format("{}: damaged ZIP: {}; download it again", name_, reason)};
  }

  std::string name_;
  Archive archive_;
  Member member_;  // before its archive in destruction
  std::int64_t size_ = 0;
  std::int64_t given_ = 0;
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> open_zip(const std::filesystem::path& path) {
  return std::make_unique<ZipSource>(path);
}

}  // namespace toxvol::io
