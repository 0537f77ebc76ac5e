// The strategy inside NautilusTrader against the native run of the parity profile, without
// NautilusTrader: random markets and orders, every record and every call equal.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/engine/parity/scene.hpp"
#include "tests/engine/parity/stand_in.hpp"
#include "tests/engine/parity/support.hpp"
#include "tests/engine/support.hpp"
#include "tests/support/turns.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/parity/hosted_run.hpp"
#include "toxvol/engine/parity/parity_run.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::engine::test {
namespace {

// ---- what a run leaves, as text ----

template <class T>
std::string text(const T& value) {
  if constexpr (requires { value.has_value(); }) {
    return value ? text(*value) : "-";
  } else if constexpr (requires { value.raw(); }) {
    return std::to_string(value.raw());
  } else if constexpr (requires { value.time_since_epoch(); }) {
    return std::to_string(to_ns(value) - to_ns(ms(0)));
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<std::int64_t>(value));
  } else {
    return fmt::format("{}", value);
  }
}

template <class... Fields>
std::string line(const char* what, const Fields&... fields) {
  std::string result = what;
  ((result += ' ', result += text(fields)), ...);
  return result;
}

Lines lines_of(const Records& records) {
  Lines lines;
  for (const auto& r : records.orders) {
    const trading::Submit& s = r.submit;
    lines.push_back(line("order", s.id, s.side, s.type, s.tif, s.post_only, s.reduce_only, s.price,
                         s.qty, s.intent.role, r.position, r.filled_qty, r.avg_price, r.ts_submit,
                         r.ts_arrive, r.ts_accepted, r.ts_done, r.status, r.reject_reason, r.bid,
                         r.ask, r.queue_ahead));
  }
  for (const auto& r : records.commands) {
    lines.push_back(
        line("command", r.seq, r.ts_sent, r.ts_arrive, r.kind, r.order, name(r.outcome)));
  }
  for (const auto& r : records.fills) {
    lines.push_back(line("fill", r.fill_id, r.order, r.position, r.ts, r.ts_init, r.side,
                         r.liquidity, r.price, r.qty, r.fee, r.mid_decision, r.mid_fill, r.slippage,
                         r.position_after, r.balance_after, r.equity_after, r.rule, r.cause));
  }
  for (const auto& r : records.positions) {
    lines.push_back(line("position", r.position, r.alpha, r.side, r.regime_open, r.exit_role,
                         r.ts_open, r.ts_close, r.qty_max, r.avg_entry, r.avg_exit, r.stop,
                         r.take_profit, r.n_fills, r.realised, r.fees, r.funding, r.slippage,
                         r.mae_bp, r.mfe_bp, r.sigma_open, r.funding_tailwind));
  }
  for (const auto& r : records.equity) {
    lines.push_back(line("equity", r.seq, r.ts, r.cause, r.mark, r.position, r.realised, r.fees,
                         r.funding, r.unrealised, r.insurance, r.equity, r.margin, r.drawdown));
  }
  return lines;
}

Lines lines_of(const Player& player) {
  Lines lines;
  for (const Told& told : player.told) lines.push_back(told.what + " " + text(told.seen));
  for (const auto& e : player.orders) {
    lines.push_back(line("order", e.ts_seen, e.ts_event, e.id, e.what, e.reject_reason, e.filled));
  }
  for (const auto& e : player.fills) {
    lines.push_back(line("fill", e.ts_seen, e.ts_event, e.id, e.side, e.price, e.qty, e.fee,
                         e.liquidity, e.order_done, e.liquidation));
  }
  return lines;
}

// ---- the two runs ----

struct Outcome {
  Records records;
  Lines told;
  std::string error;
  std::int64_t resized = 0;
  std::int64_t denied = 0;
  std::int64_t funded = 0;
};

Outcome native(const Scene& scene) {
  Actor actor{scene};
  NoFolding folding;
  Tape tape;
  MarketData data = scene.market.data();
  Progress silent;
  ParityRun<Actor, NoFolding> run{scene.with, of_any_notional(), actor, folding, tape};
  Outcome outcome;
  try {
    run.run(data, silent);
  } catch (const Error& error) {
    outcome.error = error.what();
    return outcome;
  }
  outcome.records = static_cast<Records&>(tape);
  outcome.told = lines_of(actor);
  return outcome;
}

