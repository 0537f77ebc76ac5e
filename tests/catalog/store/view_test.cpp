#include "toxvol/catalog/store/view.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
#include "tests/catalog/raw_folder.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

/// Stops the work after its first rows.
class Impatient : public Progress {
 public:
  void advance(std::int64_t /*units*/, std::int64_t /*rows*/) override { throw Interrupted{}; }
};

/// A catalog with the trades of two days.
class View : public testing::Test {
 protected:
  View() {
    for (int day = 0; day < 2; ++day) {
      folder_.put("BTCUSDT-aggTrades-2024-01-1" + std::to_string(5 + day) + ".csv",
                  std::string{kTradeHeader} + trade_line(day, kJan15 + day * kDayInMs));
    }
    static_cast<void>(run(folder_));
    options_.catalog = folder_.catalog();
    options_.out = folder_.path() / "views" / "v";
  }
  [[nodiscard]] std::vector<fs::path> there() const {
    std::vector<fs::path> paths;
    for (const auto& item : fs::directory_iterator{options_.out.parent_path()}) {
      paths.push_back(item.path());
    }
    return paths;
  }

  TestFolder folder_;
  ViewOptions options_;
};

TEST_F(View, ThatIsInterruptedLeavesNothingAndTheNextTryMakesIt) {
  Impatient impatient;
  EXPECT_THROW(static_cast<void>(write_view(options_, impatient)), Interrupted);
  EXPECT_TRUE(there().empty());
  Progress silent;
  const ViewReport report = write_view(options_, silent);
  EXPECT_EQ(report.files_read, 2);
  EXPECT_EQ(report.files_written, 1);
  EXPECT_EQ(there(), std::vector<fs::path>{options_.out});
}

TEST_F(View, RemovesWhatAKilledOneLeft) {
  const fs::path left = folder_.path() / "views" / ".v.partial-killed";
  fs::create_directories(left / "data" / "trade_tick");
  Progress silent;
  static_cast<void>(write_view(options_, silent));
  EXPECT_EQ(there(), std::vector<fs::path>{options_.out});
}

TEST_F(View, IsNotMadeWhereThereIsSomething) {
  fs::create_directories(options_.out);
  Progress silent;
  try {
    static_cast<void>(write_view(options_, silent));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Exists);
    EXPECT_EQ(std::string{error.what()},
              options_.out.string() + ": exists already; give another --out");
  }
}

}  // namespace
}  // namespace toxvol::catalog
