#include "toxvol/study/study_folder.hpp"

#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/io/temp_folder.hpp"
#include "tests/study/in_turn.hpp"
#include "tests/support/turns.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/study/points.hpp"

namespace toxvol::study {
namespace {

namespace fs = std::filesystem;
using toxvol::test::code_of;

const std::string kDesign = "{\"schema\":1}\n";
const std::string kInputsText = "window BTCUSDT\ninput klines\n";

std::string study_json(const StudyFolder& folder) {
  return "{\"id\":\"" + folder.id() + "\"}\n";
}

class StudyFolderTest : public toxvol::test::TempFolder {
 protected:
  [[nodiscard]] fs::path study() const { return folder / "study"; }
  [[nodiscard]] StudyFolder open(bool force = false) const {
    return {study(), kDesign, kInputsText, force};
  }
  [[nodiscard]] std::map<std::string, std::string> bytes() const {
    std::map<std::string, std::string> result;
    for (const auto& entry : fs::recursive_directory_iterator{study()}) {
      if (entry.is_regular_file()) {
        result[fs::relative(entry.path(), study())] = get(entry.path());
      }
    }
    return result;
  }
};

TEST_F(StudyFolderTest, BeginsWithItsDesignAndIsUnfinishedWithoutStudyJson) {
  const StudyFolder begun = open();
  EXPECT_FALSE(begun.is_finished());
  EXPECT_EQ(get(study() / "design.json"), kDesign);
  EXPECT_FALSE(fs::exists(study() / "study.json"));
  EXPECT_EQ(begun.id(), io::sha256_hex(kDesign + kInputsText));
}

TEST_F(StudyFolderTest, GoesOnWithThePointsItHas) {
  {
    StudyFolder begun = open();
    begun.keep(3, std::string("three\0\n", 7));
    EXPECT_EQ(begun.point(3), std::string("three\0\n", 7));
    EXPECT_EQ(begun.point(4), std::nullopt);
  }
  const StudyFolder again = open();
  EXPECT_EQ(again.point(3), std::string("three\0\n", 7));
}

TEST_F(StudyFolderTest, DoesATornOrForeignPointAgain) {
  StudyFolder begun = open();
  begun.keep(1, "one");
  const fs::path file = study() / "points" / "000001";
  const std::string whole = get(file);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::ofstream{file, std::ios::binary} << whole.substr(0, size);
    EXPECT_EQ(begun.point(1), std::nullopt) << size;
  }
  std::ofstream{file, std::ios::binary} << whole;
  EXPECT_EQ(begun.point(1), "one");
  fs::copy_file(file, study() / "points" / "000002");
  EXPECT_EQ(begun.point(2), std::nullopt) << "it is point 1's";
}

TEST_F(StudyFolderTest, EndsWithStudyJsonAndWithoutPoints) {
  StudyFolder begun = open();
  begun.keep(0, "zero");
  io::write_file_atomically(study() / "sweep.parquet", "table");
  begun.finish(study_json(begun));
  EXPECT_TRUE(begun.is_finished());
  EXPECT_EQ(bytes(), (std::map<std::string, std::string>{{"design.json", kDesign},
                                                         {"study.json", study_json(begun)},
                                                         {"sweep.parquet", "table"}}));
}

TEST_F(StudyFolderTest, IsLeftAsItIsWhenTheSameCommandComesAgain) {
  {
    StudyFolder begun = open();
    begun.finish(study_json(begun));
  }
  EXPECT_TRUE(open().is_finished());
  EXPECT_FALSE(open(true).is_finished()) << "--force does it again";
  EXPECT_EQ(bytes().count("study.json"), 0U);
}

TEST_F(StudyFolderTest, RefusesAnotherDesignAndOtherDataAndNamesForce) {
  {
    StudyFolder begun = open();
    begun.keep(0, "zero");
  }
  const auto refusal = [&](const std::string& design, const std::string& inputs) {
    return toxvol::test::error_of<Error>(
        [&] { const StudyFolder other{study(), design, inputs, false}; });
  };
  EXPECT_EQ(refusal("{}", kInputsText),
            study().string() +
                ": holds a study of another design (unfinished); choose another "
                "--out, or replace it with --force");
  EXPECT_EQ(refusal(kDesign, "window ETHUSDT\n"),
            study().string() +
                ": holds this design on another window, other data or another signal, with another "
                "--unit or --resamples, or by another version (unfinished); choose another --out, "
                "or replace it with --force");
  EXPECT_EQ(code_of<Error>([&] { const StudyFolder other{study(), "{}", kInputsText, false}; }),
            "exists");
  EXPECT_EQ(open().point(0), "zero") << "nothing was touched";
  const StudyFolder replaced{study(), "{}", kInputsText, true};
  EXPECT_EQ(replaced.point(0), std::nullopt);
  EXPECT_EQ(get(study() / "design.json"), "{}");
}

TEST_F(StudyFolderTest, IsNeverMadeOfAFolderOfSomethingElse) {
  fs::create_directories(study());
  put("study/notes.txt", "mine");
  for (const bool force : {false, true}) {
    const std::string text = toxvol::test::error_of<Error>([&] { const auto other = open(force); });
    TOXVOL_EXPECT_CONTAINS(text, "is not the folder of a study (no design.json)");
    EXPECT_EQ(code_of<Error>([&] { const auto other = open(force); }), "exists");
  }
  EXPECT_EQ(get(study() / "notes.txt"), "mine");
}

TEST_F(StudyFolderTest, CannotBeKeptBelowAFile) {
  put("study", "a file");
  EXPECT_EQ(code_of<Error>([&] { const auto other = open(); }), "io");
}

TEST_F(StudyFolderTest, BelongsToOneProcessAtATime) {
  {
    const StudyFolder held = open();
    const std::string text = toxvol::test::error_of<Error>([&] { const auto second = open(); });
    TOXVOL_EXPECT_CONTAINS(text, "another process is at work on this study");
    EXPECT_EQ(code_of<Error>([&] { const auto second = open(); }), "busy");
  }
  EXPECT_FALSE(open().is_finished());
}

TEST_F(StudyFolderTest, IsFinishedByTheNextOneWhereAKillCameBetweenPointsAndStudyJson) {
  std::string text;
  {
    StudyFolder begun = open();
    begun.keep(0, "zero");
    text = study_json(begun);
  }
  io::write_file_atomically(study() / ".study.json.ready", text);
  EXPECT_TRUE(open().is_finished());
  EXPECT_EQ(bytes(),
            (std::map<std::string, std::string>{{"design.json", kDesign}, {"study.json", text}}));
}

/// A whole study: twelve points, two of them side by side, a table of all and study.json.
void do_study(const fs::path& path) {
  StudyFolder folder{path, kDesign, kInputsText, false};
  if (folder.is_finished()) return;
  std::vector<std::size_t> points;
  points.reserve(12);
  for (std::size_t i = 0; i < 12; ++i) points.push_back(i);
  Progress silent;
  const auto failed = run_points(folder, points,
                                 {.cut =
                                      [](std::span<const std::size_t> pending) {
                                        return std::vector<Batch>{{pending.begin(), pending.end()}};
                                      },
                                  .run = in_turn([](const Batch& some, const Done& done) {
                                    for (const std::size_t point : some) {
                                      std::this_thread::sleep_for(std::chrono::microseconds{200});
                                      done(point, "result of " + std::to_string(point) + "\n");
                                    }
                                  })},
                                 silent);
  ASSERT_TRUE(failed.empty());
  std::string table;
  for (const std::size_t point : points) table += *folder.point(point);
  io::write_file_atomically(path / "sweep.parquet", table);
  folder.finish(study_json(folder));
}

// Killed with −9 at random moments, started again each time.
TEST_F(StudyFolderTest, EndsInTheSameBytesHoweverOftenItIsKilled) {
  do_study(study());
  const auto wanted = bytes();
  std::size_t kills = 0;
  std::uint64_t drawn = 0;
  for (int trial = 0; trial < toxvol::test::turns(8, 20); ++trial) {
    fs::remove_all(study());
    // Each attempt may take longer than the one before, so that a slow disk ends as well.
    std::uint64_t longest_us = 4000;
    for (bool is_done = false; !is_done; longest_us += longest_us / 2) {
      const pid_t child = ::fork();
      if (child == 0) {
        do_study(study());
        ::_exit(0);
      }
      ASSERT_GT(child, 0);
      std::this_thread::sleep_for(std::chrono::microseconds{splitmix64(++drawn) % longest_us});
      ::kill(child, SIGKILL);
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      is_done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
      kills += is_done ? 0U : 1U;
    }
    EXPECT_EQ(bytes(), wanted) << trial;
  }
  EXPECT_GT(kills, 10U);
}

}  // namespace
}  // namespace toxvol::study
