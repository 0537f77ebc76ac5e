#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/golden/nautilus/replay.hpp"

namespace toxvol::engine::test {
namespace {

/// Written by NautilusTrader 1.221.0 itself (tests/golden/nautilus/make_logs.py).
std::vector<std::filesystem::path> golden_logs() {
  const std::filesystem::path folder =
      std::filesystem::path{TOXVOL_SOURCE_DIR} / "tests/golden/nautilus/logs";
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    paths.push_back(entry.path());
  }
  return paths;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

TEST(NautilusGolden, EveryEventIsNautilusTradersRawForRaw) {
  std::size_t fills = 0;
  for (const auto& path : golden_logs()) {
    const std::string text = text_of(path);
    const std::string log{golden_log(text)};
    EXPECT_EQ(replay(text), log) << path.filename();
    for (std::size_t at = log.find("fill,"); at != std::string::npos;
         at = log.find("fill,", at + 1)) {
      ++fills;
    }
  }
  EXPECT_GT(fills, 400U);
}

}  // namespace
}  // namespace toxvol::engine::test
