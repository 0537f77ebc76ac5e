#pragma once

#include <exception>
#include <functional>
#include <span>
#include <utility>

#include "toxvol/core/progress.hpp"
#include "toxvol/study/points.hpp"

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

}  // namespace toxvol::study
