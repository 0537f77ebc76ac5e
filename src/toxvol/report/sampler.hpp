#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace toxvol::report {

/// Points of several series over one time axis; empty where a series has no value.
struct Sampled {
  std::vector<double> times;
  std::vector<std::vector<std::optional<double>>> values;  // by series
};

/// Thins series for a chart without losing an extreme: time is cut into buckets, and of each bucket
/// every series keeps its lowest and highest value, in the order in which they came. Series that
/// are short enough pass unchanged. Memory is that of the result.
class Sampler {
 public:
  struct Options {
    double from = 0.0;
    double to = 0.0;
    std::int64_t rows = 0;  // that will come
    std::size_t series = 1;
    std::size_t max_points = 4000;  // nulls that mark gaps come on top
    std::optional<double>
        max_step{};  // rows further apart are a gap: a point without values between
  };
  explicit Sampler(const Options& options);

  /// By time; `values` has one entry a series.
  void add(double time, std::span<const std::optional<double>> values);
  [[nodiscard]] Sampled finish();

 private:
  struct Extremes {
    std::optional<double> low, high;
    bool low_first = true;
  };
  void flush();
  void put_gap(double time);

  Options options_;
  std::size_t buckets_;  // 0: rows pass unchanged
  std::optional<std::size_t> bucket_;
  double first_ = 0.0;
  double last_ = 0.0;
  bool has_rows_ = false;
  std::vector<Extremes> extremes_;
  Sampled sampled_;
};

/// Stretches of time in which something held, as [from, to) in the units of `add`, by time. When
/// there are more than `max_stretches`, those that are nearest to each other become one.
class Stretches {
 public:
  explicit Stretches(std::size_t max_stretches) : max_stretches_{max_stretches} {}
  void add(double from, double to);
  [[nodiscard]] const std::vector<std::pair<double, double>>& all() const { return all_; }

 private:
  void merge(double gap);

  std::size_t max_stretches_;
  double min_gap_ = 0.0;  // nearer ones are one
  std::vector<std::pair<double, double>> all_;
};

}  // namespace toxvol::report
