#pragma once

#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"

namespace toxvol::study {

/// The points of a list on each of `options.bases`, of which there is one at least: the bases, then
/// the variants of the first, of the second, and so on. Throws as `points_of` does, and where a
/// variant has the name of a base.
[[nodiscard]] DesignPoints points_of_bases(const Design& design, const PointOptions& options);

}  // namespace toxvol::study
