#pragma once

#include <string>

namespace toxvol::report {

/// What was planted in a market that `toxvol synth` made, in a sentence. `label` is the text of its
/// SYNTHETIC.json; empty where it is not at hand, and then so is the sentence.
[[nodiscard]] std::string planted_note(const std::string& label);

}  // namespace toxvol::report
