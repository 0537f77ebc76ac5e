#include "toxvol/engine/params_check.hpp"

#include <string>
#include <vector>

#include "toxvol/core/problem.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/profiles.hpp"

namespace toxvol::engine {

std::vector<Problem> check(const ExchangeParams& params) {
  if (is_parity(params.profile) && params.order_latency.kind != Latency::Kind::Constant) {
    return {{"exchange.order_latency",
             "NautilusTrader's latency is a constant; give one with exchange.profile = " +
                 std::string{name(params.profile)}}};
  }
  return {};
}

}  // namespace toxvol::engine
