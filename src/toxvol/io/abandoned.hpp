#pragma once

#include <filesystem>

namespace toxvol::io {

/// Removes the temporaries of `AtomicFile` in `folder` whose writers are gone; one that is still
/// written is locked by its writer and stays. What cannot be removed stays without a word.
void remove_abandoned(const std::filesystem::path& folder);

}  // namespace toxvol::io
