#include "stats.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/vector.h>

#include "toxvol/core/splitmix64.hpp"
#include "toxvol/stats/blocks.hpp"
#include "toxvol/stats/designs.hpp"
#include "toxvol/stats/dsr.hpp"
#include "toxvol/stats/family.hpp"
#include "toxvol/stats/forecasts.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/stats/pbo.hpp"
#include "toxvol/stats/random.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/stats/sharpe.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace toxvol::python {

namespace {

using stats::Resampling;
using stats::Stream;
using Array = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Array2 = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

std::span<const double> series(const Array& array) {
  return {array.data(), array.shape(0)};
}

stats::MatrixView matrix(const Array2& array) {
  return {.values = array.data(), .rows = array.shape(0), .columns = array.shape(1)};
}

stats::MatrixView one_column(const Array& array) {
  return {.values = array.data(), .rows = array.shape(0), .columns = 1};
}

Resampling resampling(std::uint64_t seed, Stream stream, int resamples, stats::RowCache& cache) {
  return {.seed = seed, .stream = stream, .resamples = resamples, .cache = &cache};
}

/// The work without the GIL: no Python object is touched in it.
template <class Work>
auto released(Work work) {
  const nb::gil_scoped_release release;
  return work();
}

void set_range(nb::dict& result, const char* lo, const char* hi,
               const std::optional<stats::Range>& range) {
  result[lo] = range ? nb::cast(range->lo) : nb::none();
  result[hi] = range ? nb::cast(range->hi) : nb::none();
}

nb::dict moments(const Array& r) {
  const auto found = released([&] { return stats::moments_of(series(r)); });
  nb::dict result;
  result["m"] = found.count() > 0 ? nb::cast(found.mean()) : nb::none();
  result["s"] = found.population_deviation();
  result["sd"] = found.standard_deviation();
  result["skewness"] = found.skewness();
  result["kurtosis"] = found.kurtosis();
  result["n"] = found.count();
  return result;
}

nb::dict sharpe(const Array& r) {
  const auto found = released([&] { return stats::sharpe(series(r)); });
  nb::dict result;
  result["sharpe"] = found.sharpe;
  result["se_iid"] = found.se_iid;
  result["lags"] = found.lags;
  result["se_nw"] = found.se_nw;
  result["mean_se"] = found.mean_se;
  result["psr"] = found.psr;
  result["psr_nw"] = found.psr_nw;
  result["min_trl"] = found.min_trl;
  return result;
}

nb::dict block_length(const Array& r) {
  nb::dict result;
  result["b"] = nb::none();
  result["length"] = nb::none();
  if (r.shape(0) < stats::kLeastOfInterval) return result;
  const auto found = released([&] { return stats::block_length(series(r)); });
  result["b"] = found.b;
  result["length"] = found.length;
  return result;
}

std::vector<std::uint32_t> resample(std::size_t n, std::int64_t length, std::uint64_t b,
                                    std::uint64_t seed, std::uint64_t stream) {
  std::vector<std::uint32_t> rows(n);
  stats::resample(stats::Draws{seed, stream}.row(b), length, rows);
  return rows;
}

nb::dict interval(const Array& r, bool of_sharpe, std::uint64_t seed, std::uint64_t stream,
                  int resamples, bool fixed_b, stats::RowCache& cache) {
  const auto found = released([&] {
    Resampling how = resampling(seed, Stream{stream}, resamples, cache);
    if (fixed_b) how.method = stats::IntervalMethod::FixedB;
    return stats::intervals(one_column(r), how).front();
  });
  nb::dict result;
  set_range(result, "lo", "hi", of_sharpe ? found.sharpe : found.mean);
  result["length"] = found.length;
  return result;
}

nb::dict pair(const Array& a, const Array& b, std::uint64_t seed, int resamples,
              stats::RowCache& cache) {
  const auto found = released([&] {
    return stats::pair(series(a), series(b), resampling(seed, Stream::Pair, resamples, cache));
  });
  nb::dict result;
  result["d"] = found.d;
  result["length"] = found.length;
  result["t"] = found.t;
  result["p"] = found.p;
  set_range(result, "lo", "hi", found.range);
  result["d_sharpe"] = found.d_sharpe;
  set_range(result, "d_sharpe_lo", "d_sharpe_hi", found.d_sharpe_range);
  return result;
}

nb::dict dsr(const Array2& returns, std::optional<std::size_t> column) {
  const auto found = released([&] { return stats::deflated_sharpe(matrix(returns), column); });
  nb::dict result;
  result["M"] = found.trials;
  result["rho"] = found.number.rho;
  result["n_hat"] = found.number.n_hat;
  result["column"] = found.column;
  result["var_z"] = found.benchmarks.var_z;
  result["phi"] = found.benchmarks.phi;
  result["V"] = found.benchmarks.variance;
  result["sr0"] = found.benchmarks.sr0;
  result["dsr"] = found.dsr;
  result["sr0_implied"] = found.benchmarks.sr0_implied;
  result["dsr_implied"] = found.dsr_implied;
  result["sr0_null"] = found.benchmarks.sr0_null;
  result["dsr_null"] = found.dsr_null;
  return result;
}

nb::dict family(const Array2& differences, std::uint64_t seed, int resamples,
                stats::RowCache& cache) {
  const auto found = released([&] {
    return stats::family(matrix(differences), resampling(seed, Stream::Family, resamples, cache));
  });
  nb::dict result;
  result["length"] = found.length;
  result["omega"] = found.omega;
  result["t"] = found.t;
  result["T"] = found.largest;
  result["p_lower"] = found.p_lower;
  result["p_consistent"] = found.p_consistent;
  result["p_upper"] = found.p_upper;
  result["p_one_sided"] = found.p_one_sided;
  result["p_two_sided"] = found.p_two_sided;
  result["c95"] = found.c95;
  return result;
}

nb::dict pbo(const Array2& returns, int blocks) {
  const auto found = released([&] { return stats::pbo(matrix(returns), blocks); });
  nb::dict result;
  for (const char* const key :
       {"splits", "pbo", "median_lambda", "lambdas", "p_loss", "slope", "mean_in", "mean_out"}) {
    result[key] = nb::none();
  }
  if (!found) return result;
  result["splits"] = found->lambdas.size();
  result["pbo"] = found->pbo;
  result["median_lambda"] = found->median_lambda;
  result["lambdas"] = found->lambdas;
  result["p_loss"] = found->p_loss;
  result["slope"] = found->slope;
  result["mean_in"] = found->mean_in;
  result["mean_out"] = found->mean_out;
  return result;
}

nb::dict losses(const Array& y, const Array& f) {
  const auto found = released([&] { return stats::losses(series(y), series(f)); });
  nb::dict result;
  result["qlike"] = found.qlike;
  result["mse"] = found.mse;
  return result;
}

nb::dict diebold_mariano(const Array& first, const Array& second, std::size_t overlap) {
  const auto found =
      released([&] { return stats::diebold_mariano(series(first), series(second), overlap); });
  nb::dict result;
  result["dm"] = found.dm;
  result["hln"] = found.hln;
  result["p"] = found.p;
  result["t_nw"] = found.t_nw;
  result["p_nw"] = found.p_nw;
  return result;
}

nb::dict mincer_zarnowitz(const Array& y, const Array& f, bool divided) {
  const auto found =
      released([&] { return stats::mincer_zarnowitz(series(y), series(f), divided); });
  nb::dict result;
  result["a"] = found.a;
  result["b"] = found.b;
  result["se_a"] = found.se_a;
  result["se_b"] = found.se_b;
  result["r2"] = found.r2;
  result["w"] = found.w;
  result["p"] = found.p;
  return result;
}

nb::dict ratio_interval(const Array& numerator, const Array& denominator, std::uint64_t seed,
                        int resamples, stats::RowCache& cache) {
  const auto found = released([&] {
    return stats::ratio_interval(series(numerator), series(denominator),
                                 resampling(seed, Stream::Positions, resamples, cache));
  });
  nb::dict result;
  result["ratio"] = found.ratio;
  result["length"] = found.length;
  set_range(result, "lo", "hi", found.range);
  return result;
}

}  // namespace

