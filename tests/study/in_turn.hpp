#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/progress.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/point_results.hpp"
#include "toxvol/study/points.hpp"
#include "toxvol/study/result_row.hpp"

namespace toxvol::study {

/// For `PointRunner::run`: one batch after the other. `run_one` may throw.
inline std::function<void(std::span<const Batch>, const Done&, const Failed&)> in_turn(
    std::function<void(const Batch& batch, const Done& done)> run_one) {
  return [run_one = std::move(run_one)](std::span<const Batch> batches, const Done& done,
                                        const Failed& failed) {
    for (const Batch& batch : batches) {
      try {
        run_one(batch, done);
      } catch (const Interrupted&) {
        throw;
      } catch (const std::exception& error) {
        failed(batch, error.what());
      }
    }
  };
}

/// The rows of points that were run as their indices.
inline std::vector<ResultRow> rows_in_turn(const DesignPoints& points, const PointResults& results,
                                           const stats::Resampling& how) {
  const auto in_turn = [](std::size_t count, const std::function<void(std::size_t)>& work) {
    for (std::size_t i = 0; i < count; ++i) work(i);
  };
  return result_rows(points.points, &Point::index, results, how, in_turn);
}

}  // namespace toxvol::study
