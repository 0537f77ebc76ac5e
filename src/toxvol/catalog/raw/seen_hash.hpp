#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "toxvol/core/byte_source.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::catalog {

/// The hash of a plain CSV as the manifest has it, of its bytes as they are read for its rows: so
/// the file is read once, and what is hashed is what was read.
class SeenHash {
 public:
  /// `source` from its start on; what an earlier one gave is forgotten. Must outlive the result.
  [[nodiscard]] std::unique_ptr<ByteSource> watch(std::unique_ptr<ByteSource> source) {
    hash_ = io::Xxh3{};
    is_whole_ = false;
    return std::make_unique<Watched>(std::move(source), *this);
  }
  /// Nothing unless the last source was read to its end.
  [[nodiscard]] std::optional<std::string> get() const {
    if (!is_whole_) return std::nullopt;
    return io::source_hash(hash_);
  }

 private:
  class Watched final : public ByteSource {
   public:
    Watched(std::unique_ptr<ByteSource> source, SeenHash& seen)
        : source_{std::move(source)}, seen_{seen} {}
    std::size_t read(std::span<char> out) override {
      const std::size_t got = source_->read(out);
      seen_.hash_.update({out.data(), got});
      seen_.is_whole_ = got == 0 && !out.empty();
      return got;
    }
    const std::string& name() const override { return source_->name(); }
    std::optional<std::int64_t> size() const override { return source_->size(); }

   private:
    std::unique_ptr<ByteSource> source_;
    SeenHash& seen_;
  };

  io::Xxh3 hash_;
  bool is_whole_ = false;
};

}  // namespace toxvol::catalog
