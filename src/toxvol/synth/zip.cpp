#include "toxvol/synth/zip.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <zip.h>

#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/synth/faults.hpp"

namespace toxvol::synth {

namespace {

namespace fs = std::filesystem;

// 2024-01-01 00:00 in the archive's directory: the clock must not change the bytes.
constexpr std::uint16_t kDosDate = (2024 - 1980) << 9U | 1U << 5U | 1U;

fs::path with(const fs::path& path, std::string_view suffix) {
  fs::path longer = path;
  longer += suffix;
  return longer;
}

void zip_file(const fs::path& csv, const fs::path& path) {
  const auto fail = [&path](std::string_view what) {
    throw Error{fmt::format("{}: cannot be written ({}); check the disk", path.string(), what)};
  };
  int code = 0;
  zip_t* const archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (archive == nullptr) fail(fmt::format("libzip error {}", code));
  // The archive owns the source once it is added.
  zip_source_t* const source = zip_source_file(archive, csv.c_str(), 0, -1);
  const zip_int64_t index =
      source == nullptr ? -1
                        : zip_file_add(archive, csv.filename().c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0 ||
      zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, kDosDate, 0) != 0 ||
      zip_close(archive) != 0) {
    const std::string what = zip_strerror(archive);
    if (index < 0 && source != nullptr) zip_source_free(source);
    zip_discard(archive);
    fail(what);
  }
}

bool asked(const Params& params, Fault fault, const fs::path& file) {
  return std::find(params.faults.begin(), params.faults.end(), fault) != params.faults.end() &&
         file_of(params, fault) == file;
}

}  // namespace

void zip_tree(const Params& params, const fs::path& root, std::vector<Injected>& injected,
              Progress& progress) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator{root}) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());  // a folder has no order of its own
  progress.begin("zip", static_cast<std::int64_t>(files.size()));
  for (const fs::path& csv : files) {
    const fs::path zip = fs::path{csv}.replace_extension(".zip");
    zip_file(csv, zip);
    const fs::path file = csv.lexically_relative(root);
    const fs::path zipped = zip.lexically_relative(root);
    if (asked(params, Fault::FileTruncated, file)) {
      // Published like that: the checksum is that of what is there.
      fs::resize_file(zip, fs::file_size(zip) * 3 / 5);
      injected.push_back({Fault::FileTruncated, zipped.generic_string(), 0});
    }
    std::string digest = io::sha256_hex_of_file(zip);
    if (asked(params, Fault::ChecksumMismatch, file)) {
      digest.front() = digest.front() == '0' ? '1' : '0';
      injected.push_back({Fault::ChecksumMismatch, zipped.generic_string(), 0});
    }
    io::write_file_atomically(with(zip, ".CHECKSUM"),
                              fmt::format("{}  {}\n", digest, zip.filename().string()));
    fs::remove(csv);
    progress.advance(1, 0);
  }
  for (Injected& fault : injected) {
    if (fault.file.ends_with(".csv")) fault.file.replace(fault.file.size() - 3, 3, "zip");
  }
}

}  // namespace toxvol::synth
