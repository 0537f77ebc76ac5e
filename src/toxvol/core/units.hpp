#pragma once

#include <cstdint>

/// Factors between a number and the unit in which it is said or asked for.
namespace toxvol {

inline constexpr double kBasisPoints = 1e4;  // of one
inline constexpr double kOneBasisPoint = 1e-4;
inline constexpr double kPercent = 100.0;  // of one
inline constexpr std::int64_t kMinutesPerDay = 1440;
inline constexpr std::int64_t kMinuteSeconds = 60;
/// A product of two Fixed (price × quantity) has so many units.
inline constexpr double kProductUnits = 1e16;

}  // namespace toxvol
