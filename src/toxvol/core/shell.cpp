#include "toxvol/core/shell.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace toxvol {

std::string shell_word(std::string_view word) {
  const bool is_plain = std::all_of(word.begin(), word.end(), [](char c) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return is_word || std::string_view{"_-./:=,+"}.find(c) != std::string_view::npos;
  });
  if (is_plain && !word.empty()) return std::string{word};
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return text + '\'';
}

std::string shell_command(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

}  // namespace toxvol
