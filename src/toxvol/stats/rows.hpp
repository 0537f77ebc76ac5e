#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "toxvol/stats/random.hpp"

namespace toxvol::stats {

class RowCache;

/// How the intervals of one series are made: from resampled values (R13), or from a long-run
/// variance (R65).
enum class IntervalMethod : std::uint8_t { Percentile, FixedB };

/// How statistics resample: `resamples` ≥ 1 rows of indices, each a function of seed and stream.
struct Resampling {
  std::uint64_t seed = 1;
  Stream stream = Stream::Series;
  int resamples = 1999;
  RowCache* cache = nullptr;  // rows that other calls share, or none; outlives the call
  IntervalMethod method = IntervalMethod::Percentile;  // of `intervals` alone
};

/// One row of the stationary bootstrap's index matrix (R12; Politis & Romano 1994) into `indices`:
/// as many as it holds, 1 or more, each in [0, size). `length` ≥ 1 is the mean block.
void resample(const Draws::Row& draws, std::int64_t length, std::vector<std::uint32_t>& indices);

/// The index matrix for n rows in blocks of mean length `length`.
class ResampledRows {
 public:
  /// `keep`: drawn once and held, or drawn at each call.
  ResampledRows(std::size_t n, std::int64_t length, const Resampling& how, bool keep);

  /// The b-th, b < resamples; it may stand in `scratch`.
  [[nodiscard]] std::span<const std::uint32_t> row(std::size_t b,
                                                   std::vector<std::uint32_t>& scratch) const;

 private:
  std::size_t n_;
  std::int64_t length_;
  Draws draws_;
  std::vector<std::uint32_t> kept_;
};

/// Index matrices that were asked for lately, for those who judge one series after another: drawing
/// takes longer than adding up. May be used by several threads.
class RowCache {
 public:
  [[nodiscard]] std::shared_ptr<const ResampledRows> rows(std::size_t n, std::int64_t length,
                                                          const Resampling& how);

 private:
  struct Matrix {
    std::once_flag drawn;
    std::shared_ptr<const ResampledRows> rows;
  };
  struct Entry {
    std::size_t n;
    std::int64_t length;
    std::uint64_t seed;
    Stream stream;
    int resamples;
    std::shared_ptr<Matrix> matrix;
  };

  /// Of the cache or put there, drawn or not.
  [[nodiscard]] std::shared_ptr<Matrix> matrix_of(std::size_t n, std::int64_t length,
                                                  const Resampling& how);

  std::mutex mutex_;
  std::list<Entry> entries_;  // the latest first
};

/// Rows from `how.cache` or newly drawn.
[[nodiscard]] std::shared_ptr<const ResampledRows> resampled_rows(std::size_t n,
                                                                  std::int64_t length,
                                                                  const Resampling& how);

}  // namespace toxvol::stats
