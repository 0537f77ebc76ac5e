#pragma once

namespace toxvol::stats {

/// Probability that |t| of Student's distribution with `degrees` > 0 is at least this far from 0:
/// I_{ν/(ν+t²)}(ν/2, ½) (R6).
[[nodiscard]] double student_two_sided(double t, double degrees);

/// Probability that χ² with two degrees of freedom is above `w`: e^{−w/2} (R6).
[[nodiscard]] double chi_squared_two(double w);

}  // namespace toxvol::stats
