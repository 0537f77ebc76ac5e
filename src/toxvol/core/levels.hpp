#pragma once

/// What is customary where a test is called sure.
namespace toxvol {

inline constexpr double kTestLevel = 0.05;
inline constexpr double kTwoSided95 = 1.959963984540054;  // of a normal distribution

}  // namespace toxvol
