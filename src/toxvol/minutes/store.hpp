#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/known_minute.hpp"
#include "toxvol/minutes/minute_file.hpp"

/// Known minutes that runs keep for later runs: `<catalog>/toxvol/minutes`, two files a key, which
/// may be removed at any time. docs/engine.md#known-minutes
namespace toxvol::minutes {

/// The ticks behind them, for the fingerprint of a run.
struct InputRead {
  Kind kind{};
  Day day{};
  std::int64_t rows = 0;
  std::string sha256;
  friend bool operator==(const InputRead&, const InputRead&) = default;
};

struct Kept {
  std::filesystem::path file;  // as `MinuteFileReader` reads it
  std::vector<InputRead> inputs;
};

struct Found {
  std::optional<Kept> kept;
  std::string damage;  // why what is there cannot be used, a line; empty where nothing is wrong
};

/// What was kept under `key`, a text that says all that the minutes depend on. Nothing where it was
/// not, or is damaged.
[[nodiscard]] Found find(const std::filesystem::path& folder, const std::string& key);

/// Keeps minutes as they come. Without `commit` nothing is left. Throws `Error`.
class Keeping {
 public:
  /// The folder is made where it is missing; what killed runs left half-written in it goes.
  Keeping(std::filesystem::path folder, std::string key);
  void write(const engine::KnownMinute& minute) { writer_.write(minute); }
  /// Once, after the last. Of more than `kMost` keys the oldest are removed.
  void commit(const std::vector<InputRead>& inputs);
  static constexpr std::size_t kMost = 32;

 private:
  std::filesystem::path folder_;
  std::string key_;
  MinuteFileWriter writer_;
};

}  // namespace toxvol::minutes