Outcome hosted(const Scene& scene) {
  Actor actor{scene};
  NoFolding folding;
  Tape tape;
  HostedRunOf<Actor, NoFolding> run{scene.with, of_any_notional(), actor,   folding,
                                    tape,       std::nullopt,      "script"};
  StandIn<HostedRun> nautilus{scene.with, of_any_notional(), run};
  Outcome outcome;
  try {
    nautilus.run(scene.market, scene.alarms());
    run.finish(scene.with.to);
  } catch (const Error& error) {
    outcome.error = error.what();
    return outcome;
  }
  outcome.records = static_cast<Records&>(tape);
  outcome.told = lines_of(actor);
  outcome.resized = nautilus.resized;
  outcome.denied = nautilus.denied;
  outcome.funded = nautilus.funded;
  return outcome;
}

/// The first line that differs, with its number.
std::string difference(const Lines& want, const Lines& got) {
  const std::size_t n = std::min(want.size(), got.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (want[i] != got[i])
      return fmt::format("{}\n  native   {}\n  reported {}", i, want[i], got[i]);
  }
  return want.size() == got.size() ? "" : fmt::format("{} and {} lines", want.size(), got.size());
}

/// What so many scenes of a profile come to.
std::map<std::string, std::int64_t> compare_scenes(Profile profile, std::uint64_t scenes) {
  std::map<std::string, std::int64_t> seen;
  for (std::uint64_t seed = 1; seed <= scenes; ++seed) {
    const Scene given = scene(seed, profile);
    const Outcome want = native(given);
    const Outcome got = hosted(given);
    EXPECT_EQ(want.error, got.error) << "seed " << seed;
    if (!want.error.empty()) {
      ++seen["abort"];
      continue;
    }
    EXPECT_EQ(difference(lines_of(want.records), lines_of(got.records)), "") << "seed " << seed;
    EXPECT_EQ(difference(want.told, got.told), "") << "seed " << seed;
    if (testing::Test::HasFailure()) break;

    seen["fill"] += std::ssize(got.records.fills);
    for (const auto& command : got.records.commands) {
      const bool is_cancel = command.kind == trading::CommandKind::Cancel;
      ++seen[fmt::format("{} {}", is_cancel ? "cancel" : "submit", name(command.outcome))];
    }
    for (const auto& order : got.records.orders) ++seen[std::string{name(order.reject_reason)}];
    for (const auto& one : got.records.positions) {
      if (one.exit_role) ++seen["exit " + std::string{name(*one.exit_role)}];
    }
    seen["resized"] += got.resized;
    seen["denied"] += got.denied;
    seen["funded"] += got.funded;
  }
  return seen;
}

TEST(StrategySide, LeavesTheRecordsOfTheNativeRunFromWhatNautilusTraderReports) {
  // The scenes do exercise all of it; the counts are for 300.
  const int scenes = toxvol::test::turns(100, 300);
  const std::vector<std::pair<const char*, std::int64_t>> wanted = {{"fill", 20'000},
                                                                    {"resized", 100},
                                                                    {"funded", 300},
                                                                    {"submit accepted", 20'000},
                                                                    {"submit rejected", 5'000},
                                                                    {"submit never", 20},
                                                                    {"cancel accepted", 1'000},
                                                                    {"cancel too_late", 5'000},
                                                                    {"cancel never", 3},
                                                                    {"denied", 1'000},
                                                                    {"rate_limit", 20},
                                                                    {"no_quote", 100},
                                                                    {"post_only", 1'000},
                                                                    {"reduce_only", 1'000},
                                                                    {"exit script", 500},
                                                                    {"exit stop", 50},
                                                                    {"exit take_profit", 15}};
  for (const Profile profile : {Profile::Nautilus1221, Profile::Nautilus1231}) {
    auto seen = compare_scenes(profile, static_cast<std::uint64_t>(scenes));
    ASSERT_FALSE(HasFailure()) << name(profile);
    for (const auto& [what, least] : wanted)
      EXPECT_GE(seen[what], least * scenes / 300) << name(profile) << what;
    // Only 1.221 has a case in which its process dies.
    EXPECT_EQ(seen["abort"] > 0, profile == Profile::Nautilus1221);
  }
}

}  // namespace
}  // namespace toxvol::engine::test
