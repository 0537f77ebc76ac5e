// A session where NautilusTrader alone has the data.
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/jobs/nautilus_play.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/nautilus_session.hpp"
#include "toxvol/run/diff.hpp"
#include "toxvol/run/verify.hpp"

namespace toxvol::jobs {
namespace {

namespace fs = std::filesystem;
using test::at;
using test::error_of;
using test::json_of;
using test::kEverything;
using test::Play;

struct Unnamed : Play {
  Unnamed() {
    request.market = {};
    request.starts = at(120'000) + Duration{300'000};
    request.inputs = kEverything;
  }
};

TEST(NautilusSessionWithoutData, StartsWithTheFirstDatumAndEndsWithTheMinuteOfTheLast) {
  const Unnamed play;
  const auto session = play.open();
  EXPECT_EQ(session->market().from, at(120'000));
  play.play(*session);
  const fs::path folder = session->finish(at(420'000) + Duration{800'000});
  EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
  const auto run = json_of(folder / "run.json");
  EXPECT_EQ(run["from"], "2024-01-15T00:02:00Z");
  EXPECT_EQ(run["to"], "2024-01-15T00:08:00Z");
  EXPECT_EQ(run["inputs"], nlohmann::json::array());
}

TEST(NautilusSessionWithoutData, LastsAMinuteAtLeastAndAWholeNumberOfThem) {
  for (const auto& [now, to] : {std::pair{at(120'000), "2024-01-15T00:03:00Z"},
                                std::pair{at(180'000), "2024-01-15T00:03:00Z"},
                                std::pair{at(180'000) + Duration{1}, "2024-01-15T00:04:00Z"}}) {
    const Unnamed play;
    const fs::path folder = play.open()->finish(now);
    EXPECT_EQ(json_of(folder / "run.json")["to"], to);
    EXPECT_EQ(run::verify(folder), std::vector<std::string>{});
  }
}

TEST(NautilusSessionWithoutData, KeepsToTheWindowThatIsGiven) {
  Unnamed play;
  play.request.market.from = "2024-01-15T00:02:00Z";
  play.request.market.to = "2024-01-15T00:05:00Z";
  const fs::path folder = play.run();
  EXPECT_EQ(json_of(folder / "run.json")["to"], "2024-01-15T00:05:00Z");
  const Play named;
  const fs::path native = named.native();
  for (const std::string& line : run::diff(native, folder)) {
    EXPECT_EQ(line.find("fills"), std::string::npos) << line;
  }
}

TEST(NautilusSessionWithoutData, NeedsAContractThatIsKnown) {
  Unnamed play;
  config::set(play.request.config, "run.symbol=NOSUCHUSDT");
  EXPECT_EQ(error_of([&] { static_cast<void>(play.open()); }),
            "NOSUCHUSDT: no table of this contract; name the catalog that holds it");
}

}  // namespace
}  // namespace toxvol::jobs
