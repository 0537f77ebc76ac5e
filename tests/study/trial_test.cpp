#include "toxvol/study/trial.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/study/trials.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/run/fingerprint.hpp"

namespace toxvol::study {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TrialIdentity worked() {
  return {
      .config_sha256 = repeated("ab", 32),
      .symbol = "BTCUSDT",
      .from = *time_from_text("2024-01-01"),
      .to = *time_from_text("2024-02-01"),
      .input_lines = run::input_lines(
          {{.kind = "klines", .day = "2024-01-02", .rows = 1440, .sha256 = repeated("22", 32)},
           {.kind = "klines", .day = "2024-01-01", .rows = 1440, .sha256 = repeated("11", 32)}})};
}

TEST(TrialId, HasTheDigitsOfTheResearchPage) {
  EXPECT_EQ(trial_id(worked()), "cf77698d723a84acb80537d467e9751ca9f24dd21a725ff703044cb46a2b262f");
}

TEST(TrialId, IsAnotherForEveryPartOfIt) {
  const std::string base = trial_id(worked());
  const auto changed = [](auto change) {
    TrialIdentity identity = worked();
    change(identity);
    return trial_id(identity);
  };
  EXPECT_NE(base, changed([](auto& identity) { identity.config_sha256[0] = 'c'; }));
  EXPECT_NE(base, changed([](auto& identity) { identity.symbol = "ETHUSDT"; }));
  EXPECT_NE(base, changed([](auto& identity) { identity.from += kMinute; }));
  EXPECT_NE(base, changed([](auto& identity) { identity.to += kMinute; }));
  EXPECT_NE(base, changed([](auto& identity) { identity.input_lines.clear(); }));
  EXPECT_NE(base, changed([](auto& identity) { identity.signal_sha256 = "00"; }));
}

std::string keys_of(const std::string& line) {
  const auto json = nlohmann::ordered_json::parse(line);
  std::string keys;
  for (const auto& [key, value] : json.items()) keys += key + " ";
  return keys;
}

TEST(TrialLine, HasTheKeysOfTheContractInItsOrder) {
  const std::string line = line_of(test::trial("a1", 0.25));
  EXPECT_EQ(line.back(), '\n');
  EXPECT_EQ(keys_of(line),
            "v id kind study at symbol from to config inputs unit n sharpe skewness kurtosis "
            "px_sharpe gross net positions synthetic version x ");
  EXPECT_EQ(keys_of(line_of(StudyEnd{.id = "s", .type = "sweep"})),
            "v kind id type members rho n_hat x ");
}

TEST(TrialLine, ChecksTheTextBeforeTheCheck) {
  // printf '{"v":1,"id":"00","kind":"run"' | sha256sum: a line that is sound but is no trial.
  EXPECT_FALSE(read_line(R"({"v":1,"id":"00","kind":"run","x":"c28d45d2de6f8175"})"));
  const StudyEnd study{.id = "s1", .type = "sweep", .members = 3, .rho = 0.5, .n_hat = 2.0};
  EXPECT_EQ(line_of(study).substr(0, 74),
            R"({"v":1,"kind":"study","id":"s1","type":"sweep","members":3,"rho":0.5,"n_ha)");
}

TEST(TrialLine, ComesBackAsItWentIn) {
  for (const auto& sharpe : {std::optional<double>{}, std::optional{-0.1234567890123}}) {
    Trial trial = test::trial("a1", sharpe);
    trial.study = "b2";
    trial.kind = TrialKind::Walkforward;
    std::string line = line_of(trial);
    line.pop_back();
    const auto back = read_line(line);
    ASSERT_TRUE(back);
    EXPECT_EQ(line_of(std::get<Trial>(*back)), line + '\n');
    EXPECT_EQ(std::get<Trial>(*back).sharpe, sharpe);
  }
  const StudyEnd study{.id = "s1", .type = "sweep", .members = 3, .rho = 0.5, .n_hat = 2.0};
  std::string line = line_of(study);
  line.pop_back();
  const auto back = read_line(line);
  ASSERT_TRUE(back);
  EXPECT_EQ(line_of(std::get<StudyEnd>(*back)), line + '\n');
}

TEST(TrialLine, WithAnyByteChangedIsNone) {
  std::string line = line_of(test::trial("a1", 0.25));
  line.pop_back();
  ASSERT_TRUE(read_line(line));
  for (std::size_t i = 0; i < line.size(); ++i) {
    std::string damaged = line;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    EXPECT_FALSE(read_line(damaged)) << i;
    EXPECT_FALSE(read_line(line.substr(0, i))) << i;
  }
  EXPECT_FALSE(read_line(line + " "));
}

TEST(TrialLine, OfAnotherVersionIsNone) {
  std::string line = line_of(test::trial("a1", 0.25));
  line.pop_back();
  line.replace(line.find("\"v\":1"), 5, "\"v\":2");
  EXPECT_FALSE(read_line(test::checked_again(line)));
  std::string kind = line_of(test::trial("a1", 0.25));
  kind.pop_back();
  kind.replace(kind.find("\"run\""), 5, "\"luck\"");
  EXPECT_FALSE(read_line(test::checked_again(kind)));
  EXPECT_TRUE(read_line(test::checked_again(line_of(test::trial("a1", 0.25)))));
}

TEST(TrialKinds, OfAssumptionsAreNotCounted) {
  for (const TrialKind kind :
       {TrialKind::Run, TrialKind::Ablation, TrialKind::Sweep, TrialKind::Train,
        TrialKind::Walkforward, TrialKind::Signal, TrialKind::Nautilus}) {
    EXPECT_TRUE(is_counted(kind)) << name(kind);
  }
  for (const TrialKind kind : {TrialKind::Script, TrialKind::Band, TrialKind::World}) {
    EXPECT_FALSE(is_counted(kind)) << name(kind);
  }
}

}  // namespace
}  // namespace toxvol::study
