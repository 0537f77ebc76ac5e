#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::test {

/// Rows as a stream, `block` at a time.
template <class Record>
class Rows final : public BlockStream<Record> {
 public:
  /// Its own rows.
  Rows(std::vector<Record> rows, std::size_t block)
      : own_{std::move(rows)}, rows_{own_}, block_{block} {}
  /// Rows that outlive it. Where `left_out` is given, blocks can be left out, and it counts their
  /// rows.
  Rows(std::span<const Record> rows, std::size_t block, std::int64_t* left_out = nullptr)
      : rows_{rows}, block_{block}, left_out_{left_out} {}

  std::span<const Record> next() override {
    const auto given = rows_.first(std::min(block_, rows_.size()));
    rows_ = rows_.subspan(given.size());
    return given;
  }
  bool skip_before(Timestamp ts) override {
    if (left_out_ == nullptr) return false;
    const std::int64_t before = *left_out_;
    while (!rows_.empty() && rows_[std::min(block_, rows_.size()) - 1].ts_event < ts) {
      *left_out_ += std::ssize(next());
    }
    return *left_out_ > before;
  }

 private:
  std::vector<Record> own_;
  std::span<const Record> rows_;
  std::size_t block_;
  std::int64_t* left_out_ = nullptr;
};

}  // namespace toxvol::test
