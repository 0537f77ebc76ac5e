#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "toxvol/io/posix.hpp"

namespace toxvol::study {

/// The folder of a study (R31): made at its start with design.json, filled point by point, and
/// unfinished as long as it lacks study.json. The same command goes on where a killed one stopped
/// and ends in the same bytes. While this object lives no other process has the folder.
class StudyFolder {
 public:
  /// `circumstances` is what points depend on besides the design: version, window, the catalog's
  /// inputs. Throws `Error` that names `--force` where another study is there; with `force` that
  /// one is removed.
  StudyFolder(const std::filesystem::path& path, std::string_view design_json,
              std::string_view circumstances, bool force);

  /// SHA-256 of the design and the circumstances, 64 hexadecimal digits.
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Everything was done before; the folder is as it was left.
  [[nodiscard]] bool is_finished() const { return is_finished_; }
  /// Somebody began it before and did not finish it.
  [[nodiscard]] bool goes_on() const { return goes_on_; }

  /// What was kept of a point; nothing where it is not done or its file is torn.
  [[nodiscard]] std::optional<std::string> point(std::size_t number) const;
  /// Keeps `blob`, whole or not at all.
  void keep(std::size_t number, std::string_view blob);

  /// After all tables are written: removes what was kept of points and puts study.json, which has
  /// the member `id`, in its place.
  void finish(std::string_view study_json);

 private:
  [[nodiscard]] std::filesystem::path file_of(std::size_t number) const;
  [[nodiscard]] std::string head_of(std::size_t number, std::string_view blob) const;
  void lock();
  void open_or_begin(std::string_view design_json, bool force);
  void check_same(std::string_view design_json) const;
  void begin(std::string_view design_json);
  void end();

  std::filesystem::path path_;
  std::string id_;
  io::Descriptor lock_;
  bool is_finished_ = false;
  bool goes_on_ = false;
};

/// R31: the id of a study with this design.
[[nodiscard]] std::string study_id(std::string_view design_json, std::string_view circumstances);

}  // namespace toxvol::study
