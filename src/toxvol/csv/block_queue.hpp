#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "toxvol/core/market.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/csv/block_cutter.hpp"
#include "toxvol/csv/fast_row.hpp"

namespace toxvol::csv {

template <class Record>
inline constexpr bool kHasFastRow = std::is_same_v<Record, Quote> || std::is_same_v<Record, Trade>;

/// A block and what the fast parser makes of it.
template <class Record>
struct ParsedBlock {
  /// A line that is not in the usual format, and how many rows stand before it.
  struct OddLine {
    std::size_t rows = 0;
    std::size_t begin = 0;
    std::size_t end = 0;  // past its line end
  };

  TextBlock lines;
  bool is_parsed = false;
  std::vector<Record> rows;  // the first `count`; the others are room for the next use
  std::size_t count = 0;
  std::vector<OddLine> odd;

  /// Parses from the byte `at` on, where a line begins.
  void parse(std::size_t at) {
    is_parsed = true;
    count = 0;
    odd.clear();
    if constexpr (kHasFastRow<Record>) {
      constexpr std::size_t kUsualRow = 64;
      const std::size_t end = lines.size;
      if (lines.is_start_of_line) {
        odd.push_back({.rows = 0, .begin = at, .end = end});
        return;
      }
      rows.resize(std::max(rows.size(), end / kUsualRow + 1));
      while (at < end) {
        const char* from = lines.bytes.data() + at;
        count += fast_rows(from, std::span{rows}.subspan(count));
        at = static_cast<std::size_t>(from - lines.bytes.data());
        if (at >= end) break;
        if (count == rows.size()) {
          rows.resize(2 * count);
          continue;
        }
        const std::size_t newline = lines.text().find('\n', at);
        const std::size_t next = newline == std::string_view::npos ? end : newline + 1;
        odd.push_back({.rows = count, .begin = at, .end = next});
        at = next;
      }
    }
  }
};

/// The blocks of a source in order. Workers read and parse the next ones meanwhile: one reads at a
/// time, any number parse.
template <class Record>
class BlockQueue {
 public:
  BlockQueue(BlockCutter cutter, Workers& workers)
      : cutter_{std::move(cutter)}, workers_{workers} {}
  BlockQueue(const BlockQueue&) = delete;
  BlockQueue& operator=(const BlockQueue&) = delete;
  ~BlockQueue() {
    std::unique_lock lock{mutex_};
    is_stopped_ = true;
    const auto jobs = jobs_;
    lock.unlock();
    for (const auto& job : jobs) workers_.drop(job->piece);
  }

  /// The file's lines are in the usual format, as far as is known: blocks come parsed from now on.
  void parse_ahead() {
    const std::scoped_lock lock{mutex_};
    is_ahead_ = true;
  }

  /// Valid until the next call; nullptr at the end, for ever. Throws `Error` when the source fails.
  ParsedBlock<Record>* next() {
    std::unique_lock lock{mutex_};
    if (is_taken_) {
      free_.push_back(std::move(jobs_.front()->block));
      jobs_.pop_front();
      is_taken_ = false;
    }
    start_reading();
    if (jobs_.empty()) return nullptr;
    const auto job = jobs_.front();
    lock.unlock();
    workers_.finish(job->piece);
    lock.lock();
    if (job->is_end) return nullptr;
    is_taken_ = true;
    return job->block.get();
  }

  [[nodiscard]] const std::string& name() const { return cutter_.name(); }

 private:
  using Block = std::unique_ptr<ParsedBlock<Record>>;
  struct Job {
    explicit Job(std::function<void()> work) : piece{std::move(work)} {}
    Piece piece;
    Block block;
    bool is_end = false;
  };

  /// Starts the next block if there is room. `mutex_` is held.
  void start_reading() {
    const std::size_t room = is_ahead_ ? workers_.ahead() + 1 : 1;
    if (is_reading_ || is_exhausted_ || is_stopped_ || jobs_.size() >= room) return;
    is_reading_ = true;
    auto job = std::make_shared<Job>(nullptr);
    job->piece.work = [this, raw = job.get()] { read(*raw); };
    if (free_.empty()) {
      job->block = std::make_unique<ParsedBlock<Record>>();
    } else {
      job->block = std::move(free_.back());
      free_.pop_back();
    }
    jobs_.push_back(job);
    workers_.start({job, &job->piece});
  }

  void read(Job& job) {
    bool is_block = false;
    const auto after = [&] {
      const std::scoped_lock lock{mutex_};
      is_reading_ = false;
      job.is_end = !is_block;
      is_exhausted_ = !is_block;
      start_reading();
      return is_ahead_;
    };
    try {
      is_block = cutter_.next(job.block->lines);
    } catch (...) {
      after();
      throw;
    }
    job.block->is_parsed = false;
    if (after() && is_block) job.block->parse(0);
  }

  BlockCutter cutter_;  // of whoever reads
  Workers& workers_;
  std::mutex mutex_;  // of the rest
  std::deque<std::shared_ptr<Job>> jobs_;
  std::vector<Block> free_;
  bool is_ahead_ = false;
  bool is_taken_ = false;  // the owner has the first of `jobs_`
  bool is_reading_ = false;
  bool is_exhausted_ = false;
  bool is_stopped_ = false;
};

}  // namespace toxvol::csv
