#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/seen_hash.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/csv/file_reader.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

/// The rows of a source file as they stand in it. What keeps them from being read is named: an
/// empty file, a damaged archive and a file of something else are three findings.
template <class Record>
class SourceReader {
 public:
  /// `strict`: a bad row throws `Error`. `workers` as in `csv::ReaderOptions`. Throws
  /// `SourceError`. `seen`: sees the bytes of a plain CSV; null: nobody does.
  SourceReader(const SourceFile& file, bool strict, Workers* workers = nullptr,
               SeenHash* seen = nullptr);

  /// The next rows, valid until the next call and the caller's to change; empty at the end. Throws
  /// `SourceError`.
  [[nodiscard]] std::span<Record> next();
  /// The line of each row of the last `next()`.
  [[nodiscard]] std::span<const std::int64_t> lines() const { return reader_.lines(); }
  [[nodiscard]] const csv::ReadStats& stats() const { return reader_.stats(); }

  /// Once `next()` came back empty: the rows that could not be read, and what the file is like.
  void add_findings(quality::Findings& out) const;

 private:
  quality::Code container_code_;  // of bytes that cannot be had
  bool strict_;
  csv::FileReader<Record> reader_;
};

extern template class SourceReader<Trade>;
extern template class SourceReader<Quote>;
extern template class SourceReader<Bar>;
extern template class SourceReader<Metrics>;
extern template class SourceReader<Funding>;

}  // namespace toxvol::catalog
