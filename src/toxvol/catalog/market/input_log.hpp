#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/catalog/raw/rows_hash.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

/// The rows a run has read of one kind and day: for run.json's `inputs`. `day` is the day of the
/// file that holds them (a bar's is its open time's; of funding the first of the month).
struct InputDigest {
  Kind kind{};
  Day day{};
  std::int64_t rows = 0;
  std::string sha256;
  friend bool operator==(const InputDigest&, const InputDigest&) = default;
};

/// Counts and hashes rows as they stream by.
class InputLog {
 public:
  /// The hash of the first so many rows of what was foretold.
  using Rehash = std::function<std::string(std::int64_t)>;

  /// Before its rows: what the rows of a whole day are, as ingest has found. They are only counted
  /// then; `again` is for a stream that was given up within the day.
  void foretell(InputDigest whole, Rehash again);
  /// What an earlier run has read of a kind and day; what streams by of it is not counted again.
  void know(InputDigest read);
  template <class Record>
  void add(std::span<const Record> rows);
  /// A row that another program wrote, and that ingest would have quarantined.
  void leave_out(quality::Code why, Day day) { ++left_out_[{why, day}]; }

  /// By kind and day, of what has been streamed so far.
  [[nodiscard]] std::vector<InputDigest> list() const;
  /// Numbers of rows that were left out, by reason and day.
  using LeftOut = std::map<std::pair<quality::Code, Day>, std::int64_t>;
  [[nodiscard]] const LeftOut& left_out() const { return left_out_; }

 private:
  struct Foretold {
    InputDigest whole;
    Rehash again;
  };
  struct Entry {
    std::int64_t rows = 0;
    RowsHash hash;
    std::optional<Foretold> foretold;
    bool is_known = false;  // it is all of `foretold`
    [[nodiscard]] std::string sha256() const;
  };
  std::map<std::pair<Kind, Day>, Entry> entries_;
  LeftOut left_out_;
};

}  // namespace toxvol::catalog
