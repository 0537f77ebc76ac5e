#include "toxvol/stats/rows.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/stats/random.hpp"

namespace toxvol::stats {

namespace {

/// Indices that a cache holds together, 4 bytes each, and those of a matrix that it takes.
constexpr std::size_t kMostIndices = std::size_t{1} << 25U;
constexpr std::size_t kMostOfOne = kMostIndices / 4;

std::size_t indices_of(std::size_t n, int resamples) {
  return n * static_cast<std::size_t>(resamples);
}

}  // namespace

void resample(const Draws::Row& draws, std::int64_t length, std::vector<std::uint32_t>& indices) {
  TOXVOL_ASSERT(length >= 1 && indices.size() <= std::numeric_limits<std::uint32_t>::max());
  const std::uint64_t n = indices.size();
  std::uint64_t at = 0;
  for (std::uint64_t k = 0; k < n; ++k) {
    if (k == 0 || below(draws(2 * k), static_cast<std::uint64_t>(length)) == 0) {
      at = below(draws(2 * k + 1), n);
    } else if (++at == n) {
      at = 0;
    }
    indices[k] = static_cast<std::uint32_t>(at);
  }
}

ResampledRows::ResampledRows(std::size_t n, std::int64_t length, const Resampling& how, bool keep)
    : n_{n}, length_{length}, draws_{how.seed, how.stream} {
  if (!keep) return;
  kept_.reserve(indices_of(n, how.resamples));
  std::vector<std::uint32_t> indices(n);
  for (int b = 0; b < how.resamples; ++b) {
    resample(draws_.row(static_cast<std::uint64_t>(b)), length, indices);
    kept_.insert(kept_.end(), indices.begin(), indices.end());
  }
}

std::span<const std::uint32_t> ResampledRows::row(std::size_t b,
                                                  std::vector<std::uint32_t>& scratch) const {
  if (!kept_.empty()) return std::span{kept_}.subspan(b * n_, n_);
  scratch.resize(n_);
  resample(draws_.row(b), length_, scratch);
  return scratch;
}

std::shared_ptr<const ResampledRows> RowCache::rows(std::size_t n, std::int64_t length,
                                                    const Resampling& how) {
  const std::shared_ptr<Matrix> matrix = matrix_of(n, length, how);
  // Others may ask for another one meanwhile, and who asks for this one waits.
  std::call_once(matrix->drawn, [&] {
    matrix->rows = std::make_shared<const ResampledRows>(n, length, how, true);
  });
  return matrix->rows;
}

std::shared_ptr<RowCache::Matrix> RowCache::matrix_of(std::size_t n, std::int64_t length,
                                                      const Resampling& how) {
  const std::scoped_lock lock{mutex_};
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.n == n && entry.length == length && entry.seed == how.seed &&
           entry.stream == how.stream && entry.resamples == how.resamples;
  });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return found->matrix;
  }
  entries_.push_front({.n = n,
                       .length = length,
                       .seed = how.seed,
                       .stream = how.stream,
                       .resamples = how.resamples,
                       .matrix = std::make_shared<Matrix>()});
  std::size_t held = 0;
  for (const Entry& entry : entries_) held += indices_of(entry.n, entry.resamples);
  while (held > kMostIndices) {
    held -= indices_of(entries_.back().n, entries_.back().resamples);
    entries_.pop_back();
  }
  return entries_.front().matrix;
}

std::shared_ptr<const ResampledRows> resampled_rows(std::size_t n, std::int64_t length,
                                                    const Resampling& how) {
  if (how.cache != nullptr && indices_of(n, how.resamples) <= kMostOfOne) {
    return how.cache->rows(n, length, how);
  }
  return std::make_shared<const ResampledRows>(n, length, how, false);
}

}  // namespace toxvol::stats
