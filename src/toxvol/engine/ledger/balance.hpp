#pragma once

#include "toxvol/core/fixed.hpp"

namespace toxvol::engine {

/// What a fill did to the position.
struct Booked {
  Qty closed{};      // ≥ 0
  Qty opened{};      // ≥ 0; both > 0 on a flip
  Money realised{};  // of the closed part, price only
};

/// What a ledger says at one instant; without any mark nothing is unrealised.
struct Balance {
  Qty position{};  // signed
  Money wallet{};
  Money realised{};
  Money fees{};
  Money funding{};
  Money insurance{};
  Money unrealised{};
  Money margin{};

  [[nodiscard]] Money equity() const { return wallet + unrealised; }
};

}  // namespace toxvol::engine
