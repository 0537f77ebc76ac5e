#include "toxvol/jobs/program.hpp"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <string>

#include "toxvol/core/error.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::jobs {

namespace {

/// The mapped file that holds `address`: of `/proc/self/maps`, whose lines begin `first-last` and
/// end with a path.
std::string file_of(std::uintptr_t address) {
  std::ifstream maps{"/proc/self/maps"};
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t first = 0;
    std::uintptr_t last = 0;
    const char* const end = line.data() + line.size();
    const auto dash = std::from_chars(line.data(), end, first, 16);
    if (dash.ptr == end || *dash.ptr != '-') continue;
    std::from_chars(dash.ptr + 1, end, last, 16);
    const auto path = line.find('/');
    if (address >= first && address < last && path != std::string::npos) return line.substr(path);
  }
  return {};
}

}  // namespace

const std::string& program_hash() {
  static const std::string hash = [] {
    static const char here = 0;
    const std::string file = file_of(reinterpret_cast<std::uintptr_t>(&here));
    try {
      return file.empty() ? std::string{} : io::xxh3_hex_of_file(file);
    } catch (const Error&) {  // it was replaced while it ran
      return std::string{};
    }
  }();
  return hash;
}

}  // namespace toxvol::jobs
