#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace toxvol::io {

/// The eight words of SHA-256 (FIPS 180-4), as they are before the first block.
using Sha256Words = std::array<std::uint32_t, 8>;
inline constexpr Sha256Words kSha256Start = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                             0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
inline constexpr std::size_t kSha256Block = 64;

/// Takes `blocks` whole blocks into `words`, by the processor's own instructions where it has them.
void sha256_blocks(Sha256Words& words, const unsigned char* data, std::size_t blocks);

/// The same in plain C++, as on processors without them.
void sha256_blocks_plain(Sha256Words& words, const unsigned char* data, std::size_t blocks);

}  // namespace toxvol::io
