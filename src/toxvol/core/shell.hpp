#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace toxvol {

/// `word` as one word of a POSIX shell, in quotes where it needs them.
[[nodiscard]] std::string shell_word(std::string_view word);

/// A command that can be pasted into a shell.
[[nodiscard]] std::string shell_command(const std::vector<std::string>& words);

}  // namespace toxvol
