#include "toxvol/study/study_folder.hpp"

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::study {

namespace {

namespace fs = std::filesystem;

constexpr const char* kDesign = "design.json";
constexpr const char* kStudy = "study.json";
// study.json while the points go: written before the first of them is removed.
constexpr const char* kReady = ".study.json.ready";
constexpr const char* kPoints = "points";
constexpr const char* kId = "id";  // in points

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator{folder}) result.push_back(entry.path());
  return result;
}

void remove_temporaries(const fs::path& folder) {
  if (!fs::is_directory(folder)) return;
  for (const fs::path& path : entries(folder)) {
    if (io::is_temporary(path)) fs::remove(path);
  }
}

std::string id_in(const fs::path& study_json) {
  const auto json = nlohmann::json::parse(io::read_file(study_json), nullptr, false);
  return json.is_object() ? json.value(kId, std::string{}) : std::string{};
}

/// The id of the study that is there; empty where there is none that can be told.
std::string stored_id(const fs::path& folder) {
  for (const char* file : {kStudy, kReady}) {
    if (fs::exists(folder / file)) return id_in(folder / file);
  }
  const fs::path id = folder / kPoints / kId;
  return fs::exists(id) ? io::read_file(id) : std::string{};
}

/// Nothing, or what a process leaves that was killed before design.json.
bool is_blank(const fs::path& folder) {
  for (const fs::path& path : entries(folder)) {
    if (path.filename() != kPoints || !fs::is_directory(path)) return false;
    for (const fs::path& point : entries(path)) {
      if (point.filename() != kId) return false;
    }
  }
  return true;
}

}  // namespace

std::string study_id(std::string_view design_json, std::string_view circumstances) {
  io::Sha256 hash;
  hash.update(design_json);
  hash.update(circumstances);
  return hash.hex();
}

StudyFolder::StudyFolder(const fs::path& path, std::string_view design_json,
                         std::string_view circumstances, bool force)
    : path_{path}, id_{study_id(design_json, circumstances)} {
  try {
    fs::create_directories(path_);
    lock();
    open_or_begin(design_json, force);
  } catch (const fs::filesystem_error& error) {
    throw Error{fmt::format("{}: cannot keep the study: {}", error.path1().string(),
                            error.code().message()),
                ErrorCode::Io};
  }
}

void StudyFolder::lock() {
  lock_ = io::Descriptor{::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!lock_.is_open()) io::fail(path_, "cannot open", errno);
  while (::flock(lock_.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) io::fail(path_, "cannot lock", errno);
    throw Error{fmt::format("{}: another process is at work on this study; wait for its end or "
                            "choose another --out",
                            path_.string()),
                ErrorCode::Busy};
  }
}

void StudyFolder::open_or_begin(std::string_view design_json, bool force) {
  remove_temporaries(path_);
  remove_temporaries(path_ / kPoints);
  if (!is_blank(path_)) {
    if (!fs::exists(path_ / kDesign)) {
      throw Error{fmt::format("{}: is not the folder of a study (no {}); choose another --out",
                              path_.string(), kDesign),
                  ErrorCode::Exists};
    }
    if (!force) {
      check_same(design_json);
      is_finished_ = fs::exists(path_ / kStudy);
      if (!is_finished_ && fs::exists(path_ / kReady)) end();
      goes_on_ = !is_finished_;
      return;
    }
    fs::remove(path_ / kStudy);  // first: from here on it is unfinished
    for (const fs::path& path : entries(path_)) {
      if (path.filename() != kDesign) fs::remove_all(path);
    }
    fs::remove(path_ / kDesign);
  }
  begin(design_json);
}

void StudyFolder::check_same(std::string_view design_json) const {
  if (stored_id(path_) == id_) return;
  const bool same_design = io::read_file(path_ / kDesign) == design_json;
  throw Error{
      fmt::format(
          "{}: holds {} ({}); choose another --out, or replace it with --force", path_.string(),
          same_design
              ? "this design on another window, other data, another signal or by another version"
              : "a study of another design",
          fs::exists(path_ / kStudy) ? "finished" : "unfinished"),
      ErrorCode::Exists};
}

void StudyFolder::begin(std::string_view design_json) {
  fs::create_directories(path_ / kPoints);
  io::write_file_atomically(path_ / kPoints / kId, id_);
  io::write_file_atomically(path_ / kDesign, design_json);
}

fs::path StudyFolder::file_of(std::size_t number) const {
  return path_ / kPoints / fmt::format("{:06}", number);
}

std::string StudyFolder::head_of(std::size_t number, std::string_view blob) const {
  return fmt::format("toxvol point 1 {} {} {}\n", id_, number, io::sha256_hex(blob));
}

std::optional<std::string> StudyFolder::point(std::size_t number) const {
  const fs::path file = file_of(number);
  if (!fs::exists(file)) return std::nullopt;
  const std::string bytes = io::read_file(file);
  const auto end = bytes.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string blob = bytes.substr(end + 1);
  if (bytes.substr(0, end + 1) != head_of(number, blob)) return std::nullopt;
  return blob;
}

void StudyFolder::keep(std::size_t number, std::string_view blob) {
  TOXVOL_ASSERT(!is_finished_);
  io::AtomicFile file{file_of(number)};
  file.write(head_of(number, blob));
  file.write(blob);
  file.commit();
}

void StudyFolder::finish(std::string_view study_json) {
  TOXVOL_ASSERT(!is_finished_);
  try {
    for (const fs::path& path : entries(path_)) {
      if (fs::is_regular_file(path)) io::sync_file(path);
    }
    io::write_file_atomically(path_ / kReady, study_json);
    TOXVOL_ASSERT(id_in(path_ / kReady) == id_);
    end();
  } catch (const fs::filesystem_error& error) {
    throw Error{fmt::format("{}: cannot finish the study: {}", error.path1().string(),
                            error.code().message()),
                ErrorCode::Io};
  }
}

void StudyFolder::end() {
  fs::remove_all(path_ / kPoints);
  io::rename_durably(path_ / kReady, path_ / kStudy);
  is_finished_ = true;
}

}  // namespace toxvol::study
