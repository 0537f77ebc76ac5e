#include "toxvol/catalog/raw/source_reader.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/seen_hash.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/workers.hpp"
#include "toxvol/csv/file_reader.hpp"
#include "toxvol/csv/time.hpp"
#include "toxvol/io/source.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

using quality::Code;
using quality::Finding;

namespace {

/// A file or the CSV in a ZIP that is empty is not damaged.
Code container_code(const SourceFile& file, ErrorCode code) {
  if (file.bytes == 0 || code == ErrorCode::Empty) return Code::FileEmpty;
  return file.zip ? Code::FileTruncated : Code::FileUnusable;
}

template <class Record>
csv::FileReader<Record> open_reader(const SourceFile& file, bool strict, Workers* workers,
                                    SeenHash* seen) {
  csv::ReaderOptions options;
  options.file_day = file.first_day;
  options.symbol = file.symbol;
  options.strict = strict;
  options.workers = workers;
  std::unique_ptr<ByteSource> source;
  try {
    source = io::open_source(file.path);
    if (seen != nullptr) source = seen->watch(std::move(source));
  } catch (const Error& error) {
    throw SourceError{container_code(file, error.code()), error.what()};
  }
  // What the bytes' container cannot give is another fault than what they say.
  try {
    return csv::FileReader<Record>{std::move(source), options};
  } catch (const Error& error) {
    throw SourceError{Code::FileUnusable, error.what()};
  }
}

Finding of_all_rows(Code code, std::int64_t rows, std::string_view text = {}) {
  Finding finding;
  finding.code = code;
  finding.count = rows;
  finding.text = text;
  return finding;
}

}  // namespace

template <class Record>
SourceReader<Record>::SourceReader(const SourceFile& file, bool strict, Workers* workers,
                                   SeenHash* seen)
    : container_code_{container_code(file, ErrorCode::Failed)},
      strict_{strict},
      reader_{open_reader<Record>(file, strict, workers, seen)} {}

template <class Record>
std::span<Record> SourceReader<Record>::next() {
  try {
    return reader_.next();
  } catch (const Error& error) {
    if (strict_) throw;  // a bad row stops the job, and says so itself
    throw SourceError{container_code_, error.what()};
  }
}

template <class Record>
void SourceReader<Record>::add_findings(quality::Findings& out) const {
  const csv::ReadStats& stats = reader_.stats();
  for (const csv::BadRow& bad : reader_.bad_rows()) {
    Finding finding;
    finding.code = Code::BadRow;
    finding.line = bad.line;
    finding.byte = bad.byte;
    finding.column = bad.column;
    finding.value = bad.value;
    finding.text = bad.text;
    out.add(std::move(finding));
  }
  const auto listed = static_cast<std::int64_t>(reader_.bad_rows().size());
  if (stats.bad_rows > listed) {
    out.add(of_all_rows(Code::BadRow, stats.bad_rows - listed, "further rows that cannot be read"));
  }
  if (!stats.has_header) out.add(of_all_rows(Code::NoHeader, stats.rows_read));
  if (stats.unit && *stats.unit == csv::TimeUnit::Microseconds) {
    out.add(of_all_rows(Code::UnitMicroseconds, stats.rows_read));
  }
}

template class SourceReader<Trade>;
template class SourceReader<Quote>;
template class SourceReader<Bar>;
template class SourceReader<Metrics>;
template class SourceReader<Funding>;

}  // namespace toxvol::catalog
