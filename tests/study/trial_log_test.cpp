#include "toxvol/study/trial_log.hpp"

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/run/sample_run.hpp"
#include "tests/study/trials.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::study {
namespace {

namespace fs = std::filesystem;
using run::test::read_text;
using run::test::TemporaryFolder;
using test::trial;

std::set<std::string> ids_of(const TrialLog& log) {
  std::set<std::string> ids;
  for (const Trial& known : log.trials) ids.insert(known.id);
  return ids;
}

TEST(TrialLog, ThatIsNotThereIsEmpty) {
  const TrialLog log = read_trial_log("/nowhere/trials.jsonl");
  EXPECT_TRUE(log.trials.empty());
  EXPECT_EQ(log.lines, 0);
  EXPECT_EQ(log.since, std::nullopt);
}

TEST(TrialLog, OfEqualIdsTheFirstCounts) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "trials.jsonl";
  Trial first = trial("a", 0.1);
  first.study = "s";
  Trial band = trial("b", 0.2);
  band.kind = TrialKind::Band;
  append_to_trial_log(path, line_of(first) + line_of(trial("a", 0.1)) + line_of(band));
  append_to_trial_log(path, line_of(trial("b", 0.2)) + line_of(StudyEnd{.id = "s"}));
  const TrialLog log = read_trial_log(path);
  EXPECT_EQ(log.lines, 5);
  ASSERT_EQ(log.trials.size(), 3U);
  EXPECT_EQ(log.trials[0].study, "s");
  EXPECT_EQ(log.trials[1].kind, TrialKind::Band);
  EXPECT_EQ(log.trials[2].kind, TrialKind::Run) << "looked at as a strategy after all";
  EXPECT_EQ(log.counted("b"), &log.trials[2]) << "whatever was logged of it before";
  EXPECT_EQ(log.counted("a"), log.trials.data());
  EXPECT_EQ(log.counted("c"), nullptr);
  EXPECT_EQ(log.studies.size(), 1U);
  EXPECT_EQ(log.since, first.at);
}

TEST(TrialLog, CutAnywhereLosesAtMostTheLineThatWasCut) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "trials.jsonl";
  const std::string one = line_of(StudyEnd{.id = "one", .type = "sweep"});
  const std::string two = line_of(StudyEnd{.id = "two", .type = "sweep"});
  const std::string both = one + two;
  for (std::size_t cut = 0; cut <= both.size(); ++cut) {
    std::ofstream{path, std::ios::binary} << both.substr(0, cut);
    append_to_trial_log(path, line_of(StudyEnd{.id = "new"}));
    const TrialLog log = read_trial_log(path);
    // The line feed ends a line; all before it is the line.
    const std::size_t whole = cut + 1 >= both.size() ? 2 : cut + 1 >= one.size() ? 1 : 0;
    ASSERT_EQ(log.studies.size(), whole + 1) << cut;
    EXPECT_EQ(log.studies.back().id, "new");
    const std::size_t begun = cut == 0 ? 0 : cut <= one.size() ? 1 : 2;
    EXPECT_EQ(log.damaged, static_cast<std::int64_t>(begun - whole)) << cut;
    EXPECT_EQ(read_text(path).substr(0, cut), both.substr(0, cut)) << "nothing is rewritten";
  }
}

Trial member(const std::string& id, TrialKind kind = TrialKind::Sweep) {
  Trial made = trial(id, 0.1);
  made.kind = kind;
  made.study = "s";
  return made;
}

TEST(LoggedStudy, GivesOnlyWhatItsLogDoesNotHaveOfIt) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "trials.jsonl";
  Trial other = member("b");
  other.study = "another";
  // "b" was looked at before, alone and in another study: it has not been in this one.
  append_to_trial_log(path, line_of(trial("b", 0.1)) + line_of(other) + line_of(member("a")));
  std::ofstream{path, std::ios::app} << line_of(member("c")).substr(0, 40);  // killed there
  LoggedStudy logged{"s", path};
  EXPECT_TRUE(logged.has(TrialKind::Sweep, "a"));
  EXPECT_FALSE(logged.has(TrialKind::Run, "b"));
  EXPECT_FALSE(logged.has_end());
  const std::string lines = line_of(member("a")) + line_of(member("b")) + line_of(member("c"));
  EXPECT_EQ(logged.take_new(lines), line_of(member("b")) + line_of(member("c")));
  EXPECT_EQ(logged.take_new(lines), "") << "a batch that is tried again";
  EXPECT_EQ(logged.take_new(line_of(member("a", TrialKind::Train))),
            line_of(member("a", TrialKind::Train)));

  append_to_trial_log(path, line_of(StudyEnd{.id = "another"}));
  EXPECT_FALSE((LoggedStudy{"s", path}.has_end()));
  append_to_trial_log(path, line_of(StudyEnd{.id = "s"}));
  EXPECT_TRUE((LoggedStudy{"s", path}.has_end()));
}

