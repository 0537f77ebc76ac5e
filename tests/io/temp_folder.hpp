#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/fresh_folder.hpp"

namespace toxvol::test {

/// A folder of its own for each test, removed afterwards.
class TempFolder : public testing::Test {
 protected:
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(folder, ignored);
  }

  std::filesystem::path put(const std::string& name, std::string_view bytes) const {
    std::ofstream out{folder / name, std::ios::binary};
    out << bytes;
    return folder / name;
  }
  static std::string get(const std::filesystem::path& path) {
    const std::ifstream in{path, std::ios::binary};
    std::ostringstream bytes;
    bytes << in.rdbuf();
    return bytes.str();
  }
  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{folder}) ++count;
    return count;
  }

  std::filesystem::path folder = fresh_folder();
};

/// The code of the `Error` that `action` throws, as its name.
template <class Error, class Action>
std::string code_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string{name(error.code())};
  }
  return "no error";
}

/// The text of the `Error` that `action` throws; it is one line.
template <class Error, class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    std::string text = error.what();
    EXPECT_EQ(text.find('\n'), text.npos) << text;
    return text;
  }
  ADD_FAILURE() << "no error";
  return {};
}

}  // namespace toxvol::test

/// A readable "contains".
#define TOXVOL_EXPECT_CONTAINS(text, part) \
  EXPECT_NE((text).find(part), std::string::npos) << "in: " << (text)
