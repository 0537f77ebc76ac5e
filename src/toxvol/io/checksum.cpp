#include "toxvol/io/checksum.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/io/atomic_file.hpp"

namespace toxvol::io {

namespace {

constexpr std::size_t kHexDigits = 64;
constexpr std::size_t kMaxBytes = 4096;  // a line of 64 digits and a file name

char lower(char c) {
  return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

Checksum parse_checksum(std::string_view text, std::string_view where) {
  const auto refuse = [&](std::string_view why) {
    return Error{fmt::format("{}: {}, expected '<64 hex digits>  <file>', found '{}'; download it "
                             "again or delete it",
                             where, why, printable(text)),
                 ErrorCode::Corrupt};
  };
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  if (text.find('\n') != text.npos) throw refuse("more than one line");
  std::string hex{text.substr(0, kHexDigits)};
  std::ranges::transform(hex, hex.begin(), lower);
  if (hex.size() != kHexDigits || !std::ranges::all_of(hex, is_hex)) throw refuse("not a SHA-256");
  std::string_view file = text.substr(kHexDigits);
  // Two blanks for a text, blank and star for a binary.
  if (!file.starts_with("  ") && !file.starts_with(" *")) throw refuse("no file name");
  file.remove_prefix(2);
  if (file.empty()) throw refuse("no file name");
  return {std::move(hex), std::string{file}};
}

std::optional<Checksum> checksum_of(const std::filesystem::path& path) {
  auto beside = path;
  beside += ".CHECKSUM";
  std::error_code status;
  const auto size = std::filesystem::file_size(beside, status);
  if (status == std::errc::no_such_file_or_directory) return std::nullopt;
  if (!status && size > kMaxBytes) {
    throw Error{fmt::format("{}: {} bytes are too many for a checksum; download it again or delete "
                            "it",
                            beside.string(), size),
                ErrorCode::Corrupt};
  }
  auto checksum = parse_checksum(read_file(beside), beside.string());
  if (std::filesystem::path{checksum.file}.filename() != path.filename()) {
    throw Error{fmt::format("{}: speaks of '{}', not of '{}'; download it again or delete it",
                            beside.string(), printable(checksum.file), path.filename().string()),
                ErrorCode::Corrupt};
  }
  return checksum;
}

}  // namespace toxvol::io
