#pragma once

#include "toxvol/core/assert.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/profiles.hpp"

namespace toxvol::engine {

/// The ten rules in which NautilusTrader 1.231 matches differently from 1.221, in the order of
/// docs/parity.md; all else is the same. False is 1.221's way.
struct Rules {
  bool rematches_after_commands = false;
  bool market_fills_at_the_book = false;
  bool trades_move_both_sides = false;     // with `trade_execution`
  bool plain_trades_fill_nothing = false;  // without it
  bool bars_are_cut_to_lots = false;
  bool commission_is_decimal = false;
  bool reduce_only_binds_the_pass = false;
  bool quote_outlasts_a_trade = false;
  bool trades_fill_their_size = false;
  bool timers_settle_the_venue = false;
  friend bool operator==(const Rules&, const Rules&) = default;
};

/// Those of a parity profile.
[[nodiscard]] constexpr Rules rules_of(Profile profile) {
  TOXVOL_ASSERT(is_parity(profile));
  if (profile == Profile::Nautilus1221) return {};
  return {.rematches_after_commands = true,
          .market_fills_at_the_book = true,
          .trades_move_both_sides = true,
          .plain_trades_fill_nothing = true,
          .bars_are_cut_to_lots = true,
          .commission_is_decimal = true,
          .reduce_only_binds_the_pass = true,
          .quote_outlasts_a_trade = true,
          .trades_fill_their_size = true,
          .timers_settle_the_venue = true};
}

}  // namespace toxvol::engine