void bind_stats(nb::module_& m) {
  nb::class_<stats::RowCache>(m, "StatsRowCache", "Resampled rows that calls share")
      .def(nb::init<>());
  m.def("stats_moments", &moments, "r"_a);
  m.def("stats_sharpe", &sharpe, "r"_a);
  m.def("stats_block_length", &block_length, "r"_a);
  m.def("stats_resample", &resample, nb::kw_only(), "n"_a, "length"_a, "b"_a, "seed"_a, "stream"_a);
  m.def("stats_interval", &interval, nb::kw_only(), "r"_a, "of_sharpe"_a, "seed"_a, "stream"_a,
        "resamples"_a, "fixed_b"_a, "cache"_a);
  m.def("stats_pair", &pair, nb::kw_only(), "a"_a, "b"_a, "seed"_a, "resamples"_a, "cache"_a);
  m.def("stats_dsr", &dsr, "returns"_a, "column"_a.none());
  m.def("stats_family", &family, nb::kw_only(), "differences"_a, "seed"_a, "resamples"_a,
        "cache"_a);
  m.def("stats_pbo", &pbo, "returns"_a, "blocks"_a);
  m.def("stats_losses", &losses, "y"_a, "f"_a);
  m.def("stats_diebold_mariano", &diebold_mariano, "first"_a, "second"_a, "overlap"_a);
  m.def("stats_mincer_zarnowitz", &mincer_zarnowitz, "y"_a, "f"_a, "divided"_a);
  m.def("stats_ratio_interval", &ratio_interval, nb::kw_only(), "numerator"_a, "denominator"_a,
        "seed"_a, "resamples"_a, "cache"_a);
  m.def("stats_mix", &splitmix64, "x"_a);
  m.def(
      "stats_draw",
      [](std::uint64_t seed, std::uint64_t stream, std::uint64_t b, std::uint64_t k) {
        return stats::Draws{seed, stream}(b, k);
      },
      nb::kw_only(), "seed"_a, "stream"_a, "b"_a, "k"_a);
  m.def(
      "stats_sobol",
      [](std::uint64_t points, const std::vector<std::uint64_t>& sizes, std::uint64_t seed) {
        return stats::sobol_design(points, sizes, seed);
      },
      "points"_a, "sizes"_a, "seed"_a);
  m.def(
      "stats_random",
      [](std::uint64_t points, const std::vector<std::uint64_t>& sizes, std::uint64_t seed) {
        return stats::random_design(points, sizes, seed);
      },
      "points"_a, "sizes"_a, "seed"_a);
  m.attr("STATS_LEAST_BLOCKS") = stats::kLeastBlocks;
  m.attr("STATS_MOST_BLOCKS") = stats::kMostBlocks;
  m.attr("STATS_MOST_SOBOL_AXES") = stats::kMostSobolAxes;
}

}  // namespace toxvol::python
