#include "toxvol/factors/realized.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>

#include "toxvol/core/time.hpp"
#include "toxvol/factors/value.hpp"

namespace toxvol::factors {
namespace {

// Barndorff-Nielsen & Shephard (2004): 1/μ₁², μ₁ = E|N(0,1)| = √(2/π).
constexpr double kBipower = std::numbers::pi / 2.0;

}  // namespace

Realized::Realized(std::int64_t minutes) : squares_{minutes} {
  if (minutes > 1) pairs_.emplace(minutes - 1);
}

void Realized::update(Timestamp ts, Value r) {
  squares_.advance(ts);
  if (pairs_) pairs_->advance(ts);
  if (!r) return;
  const double square = *r * *r;
  squares_.add(ts, {square, *r < 0.0 ? square : 0.0, *r > 0.0 ? square : 0.0});
  // A return whose neighbour is missing makes no pair.
  if (pairs_ && last_ && last_->ts + kMinute == ts) pairs_->add(ts, {std::abs(*r * last_->r)});
  last_ = {.ts = ts, .r = *r};
}

Value Realized::term(std::size_t k) const {
  const auto sums = squares_.sums();
  if (!sums) return std::nullopt;
  return (*sums)[k];
}

Value Realized::bipower() const {
  if (!pairs_) return std::nullopt;
  const auto sums = pairs_->sums();
  if (!sums) return std::nullopt;
  return kBipower * (*sums)[0];
}

}  // namespace toxvol::factors
