#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "toxvol/core/assert.hpp"
#include "toxvol/engine/params.hpp"

namespace toxvol::engine {

/// A profile's name in configurations and run folders; of a parity profile also the release of
/// NautilusTrader that it imitates.
struct ProfileFacts {
  Profile profile;
  std::string_view name;
  std::string_view release;
};

inline constexpr std::array kProfiles = {
    ProfileFacts{Profile::Realistic, "realistic", ""},
    ProfileFacts{Profile::Nautilus1221, "nautilus_1_221", "1.221.0"},
    ProfileFacts{Profile::Nautilus1231, "nautilus_1_231", "1.231.0"},
};

[[nodiscard]] constexpr const ProfileFacts& facts(Profile profile) {
  for (const ProfileFacts& one : kProfiles) {
    if (one.profile == profile) return one;
  }
  TOXVOL_ASSERT(false);
  return kProfiles.front();
}

[[nodiscard]] constexpr std::string_view name(Profile profile) {
  return facts(profile).name;
}

/// The profile of this name; nothing where there is none.
[[nodiscard]] constexpr std::optional<Profile> profile_named(std::string_view name) {
  for (const ProfileFacts& one : kProfiles) {
    if (one.name == name) return one.profile;
  }
  return std::nullopt;
}

/// Whether it imitates NautilusTrader.
[[nodiscard]] constexpr bool is_parity(Profile profile) {
  return !facts(profile).release.empty();
}

}  // namespace toxvol::engine