TEST(LoggedStudy, OfAStudyThatBeginsHasNothingWhateverTheLogHas) {
  LoggedStudy logged{"s"};
  EXPECT_EQ(logged.take_new(line_of(member("a"))), line_of(member("a")));
  EXPECT_FALSE(logged.has_end());
}

TEST(TrialLog, KilledBetweenALineFeedAndItsLinesHasAnEmptyLine) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "trials.jsonl";
  std::ofstream{path} << "{\"v\":1\n\n" << line_of(trial("a", 0.1));
  const TrialLog log = read_trial_log(path);
  EXPECT_EQ(log.damaged, 1);
  EXPECT_EQ(log.lines, 1);
}

/// A process that appends `count` trials, one after another, and tells after each; below 0: until
/// it is killed.
pid_t start_writer(const fs::path& path, int writer, int count, int told) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  for (int i = 0; i != count; ++i) {
    const std::string id = std::to_string(writer) + "-" + std::to_string(i);
    append_to_trial_log(path, line_of(trial(id, 0.1)));
    const std::string line = id + '\n';
    if (::write(told, line.data(), line.size()) < 0) ::_exit(1);
  }
  ::_exit(0);
}

/// What the writers told, when the last has gone.
std::set<std::string> all_told(int from) {
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(from, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  std::set<std::string> ids;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find('\n', begin);
    ids.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return ids;
}

TEST(TrialLog, KeepsTheLinesOfAllWriters) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "trials.jsonl";
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  std::vector<pid_t> writers;
  writers.reserve(4);
  for (int writer = 0; writer < 4; ++writer) {
    writers.push_back(start_writer(path, writer, 15, pipe[1]));
  }
  ::close(pipe[1]);
  const auto told = all_told(pipe[0]);
  ::close(pipe[0]);
  for (const pid_t writer : writers) ::waitpid(writer, nullptr, 0);
  const TrialLog log = read_trial_log(path);
  EXPECT_EQ(told.size(), 60U);
  EXPECT_EQ(ids_of(log), told);
  EXPECT_EQ(log.damaged, 0);
  EXPECT_EQ(log.lines, 60);
}

TEST(TrialLog, KeepsEveryLineThatAKilledWriterHadWritten) {
  const TemporaryFolder temporary;
  const fs::path path = temporary.path() / "trials.jsonl";
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  constexpr int kKilled = 12;
  for (int round = 0; round < kKilled; ++round) {
    const pid_t doomed = start_writer(path, round, -1, pipe[1]);
    ::usleep(2'000 + 1'700 * static_cast<useconds_t>(round));
    ::kill(doomed, SIGKILL);
    ::waitpid(doomed, nullptr, 0);
  }
  const pid_t survivor = start_writer(path, kKilled, 3, pipe[1]);
  ::close(pipe[1]);
  const auto told = all_told(pipe[0]);
  ::close(pipe[0]);
  ::waitpid(survivor, nullptr, 0);
  const TrialLog log = read_trial_log(path);
  const auto kept = ids_of(log);
  for (const std::string& id : told) EXPECT_TRUE(kept.contains(id)) << id;
  EXPECT_GE(told.size(), 3U);
  EXPECT_LE(log.damaged, kKilled);
  EXPECT_TRUE(kept.contains("12-2"));
}

TEST(TrialLog, ThatCannotBeWrittenSaysSo) {
  EXPECT_THROW(append_to_trial_log("/proc/trials.jsonl", line_of(trial("a", 0.1))), Error);
}

}  // namespace
}  // namespace toxvol::study
