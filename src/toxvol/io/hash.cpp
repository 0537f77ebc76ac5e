#include "toxvol/io/hash.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <xxhash.h>

#include "toxvol/core/error.hpp"
#include "toxvol/io/posix.hpp"
#include "toxvol/io/source.hpp"

namespace toxvol::io {

namespace {

constexpr std::size_t kPiece = 1 << 20;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

struct FreeXxh3 {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

Context new_context() {
  Context context{EVP_MD_CTX_new()};
  if (!context) throw Error{"SHA-256: no memory"};
  return context;
}

void check(int status) {
  if (status != 1)
    throw Error{"SHA-256: not offered by this OpenSSL; install its default provider"};
}

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
  Context context = new_context();
};

Sha256::Sha256() : state_{std::make_unique<State>()} {
  check(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr));
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::byte> bytes) {
  check(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()));
}

void Sha256::update(std::string_view bytes) {
  update(std::as_bytes(std::span{bytes}));
}

std::string Sha256::hex() const {
  // Finishing destroys a context, so a copy is finished.
  const Context copy = new_context();
  check(EVP_MD_CTX_copy_ex(copy.get(), state_->context.get()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  check(EVP_DigestFinal_ex(copy.get(), digest.data(), &size));
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
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

std::string xxh3_hex_of_file(const std::filesystem::path& path) {
  const std::unique_ptr<XXH3_state_t, FreeXxh3> state{XXH3_createState()};
  if (!state || XXH3_64bits_reset(state.get()) != XXH_OK) throw Error{"XXH3: no memory"};
  for_each_piece(path, [&state](std::string_view piece) {
    XXH3_64bits_update(state.get(), piece.data(), piece.size());
  });
  return fmt::format("{:016x}", XXH3_64bits_digest(state.get()));
}

std::string source_hash(const std::filesystem::path& path) {
  if (is_zip_name(path)) return "sha256:" + sha256_hex_of_file(path);
  return "xxh3:" + xxh3_hex_of_file(path);
}

}  // namespace toxvol::io
