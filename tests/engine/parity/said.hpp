#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tests/engine/support.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/bookkeeper.hpp"
#include "toxvol/engine/parity/hosted_venue.hpp"
#include "toxvol/engine/parity/rules.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

/// A venue that is told by hand what NautilusTrader did.
namespace toxvol::engine::test {

/// What NautilusTrader is said to have done, by hand. 20 ms of latency; times are ms.
struct Said {
  EngineParams with = after_20_ms();
  Instrument on = instrument();
  Tape tape;
  Bookkeeper bookkeeper{with, on, tape, rules_of(with.exchange.profile)};
  HostedVenue venue{with, bookkeeper, rules_of(with.exchange.profile)};
  Money paid{};

  static EngineParams after_20_ms() {
    EngineParams with = params();
    with.exchange.profile = Profile::Nautilus1221;
    with.exchange.order_latency.value = std::chrono::milliseconds{20};
    return with;
  }

  void submit(std::int64_t at, const trading::Submit& order) {
    venue.submit(order, ms(at), std::nullopt);
  }
  void cancel(std::int64_t at, std::int64_t id) { venue.cancel(trading::OrderId{id}, ms(at)); }
  void accepted(std::int64_t at, std::int64_t id) { venue.accepted(trading::OrderId{id}, ms(at)); }
  void rejected(std::int64_t at, std::int64_t id,
                trading::RejectReason why = trading::RejectReason::PostOnly) {
    venue.rejected(trading::OrderId{id}, why, ms(at));
  }
  void canceled(std::int64_t at, std::int64_t id) { venue.canceled(trading::OrderId{id}, ms(at)); }
  /// Always at 100.1, for a fee of 0.05 a unit: nothing is won or lost beside the fees.
  void filled(std::int64_t at, std::int64_t id, double size, double position) {
    const Money fee = money(0.05 * size);
    paid += fee;
    venue.filled(trading::OrderId{id}, price(100.1), qty(size), false,
                 {.fee = fee,
                  .position = qty(position),
                  .average = 100.1,
                  .position_pnl = -paid,
                  .wallet = with.deposit - paid},
                 ms(at));
  }

  /// Numbers of the orders that go out; cancels are negative.
  std::vector<std::int64_t> take() {
    std::vector<std::int64_t> numbers;
    for (const trading::Command& command : venue.take()) {
      if (const auto* submit = std::get_if<trading::Submit>(&command)) {
        numbers.push_back(static_cast<std::int64_t>(submit->id));
      } else {
        numbers.push_back(-static_cast<std::int64_t>(std::get<trading::Cancel>(command).id));
      }
    }
    return numbers;
  }
  /// `accepted 20`: outcome and arrival of the command, from 1; `unknown` before it is written.
  [[nodiscard]] std::string command(std::size_t seq) const {
    if (tape.commands.size() < seq) return "unknown";
    const trading::CommandRecord& row = tape.commands[seq - 1];
    std::string text{name(row.outcome)};
    if (row.ts_arrive) {
      text += " " + std::to_string(floor_ms(*row.ts_arrive) - kStart);
    }
    return text;
  }
  const trading::OrderRecord& finished(std::int64_t id) {
    bookkeeper.finish();
    return tape.order(id);
  }
};

using Numbers = std::vector<std::int64_t>;

}  // namespace toxvol::engine::test
