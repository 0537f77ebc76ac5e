#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "tests/catalog/ingest_run.hpp"
#include "tests/catalog/raw_folder.hpp"
#include "toxvol/catalog/jobs/ingest.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/quality/finding.hpp"

/// One file that several threads read, parse and encode.
namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;
using quality::Code;

/// Four blocks of quotes, with what a reader may stumble over anywhere, also across two blocks.
std::string damaged_quotes() {
  std::string text{kQuoteHeader};
  std::int64_t id = 0;
  while (text.size() < (std::size_t{7} << 19)) {
    ++id;
    std::string line = quote_line(id, kJan15 + id * 3);
    if (id % 3 == 0) line.insert(line.size() - 1, "\r");
    text += line;
    if (id % 1'009 == 0) text += line;                                      // the same again
    if (id % 1'511 == 0) text += quote_line(id, kJan15 + id * 3, "41999");  // other contents
    if (id % 2'003 == 0) text += "12,broken\n";
    if (id % 2'503 == 0) text += "\n";
    if (id % 5'003 == 0) text += kQuoteHeader;
    if (id % 3'001 == 0) text += quote_line(id + 1, kJan15 - 5);                // of another day
    if (id % 4'001 == 0) text += quote_line(id + 1, kJan15 + id * 3, "42001");  // crossed
    if (id % 8'009 == 0) text += std::string(3'000, '8') + '\n';
  }
  text.pop_back();
  return text;
}

std::map<std::string, std::string> data_of(const TestFolder& folder) {
  return tree_of(folder.catalog() / "data");
}

TEST(IngestOneFile, GivesTheSameBytesAndFindingsOfOneDamagedFileForAnyNumberOfJobs) {
  const std::string text = damaged_quotes();
  // Also with a row far behind a later one, which makes ingest sort the file.
  for (const std::string& quotes : {text, text + '\n' + quote_line(1, kJan15 + 1)}) {
    const TestFolder one;
    one.put(kQuotesFile, quotes);
    const IngestReport wanted = run(one, false, 1);
    EXPECT_TRUE(wanted.skipped.empty());
    EXPECT_GT(count(wanted, Code::BadRow), 30);
    EXPECT_GT(count(wanted, Code::DuplicateConflict), 20);
    EXPECT_GT(count(wanted, Code::RowOutsideDay), 10);
    EXPECT_GT(count(wanted, Code::CrossedQuote), 10);
    for (const int jobs : {2, 5}) {
      const TestFolder many;
      many.put(kQuotesFile, quotes);
      static_cast<void>(run(many, false, jobs));
      EXPECT_EQ(tree_of(many.catalog()), tree_of(one.catalog())) << jobs;
      const TestFolder zipped;
      zipped.put_zip("BTCUSDT-bookTicker-2024-01-15.zip", kQuotesFile, quotes);
      const IngestReport report = run(zipped, false, jobs);
      EXPECT_EQ(data_of(zipped), data_of(one)) << jobs;
      ASSERT_EQ(report.findings.size(), wanted.findings.size());
      for (std::size_t i = 0; i < wanted.findings.size(); ++i) {
        EXPECT_EQ(report.findings[i].finding, wanted.findings[i].finding) << jobs;
      }
    }
  }
}

TEST(IngestOneFile, NamesTheSameFirstBadRowForAnyNumberOfJobsIfStrict) {
  for (const int jobs : {1, 2, 5}) {
    const TestFolder folder;
    folder.put(kQuotesFile, damaged_quotes());
    try {
      static_cast<void>(run(folder, true, jobs));
      ADD_FAILURE() << "taken";
    } catch (const Error& error) {
      EXPECT_NE(std::string{error.what()}.find(":2007:1: "), std::string::npos) << error.what();
    }
  }
}

/// The user stops when four blocks were read to find the tick, and two more to be ingested.
class Stopping final : public Progress {
 public:
  void advance(std::int64_t /*units*/, std::int64_t rows) override {
    if (rows > 0 && ++blocks_ == 6) throw Interrupted{};
  }

 private:
  int blocks_ = 0;
};

TEST(IngestOneFile, IsStoppedInTheMiddleOfAFileAndLeavesNoDayBehind) {
  for (const int jobs : {1, 2, 5}) {
    const TestFolder folder;
    folder.put(kQuotesFile, damaged_quotes());
    Stopping progress;
    EXPECT_THROW(static_cast<void>(ingest(options_of(folder, false, jobs), progress)), Interrupted);
    EXPECT_FALSE(fs::exists(folder.catalog() / "data/quote_tick"));
  }
}

}  // namespace
}  // namespace toxvol::catalog
