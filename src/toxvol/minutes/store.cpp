#include "toxvol/minutes/store.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/abandoned.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::minutes {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

/// Of the two files of a key.
std::string stem_of(const std::string& key) {
  return io::xxh3_hex(key);
}
fs::path table_of(const fs::path& folder, const std::string& stem) {
  return folder / (stem + ".parquet");
}
fs::path note_of(const fs::path& folder, const std::string& stem) {
  return folder / (stem + ".json");
}

fs::path ready(fs::path folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) throw Error{folder.string() + ": cannot be made (" + failure.message() + ")"};
  io::remove_abandoned(folder);
  return folder;
}

void remove_oldest(const fs::path& folder) {
  std::error_code failure;
  std::vector<std::pair<fs::file_time_type, std::string>> notes;
  for (const auto& entry : fs::directory_iterator{folder, failure}) {
    if (entry.path().extension() != ".json" || io::is_temporary(entry.path())) continue;
    notes.emplace_back(entry.last_write_time(failure), entry.path().stem().string());
  }
  if (notes.size() <= Keeping::kMost) return;
  std::sort(notes.begin(), notes.end());
  for (std::size_t i = 0; i + Keeping::kMost < notes.size(); ++i) {
    fs::remove(note_of(folder, notes[i].second), failure);
    fs::remove(table_of(folder, notes[i].second), failure);
  }
}

}  // namespace

Found find(const fs::path& folder, const std::string& key) {
  const std::string stem = stem_of(key);
  const fs::path note_path = note_of(folder, stem);
  std::error_code failure;
  if (!fs::is_regular_file(note_path, failure)) return {};
  const auto damaged = [](const fs::path& file, std::string_view what) {
    return Found{.kept = {}, .damage = fmt::format("{}: {}", file.string(), what)};
  };
  try {
    const Json note = Json::parse(io::read_file(note_path));
    if (note.at("key") != key) return {};
    Kept kept{.file = table_of(folder, stem), .inputs = {}};
    if (!fs::is_regular_file(kept.file, failure)) return {};
    if (note.at("xxh3") != io::xxh3_hex_of_file(kept.file)) {
      return damaged(kept.file, "not the file that an earlier run kept");
    }
    for (const Json& input : note.at("inputs")) {
      const auto kind = kind_named(input.at("kind").get<std::string>());
      if (!kind) return damaged(note_path, "names a kind of data that is none");
      kept.inputs.push_back({.kind = *kind,
                             .day = Day{std::chrono::days{input.at("day").get<int>()}},
                             .rows = input.at("rows").get<std::int64_t>(),
                             .sha256 = input.at("sha256").get<std::string>()});
    }
    return {.kept = std::move(kept), .damage = {}};
  } catch (const Json::exception&) {
    return damaged(note_path, "not the note that an earlier run kept");
  } catch (const Error& error) {
    return {.kept = {}, .damage = error.what()};
  }
}

Keeping::Keeping(fs::path folder, std::string key)
    : folder_{ready(std::move(folder))},
      key_{std::move(key)},
      writer_{table_of(folder_, stem_of(key_))} {}

void Keeping::commit(const std::vector<InputRead>& inputs) {
  writer_.close();
  const std::string stem = stem_of(key_);
  Json note;
  note["what"] = "minute rows that toxvol keeps for later runs; may be removed at any time";
  note["key"] = key_;
  note["xxh3"] = io::xxh3_hex_of_file(table_of(folder_, stem));
  note["inputs"] = Json::array();
  for (const InputRead& input : inputs) {
    note["inputs"].push_back({{"kind", name(input.kind)},
                              {"day", input.day.time_since_epoch().count()},
                              {"rows", input.rows},
                              {"sha256", input.sha256}});
  }
  io::write_file_atomically(note_of(folder_, stem), note.dump(1) + "\n");
  remove_oldest(folder_);
}

}  // namespace toxvol::minutes
