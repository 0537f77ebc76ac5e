#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/golden/nautilus/replay.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/engine/profiles.hpp"

/// Cases on stdin, each ended by a line `===`; the native logs on stdout, ended the same way.
///   toxvol_parity_replay RELEASE     of NautilusTrader, as 1.231.0
int main(int argc, char** argv) {
  try {
    const std::string_view release = argc == 2 ? argv[1] : "";
    const auto* const one = std::find_if(
        toxvol::engine::kProfiles.begin(), toxvol::engine::kProfiles.end(),
        [&](const toxvol::engine::ProfileFacts& facts) { return facts.release == release; });
    if (release.empty() || one == toxvol::engine::kProfiles.end()) {
      std::fprintf(stderr, "toxvol_parity_replay RELEASE: 1.221.0 or 1.231.0\n");
      return 2;
    }
    const toxvol::engine::Rules rules = toxvol::engine::rules_of(one->profile);
    const std::string all{std::istreambuf_iterator<char>{std::cin}, {}};
    constexpr std::string_view kEnd = "===\n";
    std::size_t at = 0;
    while (at < all.size()) {
      const std::size_t end = all.find(kEnd, at);
      const std::string text = all.substr(at, end - at);
      std::cout << toxvol::engine::test::replay(text, rules) << kEnd;
      if (end == std::string::npos) break;
      at = end + kEnd.size();
    }
    return 0;
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "%s\n", failure.what());
    return 1;
  }
}
