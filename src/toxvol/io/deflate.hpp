#pragma once

#include <span>
#include <vector>

namespace toxvol::io {

/// `bytes` as raw DEFLATE (RFC 1951), without any header. The same zlib gives the same bytes.
[[nodiscard]] std::vector<unsigned char> deflated(std::span<const unsigned char> bytes);

}  // namespace toxvol::io
