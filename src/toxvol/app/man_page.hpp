#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toxvol/app/command_tree.hpp"

namespace toxvol::app {

/// toxvol(1), for man(1): every command with its options.
[[nodiscard]] std::string man_page(const std::vector<VerbText>& tree, std::string_view version);

}  // namespace toxvol::app
