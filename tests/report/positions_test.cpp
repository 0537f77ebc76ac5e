#include "toxvol/report/positions.hpp"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "tests/run/sample_run.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

namespace {

using run::test::SampleRun;
using run::test::TemporaryFolder;

TEST(Positions, TheLargestResultsAreKeptInTheOrderOfTheFile) {
  SampleRun sample = run::test::sample_run();
  const trading::PositionRecord first = sample.positions[0];
  sample.positions.clear();
  for (const std::int64_t result : {5, -40, 10, 30, -20, 1}) {
    trading::PositionRecord position = first;
    position.position = static_cast<std::int64_t>(sample.positions.size()) + 1;
    position.realised = run::test::money_e5(result * 100'000);
    position.fees = {};
    position.funding = {};
    sample.positions.push_back(position);
  }
  const TemporaryFolder place;
  run::test::write(sample, place.path() / "run");
  const Positions positions = read_positions(run::open_run(place.path() / "run"), 3);
  EXPECT_EQ(positions.all, 6);
  std::vector<std::int64_t> ids;
  ids.reserve(positions.shown.size());
  for (const trading::PositionRecord& position : positions.shown) ids.push_back(position.position);
  EXPECT_EQ(ids, (std::vector<std::int64_t>{2, 4, 5}));
}

}  // namespace

}  // namespace toxvol::report
