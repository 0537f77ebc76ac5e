#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toxvol/app/command_tree.hpp"

namespace toxvol::app {

/// A script for `bash`, `zsh` or `fish` that completes commands, options and the values of those
/// that have few; where a path may stand, files. Throws `UsageError` for another shell.
[[nodiscard]] std::string completion_script(const std::vector<VerbText>& tree,
                                            std::string_view shell);

}  // namespace toxvol::app
