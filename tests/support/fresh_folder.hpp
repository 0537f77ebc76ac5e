#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace toxvol::test {

/// An empty folder that no other process has, of this clone or another; who asks removes it.
inline std::filesystem::path fresh_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "toxvol-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"mkdtemp: " + name};
  return name;
}

}  // namespace toxvol::test
