#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace toxvol::stats {

/// Counts how often resampled means reach the observed ones: Hansen's test (R17) and Romano and
/// Wolf's stepdown (R18) from the same resamples.
class Stepdown {
 public:
  /// `means` and `omegas` (> 0): one each a column, one at least; `rows` ≥ 3.
  Stepdown(std::vector<double> means, std::vector<double> omegas, std::size_t rows);

  /// Means of the next resample.
  void add(std::span<const double> resampled);

  [[nodiscard]] const std::vector<double>& t() const { return t_; }
  [[nodiscard]] double largest() const { return largest_; }
  [[nodiscard]] double p_lower() const { return share(lower_); }
  [[nodiscard]] double p_consistent() const { return share(consistent_); }
  [[nodiscard]] double p_upper() const { return share(upper_); }
  [[nodiscard]] std::vector<double> p_one_sided() const { return adjusted(one_sided_); }
  [[nodiscard]] std::vector<double> p_two_sided() const { return adjusted(two_sided_); }
  /// The ⌈.95(B + 1)⌉-th smallest max|t*|; empty where there are not so many.
  [[nodiscard]] std::optional<double> c95() const;

 private:
  /// Columns from the greatest statistic to the least, ties by column, and the resamples in which
  /// the greatest of that column and those after it reached its own.
  struct Ladder {
    std::vector<std::size_t> order;
    std::vector<double> statistic;  // a column each
    std::vector<std::int64_t> reached;
  };

  static Ladder ladder(std::vector<double> statistic);
  static void climb(Ladder& ladder, std::span<const double> resampled);
  [[nodiscard]] double share(std::int64_t count) const;
  [[nodiscard]] std::vector<double> adjusted(const Ladder& ladder) const;

  std::vector<double> means_;
  std::vector<double> scale_;  // √n/ω̂
  std::vector<double> t_;
  std::vector<double> centre_lower_;
  std::vector<double> centre_consistent_;
  double largest_ = 0.0;
  std::int64_t resamples_ = 0;
  std::int64_t lower_ = 0;
  std::int64_t consistent_ = 0;
  std::int64_t upper_ = 0;
  Ladder one_sided_;
  Ladder two_sided_;
  std::vector<double> maxima_;     // max|t*| of each resample
  std::vector<double> deviation_;  // scratch: t* of each column
};

}  // namespace toxvol::stats
