#include "toxvol/jobs/study/part.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/signal_row.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/study/runner.hpp"

namespace toxvol::jobs {
namespace {

const StudyPart kPart{
    .circumstances = "toxvol 1\nwindow A\nklines 2024-01 ab\n", .study_id = "id", .points = {}};

std::string refusal(const std::string& circumstances, const std::string& id) {
  try {
    check_same_study(kPart, circumstances, id);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(StudyPart, OfTheSameStudyIsRun) {
  EXPECT_EQ(refusal(kPart.circumstances, "id"), "");
}

TEST(StudyPart, NamesTheFirstLineThatDiffers) {
  EXPECT_EQ(refusal("toxvol 1\nwindow A\nklines 2024-01 cd\n", "other"),
            "sees other data than the study: \"klines 2024-01 cd\" where the study has \"klines "
            "2024-01 ab\"; give all machines the same catalog under the same path");
}

TEST(StudyPart, NamesALineThatIsMissingOrTooMany) {
  EXPECT_NE(refusal("toxvol 1\nwindow A\n", "other").find("\"nothing\" where"), std::string::npos);
  EXPECT_NE(refusal(kPart.circumstances + "metrics 2024-01 ef\n", "other")
                .find("\"metrics 2024-01 ef\" where the study has \"nothing\""),
            std::string::npos);
}

TEST(StudyPart, OfAnotherDesignIsRefused) {
  EXPECT_NE(refusal(kPart.circumstances, "other").find("another study of the same request"),
            std::string::npos);
}

TEST(StudyPart, OfAVerbThatIsNoStudyIsRefused) {
  StudyRequest request;
  request.verb = "backtest";
  request.market.catalog = "catalog";
  Progress silent;
  EXPECT_THROW(static_cast<void>(run_part(told(request, nullptr), kPart, silent)), Error);
}

TEST(StudyPart, IsToldPathsThatHoldFromEverywhereAndRowsToTheLastBit) {
  StudyRequest request;
  request.verb = "sweep";
  request.market.catalog = "catalog";
  const std::vector<SignalRow> rows{{.ts_init = from_ns(7), .direction = -1, .size = 0.1}};
  const auto json = nlohmann::json::parse(told(request, &rows));
  EXPECT_EQ(json["catalog"].get<std::string>().front(), '/');
  EXPECT_EQ(json["design"], "");
  EXPECT_EQ(json["signal"][0][0], 7);
  EXPECT_EQ(json["signal"][0][2].get<double>(), 0.1);
}

}  // namespace
}  // namespace toxvol::jobs
