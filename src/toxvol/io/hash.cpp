#include "toxvol/io/hash.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <xxhash.h>

#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"
#include "toxvol/io/sha256_blocks.hpp"
#include "toxvol/io/source.hpp"

namespace toxvol::io {

namespace {

constexpr std::size_t kPiece = 1 << 20;

struct FreeXxh3 {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

template <class Update>
void for_each_piece(const std::filesystem::path& path, const Update& update) {
  const Descriptor descriptor = open_for_reading(path);
  std::vector<char> piece(kPiece);
  while (const std::size_t got = read_some(descriptor.number(), piece.data(), piece.size(), path)) {
    update(std::string_view{piece.data(), got});
  }
}

}  // namespace

struct Sha256::State {
  Sha256Words words = kSha256Start;
  std::array<unsigned char, kSha256Block> block{};
  std::size_t held = 0;  // bytes in it
  std::uint64_t length = 0;
};

Sha256::Sha256() : state_{std::make_unique<State>()} {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  if (bytes.empty()) return;
  state_->length += bytes.size();
  if (state_->held > 0) {
    const std::size_t more = std::min(bytes.size(), kSha256Block - state_->held);
    std::memcpy(state_->block.data() + state_->held, bytes.data(), more);
    state_->held += more;
    bytes.remove_prefix(more);
    if (state_->held < kSha256Block) return;
    sha256_blocks(state_->words, state_->block.data(), 1);
    state_->held = 0;
  }
  const std::size_t blocks = bytes.size() / kSha256Block;
  sha256_blocks(state_->words, reinterpret_cast<const unsigned char*>(bytes.data()), blocks);
  bytes.remove_prefix(blocks * kSha256Block);
  if (!bytes.empty()) std::memcpy(state_->block.data(), bytes.data(), bytes.size());
  state_->held = bytes.size();
}

void Sha256::update(std::span<const std::byte> bytes) {
  update(std::string_view{reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string Sha256::hex() const {
  // A one, zeros, and the length in bits end the last block (FIPS 180-4, 5.1.1).
  constexpr std::size_t kLength = 8;
  Sha256Words words = state_->words;
  std::array<unsigned char, 2 * kSha256Block> end{};
  std::copy_n(state_->block.begin(), state_->held, end.begin());
  end[state_->held] = 0x80;
  const std::size_t blocks = state_->held < kSha256Block - kLength ? 1 : 2;
  for (std::size_t i = 0; i < kLength; ++i) {
    end[blocks * kSha256Block - 1 - i] = static_cast<unsigned char>(state_->length * 8 >> (8 * i));
  }
  sha256_blocks(words, end.data(), blocks);
  std::string text;
  for (const std::uint32_t word : words) text += fmt::format("{:08x}", word);
  return text;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string sha256_hex_of_file(const std::filesystem::path& path) {
  Sha256 hash;
  for_each_piece(path, [&hash](std::string_view piece) { hash.update(piece); });
  return hash.hex();
}

std::string xxh3_hex(std::string_view bytes) {
  return fmt::format("{:016x}", XXH3_64bits(bytes.data(), bytes.size()));
}

struct Xxh3::State {
  std::unique_ptr<XXH3_state_t, FreeXxh3> state{XXH3_createState()};
};

Xxh3::Xxh3() : state_{std::make_unique<State>()} {
  XXH3_state_t* const state = state_->state.get();
  if (state == nullptr || XXH3_64bits_reset(state) != XXH_OK) throw Error{"XXH3: no memory"};
}
Xxh3::Xxh3(Xxh3&&) noexcept = default;
Xxh3& Xxh3::operator=(Xxh3&&) noexcept = default;
Xxh3::~Xxh3() = default;

void Xxh3::update(std::string_view bytes) {
  XXH3_64bits_update(state_->state.get(), bytes.data(), bytes.size());
}

std::string Xxh3::hex() const {
  return fmt::format("{:016x}", XXH3_64bits_digest(state_->state.get()));
}

std::string xxh3_hex_of_file(const std::filesystem::path& path) {
  Xxh3 hash;
  for_each_piece(path, [&hash](std::string_view piece) { hash.update(piece); });
  return hash.hex();
}

std::string source_hash(const std::filesystem::path& path) {
  if (is_zip_name(path)) return "sha256:" + sha256_hex_of_file(path);
  return "xxh3:" + xxh3_hex_of_file(path);
}

std::string source_hash(const Xxh3& hash) {
  return "xxh3:" + hash.hex();
}

}  // namespace toxvol::io
