#include "toxvol/catalog/raw/checksum.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/io/checksum.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/io/source.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

using quality::Code;

std::optional<std::string> verify_checksum(const SourceFile& file, const std::string& hash) {
  std::optional<io::Checksum> wanted;
  try {
    wanted = io::checksum_of(file.path);
  } catch (const Error& error) {
    throw SourceError{Code::ChecksumMismatch, error.what()};
  }
  if (!wanted) return std::nullopt;
  constexpr std::string_view kSha = "sha256:";
  std::string found =
      hash.starts_with(kSha) ? hash.substr(kSha.size()) : io::sha256_hex_of_file(file.path);
  if (found == wanted->sha256) return found;
  // A ZIP that was cut short differs too, but that is the plainer thing to say of it.
  Code code = Code::ChecksumMismatch;
  try {
    static_cast<void>(io::open_source(file.path));
  } catch (const Error&) {
    code = Code::FileTruncated;
  }
  throw SourceError{code, fmt::format("{}: SHA-256 is {}, its .CHECKSUM says {}; download it again",
                                      file.path.string(), found, wanted->sha256)};
}

}  // namespace toxvol::catalog
