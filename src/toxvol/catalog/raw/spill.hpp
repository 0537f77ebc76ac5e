#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <queue>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace toxvol::catalog {

/// Bytes that leave memory for a while: an unnamed file, gone with the process however it ends.
class SpillFile {
 public:
  /// Throws `Error` when no file can be made in `folder`.
  explicit SpillFile(const std::filesystem::path& folder);
  SpillFile(const SpillFile&) = delete;
  SpillFile& operator=(const SpillFile&) = delete;
  ~SpillFile();

  /// Appends and says where. Throws `Error` on a full disk.
  std::int64_t append(std::span<const std::byte> bytes);
  void read(std::int64_t offset, std::span<std::byte> bytes) const;

 private:
  int descriptor_ = -1;
  std::int64_t size_ = 0;
};

/// Sorts any number of rows in bounded memory: chunks are sorted, spilled and merged. `Row` is
/// trivially copyable; `Less` is a total order (ties are for the caller to break).
template <class Row, class Less>
class SpillSorter {
 public:
  static_assert(std::is_trivially_copyable_v<Row>);

  SpillSorter(SpillFile& file, std::size_t chunk_rows) : file_{&file}, chunk_rows_{chunk_rows} {}

  void add(const Row& row) {
    chunk_.push_back(row);
    if (chunk_.size() >= chunk_rows_) spill();
  }

  /// No more rows will be added.
  void finish() {
    std::sort(chunk_.begin(), chunk_.end(), Less{});
    if (runs_.empty()) return;  // everything fits: no disk at all
    if (!chunk_.empty()) spill();
    chunk_ = {};
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      refill(runs_[i]);
      heap_.push({runs_[i].buffer.front(), i});
    }
  }

  /// The next row in order; false at the end.
  bool next(Row& row) {
    if (runs_.empty()) {
      if (position_ >= chunk_.size()) return false;
      row = chunk_[position_++];
      return true;
    }
    if (heap_.empty()) return false;
    const std::size_t which = heap_.top().run;
    row = heap_.top().row;
    heap_.pop();
    Run& run = runs_[which];
    if (++run.position < run.buffer.size() || refill(run)) {
      heap_.push({run.buffer[run.position], which});
    }
    return true;
  }

 private:
  static constexpr std::size_t kBufferRows = 4'096;
  struct Run {
    std::int64_t offset = 0;
    std::int64_t left = 0;  // rows not yet read back
    std::vector<Row> buffer;
    std::size_t position = 0;
  };
  struct Head {
    Row row;
    std::size_t run;
  };
  struct Later {
    bool operator()(const Head& a, const Head& b) const {
      if (Less{}(b.row, a.row)) return true;
      if (Less{}(a.row, b.row)) return false;
      return b.run < a.run;
    }
  };

  void spill() {
    std::sort(chunk_.begin(), chunk_.end(), Less{});
    const std::int64_t offset = file_->append(std::as_bytes(std::span{chunk_}));
    Run run;
    run.offset = offset;
    run.left = static_cast<std::int64_t>(chunk_.size());
    runs_.push_back(std::move(run));
    chunk_.clear();
  }
  bool refill(Run& run) {
    if (run.left == 0) return false;
    const auto count = std::min(run.left, static_cast<std::int64_t>(kBufferRows));
    run.buffer.resize(static_cast<std::size_t>(count));
    file_->read(run.offset, std::as_writable_bytes(std::span{run.buffer}));
    run.offset += count * static_cast<std::int64_t>(sizeof(Row));
    run.left -= count;
    run.position = 0;
    return true;
  }

  SpillFile* file_;
  std::size_t chunk_rows_;
  std::vector<Row> chunk_;
  std::size_t position_ = 0;
  std::vector<Run> runs_;
  std::priority_queue<Head, std::vector<Head>, Later> heap_;
};

}  // namespace toxvol::catalog
