#include "toxvol/jobs/own_signal.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/study/design.hpp"
#include "toxvol/study/design_points.hpp"
#include "toxvol/study/result_row.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {
namespace {

constexpr Timestamp kFrom = from_ms(1'705'017'600'000);
constexpr Timestamp kTo = kFrom + kDay;

class Told final : public Progress {
 public:
  void tell(std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

SignalInput input_at(const std::vector<Timestamp>& times) {
  SignalInput input;
  input.name = "my.parquet";
  for (const Timestamp ts : times) input.rows.push_back({.ts_init = ts, .direction = 1});
  return input;
}

/// The rows of a study from `kFrom` to `kTo`.
study::OwnRows rows_of(const SignalInput& input, Progress& progress) {
  Market market;
  market.from = kFrom;
  market.to = kTo;
  return signal_of_study(input, market, config::Config{}, progress);
}

template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const UsageError& error) {
    return std::string{"usage: "} + error.what();
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

TEST(SignalInputTest, OnlyRowsInTheWindowAreLookedAtAndTheOthersAreTold) {
  Told told;
  const auto own = rows_of(input_at({kFrom - Duration{1}, kFrom, kTo - Duration{1}, kTo}), told);
  ASSERT_EQ(own.rows->size(), 2U);
  EXPECT_EQ(own.rows->front().ts_init, kFrom);
  EXPECT_EQ(own.rows->back().ts_init, kTo - Duration{1});
  EXPECT_EQ(own.sha256, run::signal_sha256(*own.rows));
  EXPECT_EQ(told.lines, (std::vector<std::string>{
                            "my.parquet: 2 of 4 rows lie outside of [2024-01-12T00:00:00Z, "
                            "2024-01-13T00:00:00Z) and are not looked at"}));
}

TEST(SignalInputTest, ARowAtTheEndOfTheWindowIsIgnoredWithoutAWord) {
  Told told;
  EXPECT_EQ(rows_of(input_at({kFrom, kTo}), told).rows->size(), 1U);
  EXPECT_TRUE(told.lines.empty());
  EXPECT_EQ(rows_of(input_at({kFrom, kTo + Duration{1}}), told).rows->size(), 1U);
  EXPECT_EQ(told.lines.size(), 1U);
}

TEST(SignalInputTest, TheHashIsOfTheRowsThatWereLookedAt) {
  Progress silent;
  const auto hash = [&](const std::vector<Timestamp>& times) {
    return rows_of(input_at(times), silent).sha256;
  };
  EXPECT_EQ(hash({kFrom - kDay, kFrom}), hash({kFrom}));
  EXPECT_NE(hash({kFrom + Duration{1}}), hash({kFrom}));
  EXPECT_NE(hash({}), hash({kFrom}));
}

TEST(SignalInputTest, OtherColumnsAreNamedOnce) {
  Told told;
  SignalInput input = input_at({kFrom});
  input.other_columns = {"note", "p"};
  static_cast<void>(rows_of(input, told));
  EXPECT_EQ(told.lines,
            (std::vector<std::string>{
                "my.parquet: not looked at: note, p; a signal has ts_init, direction, size"}));
}

TEST(IdleKeys, AreThoseThatChooseADirectionOrAskForRegimeAndToxicity) {
  for (const char* key :
       {"alpha_a.compression", "alpha_b.trigger", "pressure.weights", "z.clip", "toxicity.gate",
        "crowding.theta", "guards.on_flip", "size.toxic_scale"}) {
    EXPECT_TRUE(is_idle(key, true, false)) << key;
    EXPECT_FALSE(is_idle(key, false, false)) << key;
  }
  for (const char* key :
       {"volatility.half_life_short", "exit.k_stop", "entry.order", "size.risk_bp",
        "guards.stale_quote", "costs.tier", "run.cadence", "data.bar_delay"}) {
    EXPECT_FALSE(is_idle(key, true, false)) << key;
  }
  EXPECT_FALSE(is_idle("signal.mode", true, false));
  EXPECT_TRUE(is_idle("signal.mode", false, false));
  EXPECT_FALSE(is_idle("pressure.weights", true, true));  // exit.opposite_pressure
  EXPECT_TRUE(is_idle("toxicity.gate", true, true));
}

TEST(IdleKeys, ThatWereTypedAreRefused) {
  config::Config config = config::preset("A");
  EXPECT_EQ(message_of([&] { check_idle_keys(config, true); }), "none");
  EXPECT_EQ(message_of([&] { check_idle_keys(config, false); }), "none");
  config::set(config, "alpha_a.compression=0.7");
  EXPECT_EQ(message_of([&] { check_idle_keys(config, false); }), "none");
  EXPECT_EQ(message_of([&] { check_idle_keys(config, true); }),
            "usage: --set: alpha_a.compression = 0.7: has no effect with a signal of your own "
            "(docs/own_signals.md)");
}

TEST(IdleKeys, OfASignalInAFileAreRefusedWithoutOne) {
  const config::Config config = config::parse("[signal]\nmode = \"target\"\n", "mine.toml");
  EXPECT_EQ(message_of([&] { check_idle_keys(config, true); }), "none");
  EXPECT_EQ(message_of([&] { check_idle_keys(config, false); }),
            "mine.toml:2: signal.mode = \"target\": has no effect without --signal "
            "(docs/own_signals.md)");
}

TEST(IdleKeys, OfAnAxisAreRefused) {
  const config::Config base = config::preset("A");
  const auto refusal = [&](const char* key, bool has_signal) {
    const study::Design design =
        study::parse_design(std::string{"base = \"A\"\ndesign = \"grid\"\n[[axis]]\nkey = \""} +
                                key + "\"\nvalues = [0.5, 0.6]\n",
                            "d.toml");
    return message_of([&] { check_idle_axes(design, base, has_signal); });
  };
  EXPECT_EQ(refusal("alpha_a.compression", true),
            "usage: d.toml:3: axis alpha_a.compression has no effect with a signal of your own "
            "(docs/own_signals.md); leave it out");
  EXPECT_EQ(refusal("alpha_a.compression", false), "none");
  EXPECT_EQ(refusal("exit.k_stop", true), "none");
}

TEST(IdleKeys, OfAVariantMakeItNotApplicable) {
  const study::Design design = study::parse_design(
      "base = \"A\"\ndesign = \"list\"\n"
      "[[variant]]\nname = \"gate\"\ngroup = \"g\"\nset = { \"alpha_a.compression\" = 0.7 }\n"
      "[[variant]]\nname = \"stop\"\ngroup = \"g\"\nset = { \"exit.k_stop\" = 1 }\n"
      "[[variant]]\nname = \"both\"\ngroup = \"g\"\n"
      "set = { \"alpha_a.compression\" = 0.7, \"exit.k_stop\" = 1 }\n"
      "[[variant]]\nname = \"same\"\ngroup = \"g\"\nset = { \"exit.k_stop\" = 2 }\n",
      "d.toml");
  study::DesignPoints points = study::points_of(design, {});
  leave_out_idle(points, false);
  for (const study::Point& point : points.points) {
    EXPECT_EQ(point.status, study::PointStatus::Ok);
  }
  leave_out_idle(points, true);
  EXPECT_EQ(points.points[0].status, study::PointStatus::NotApplicable);
  EXPECT_EQ(points.points[0].message,
            "alpha_a.compression = 0.7 has no effect with a signal of your own "
            "(docs/own_signals.md)");
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(points.points[i].status, study::PointStatus::Ok) << points.points[i].name;
  }
}

}  // namespace
}  // namespace toxvol::jobs
