#include "toxvol/core/instrument.hpp"

#include <cstdint>

#include "toxvol/core/fixed.hpp"

namespace toxvol {

int decimals(std::int64_t raw) {
  if (raw == 0) return 0;
  int count = Price::kDecimals;
  while (count > 0 && raw % 10 == 0) {
    raw /= 10;
    --count;
  }
  return count;
}

}  // namespace toxvol
