#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/stream.hpp"

namespace toxvol::test {

/// Rows as a stream, `block` at a time.
template <class Record>
class Rows final : public BlockStream<Record> {
 public:
  /// Its own rows.
  Rows(std::vector<Record> rows, std::size_t block)
      : own_{std::move(rows)}, rows_{own_}, block_{block} {}
  /// Rows that outlive it.
  Rows(std::span<const Record> rows, std::size_t block) : rows_{rows}, block_{block} {}

  std::span<const Record> next() override {
    const auto given = rows_.first(std::min(block_, rows_.size()));
    rows_ = rows_.subspan(given.size());
    return given;
  }

 private:
  std::vector<Record> own_;
  std::span<const Record> rows_;
  std::size_t block_;
};

}  // namespace toxvol::test
