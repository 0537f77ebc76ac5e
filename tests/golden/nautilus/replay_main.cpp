#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <string>

#include "tests/golden/nautilus/replay.hpp"

/// Cases on stdin, each ended by a line `===`; the native logs on stdout, ended the same way.
int main() {
  try {
    const std::string all{std::istreambuf_iterator<char>{std::cin}, {}};
    constexpr std::string_view kEnd = "===\n";
    std::size_t at = 0;
    while (at < all.size()) {
      const std::size_t end = all.find(kEnd, at);
      const std::string one = all.substr(at, end - at);
      std::cout << toxvol::engine::test::replay(one) << kEnd;
      if (end == std::string::npos) break;
      at = end + kEnd.size();
    }
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
