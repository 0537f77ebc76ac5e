#include "toxvol/synth/zip.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <minizip/zip.h>
#include <zlib.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/io/posix.hpp"
#include "toxvol/synth/faults.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::synth {

namespace {

namespace fs = std::filesystem;

// 2024-01-01 00:00 in the archive's directory: the clock must not change the bytes.
constexpr tm_zip kDate{
    .tm_sec = 0, .tm_min = 0, .tm_hour = 0, .tm_mday = 1, .tm_mon = 0, .tm_year = 2024};
constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr int kFilesAbove4Gb = 1;  // sizes of 64 bits, as a day of bookTicker may need

fs::path with(const fs::path& path, std::string_view suffix) {
  fs::path longer = path;
  longer += suffix;
  return longer;
}

void zip_file(const fs::path& csv, const fs::path& path) {
  const auto check = [&path](bool is_good) {
    if (is_good) return;
    throw Error{fmt::format("{}: cannot be written; check the disk", path.string())};
  };
  const zipFile archive = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
  check(archive != nullptr);
  const std::string name = csv.filename().string();
  zip_fileinfo facts{};
  facts.tmz_date = kDate;
  bool is_good =
      zipOpenNewFileInZip64(archive, name.c_str(), &facts, nullptr, 0, nullptr, 0, nullptr,
                            Z_DEFLATED, Z_DEFAULT_COMPRESSION, kFilesAbove4Gb) == ZIP_OK;
  if (is_good) {
    const io::Descriptor source = io::open_for_reading(csv);
    std::vector<char> piece(kPiece);
    while (is_good) {
      const std::size_t got = io::read_some(source.number(), piece.data(), piece.size(), csv);
      if (got == 0) break;
      is_good = zipWriteInFileInZip(archive, piece.data(), static_cast<unsigned>(got)) == ZIP_OK;
    }
    is_good = zipCloseFileInZip(archive) == ZIP_OK && is_good;
  }
  check(zipClose(archive, nullptr) == ZIP_OK && is_good);
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
