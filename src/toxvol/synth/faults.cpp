#include "toxvol/synth/faults.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ios>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/synth/generate.hpp"
#include "toxvol/synth/params.hpp"

namespace toxvol::synth {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFlushAt = std::size_t{1} << 20U;
constexpr std::int64_t kHeader = -1;

/// Where an edited file goes, line by line.
class Lines {
 public:
  explicit Lines(const fs::path& path) : file_{path} {}

  void line(std::string_view text) {
    buffer_ += text;
    buffer_ += '\n';
    if (buffer_.size() > kFlushAt) flush();
  }
  void raw(std::string_view text) { buffer_ += text; }
  void commit() {
    flush();
    file_.commit();
  }

 private:
  void flush() {
    file_.write(std::string_view{buffer_});
    buffer_.clear();
  }

  io::AtomicFile file_;
  std::string buffer_;
};

std::ifstream open(const fs::path& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw Error{fmt::format("{}: cannot be read back", path.string())};
  return file;
}

std::int64_t count_rows(const fs::path& path) {
  std::ifstream file = open(path);
  std::string line;
  std::int64_t rows = kHeader;
  while (std::getline(file, line)) ++rows;
  return rows;
}

/// Passes every line through `edit(row, line, out)`; the header is row −1.
template <class Edit>
void rewrite(const fs::path& path, Edit edit) {
  std::ifstream file = open(path);
  Lines out{path};
  std::string line;
  for (std::int64_t row = kHeader; std::getline(file, line); ++row) edit(row, line, out);
  out.commit();
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t start = 0;;) {
    const std::size_t comma = line.find(',', start);
    fields.push_back(line.substr(start, comma - start));
    if (comma == std::string_view::npos) return fields;
    start = comma + 1;
  }
}

std::string joined(const std::vector<std::string_view>& fields) {
  return fmt::format("{}", fmt::join(fields, ","));
}

bool in(std::int64_t row, std::int64_t from, std::int64_t count) {
  return row >= from && row < from + count;
}

std::int64_t drop_rows(const fs::path& path, std::int64_t from, std::int64_t count) {
  std::int64_t dropped = 0;
  rewrite(path, [&](std::int64_t row, std::string_view line, Lines& out) {
    if (in(row, from, count)) {
      ++dropped;
    } else {
      out.line(line);
    }
  });
  return dropped;
}

/// Replaces the rows [from, from + count) by what `change` makes of their fields.
template <class Change>
std::int64_t change_rows(const fs::path& path, std::int64_t from, std::int64_t count,
                         Change change) {
  std::int64_t changed = 0;
  rewrite(path, [&](std::int64_t row, std::string_view line, Lines& out) {
    if (!in(row, from, count)) return out.line(line);
    out.line(change(row - from, fields_of(line)));
    ++changed;
  });
  return changed;
}

std::int64_t repeat_rows(const fs::path& path, std::int64_t from, std::int64_t count) {
  std::int64_t repeated = 0;
  rewrite(path, [&](std::int64_t row, std::string_view line, Lines& out) {
    out.line(line);
    if (!in(row, from, count)) return;
    out.line(line);
    ++repeated;
  });
  return repeated;
}

/// As Binance's bookTicker files of 2024 are (#305): rows of the two halves alternate.
std::int64_t interleave(const fs::path& path) {
  const std::int64_t rows = count_rows(path);
  std::ifstream first = open(path);
  std::ifstream second = open(path);
  std::string line;
  std::string other;
  for (std::int64_t skip = 0; skip < 1 + (rows + 1) / 2; ++skip) std::getline(second, other);
  Lines out{path};
  std::getline(first, line);
  out.line(line);
  for (std::int64_t row = 0; row < (rows + 1) / 2; ++row) {
    if (std::getline(first, line)) out.line(line);
    if (std::getline(second, other)) out.line(other);
  }
  out.commit();
  return rows;
}

std::int64_t flatten_klines(const fs::path& path, std::int64_t from, std::int64_t count) {
  std::string close;
  std::int64_t changed = 0;
  rewrite(path, [&](std::int64_t row, std::string_view line, Lines& out) {
    const auto fields = fields_of(line);
    if (!in(row, from, count)) {
      close = fields[4];
      return out.line(line);
    }
    out.line(fmt::format("{},{},{},{},{},0.000,{},0.00000,0,0.000,0.00000,0", fields[0], close,
                         close, close, close, fields[6]));
    ++changed;
  });
  return changed;
}

std::int64_t spoil_rows(const fs::path& path, std::int64_t from) {
  std::int64_t spoiled = 0;
  rewrite(path, [&](std::int64_t row, std::string_view line, Lines& out) {
    auto fields = fields_of(line);
    if (row == from) {
      fields[1] = "abc";
    } else if (row == from + 10) {
      fields.pop_back();
    } else if (row == from + 20) {
      fields[2] =
          "-"
          "1.000";
    } else {
      return out.line(line);
    }
    ++spoiled;
    out.line(joined(fields));
  });
  return spoiled;
}

std::int64_t scale_times(const fs::path& path, std::size_t field) {
  std::int64_t changed = 0;
  std::string scaled;
  rewrite(path, [&](std::int64_t row, std::string_view line, Lines& out) {
    if (row == kHeader) return out.line(line);
    auto fields = fields_of(line);
    scaled = std::string{fields[field]} + "000";
    fields[field] = scaled;
    out.line(joined(fields));
    ++changed;
  });
  return changed;
}

std::int64_t inject(Fault fault, const fs::path& path) {
  constexpr std::int64_t kAll = INT64_MAX / 2;
  using Fields = std::vector<std::string_view>;
  switch (fault) {
    case Fault::BookInterleaved:
      return interleave(path);
    case Fault::TradeIdGap: {
      const std::int64_t rows = count_rows(path);
      return drop_rows(path, rows / 2, std::min<std::int64_t>(500, rows / 20 + 1));
    }
    case Fault::KlineMissing:
      return drop_rows(path, 700, 5);
    case Fault::KlineFlatZero:
      return flatten_klines(path, 300, 4);
    case Fault::OiZero:
      return change_rows(path, 100, 10, [](std::int64_t, Fields fields) {
        fields[2] = fields[3] = "0";
        return joined(fields);
      });
    case Fault::MetricsDuplicate:
      return repeat_rows(path, 0, kAll);
    case Fault::MetricsMissing:
      return drop_rows(path, 163, kAll);  // as 2024-02-16
    case Fault::UnitMicroseconds:
      return scale_times(path, 5);
    case Fault::CrossedQuote:
      return change_rows(path, count_rows(path) / 3, 5, [](std::int64_t, Fields fields) {
        std::swap(fields[1], fields[3]);
        return joined(fields);
      });
    case Fault::BadRow:
      return spoil_rows(path, count_rows(path) / 4);
    case Fault::DuplicateRow:
      return repeat_rows(path, count_rows(path) / 5, 20);
    case Fault::RowOutsideDay: {
      const std::int64_t last = count_rows(path) - 1;
      std::string moved;
      return change_rows(path, last, 1, [&moved](std::int64_t, Fields fields) {
        moved = std::to_string((std::stoll(std::string{fields[5]}) / 86'400'000 + 1) * 86'400'000);
        fields[5] = moved;
        return joined(fields);
      });
    }
    case Fault::NoHeader:
      return drop_rows(path, kHeader, 1);
    case Fault::Crlf: {
      std::int64_t rows = kHeader;
      rewrite(path, [&rows](std::int64_t row, std::string_view line, Lines& out) {
        out.raw(line);
        out.line("\r");
        rows = row;
      });
      return rows + 1;
    }
    case Fault::Bom: {
      rewrite(path, [](std::int64_t row, std::string_view line, Lines& out) {
        if (row == kHeader) out.raw("\xEF\xBB\xBF");
        out.line(line);
      });
      return 0;
    }
    case Fault::DayMissing:
      fs::remove(path);
      return 0;
    case Fault::FileEmpty:
      io::write_file_atomically(path, "");
      return 0;
    case Fault::ChecksumMismatch:
    case Fault::FileTruncated:
      break;
  }
  return 0;
}

/// Faults of a file's form come after those of its rows.
bool is_of_form(Fault fault) {
  return fault == Fault::BookInterleaved || fault == Fault::NoHeader || fault == Fault::Crlf ||
         fault == Fault::Bom;
}
bool is_of_zip(Fault fault) {
  return fault == Fault::ChecksumMismatch || fault == Fault::FileTruncated;
}
bool costs_the_file(Fault fault) {
  return is_of_zip(fault) || fault == Fault::DayMissing || fault == Fault::FileEmpty;
}

std::pair<std::string_view, std::string_view> kind_of(Fault fault) {
  switch (fault) {
    case Fault::BookInterleaved:
    case Fault::CrossedQuote:
    case Fault::DuplicateRow:
    case Fault::FileTruncated:
      return {"bookTicker", "bookTicker"};
    case Fault::TradeIdGap:
    case Fault::UnitMicroseconds:
    case Fault::BadRow:
    case Fault::RowOutsideDay:
    case Fault::NoHeader:
    case Fault::DayMissing:
      return {"aggTrades", "aggTrades"};
    case Fault::KlineMissing:
    case Fault::KlineFlatZero:
    case Fault::Crlf:
    case Fault::ChecksumMismatch:
      return {"klines_1m", "1m"};
    case Fault::OiZero:
    case Fault::MetricsDuplicate:
    case Fault::MetricsMissing:
    case Fault::Bom:
    case Fault::FileEmpty:
      return {"metrics", "metrics"};
  }
  return {};
}

}  // namespace

fs::path file_of(const Params& params, Fault fault) {
  const int day = costs_the_file(fault) ? params.days - 1
                                        : static_cast<int>(fault) % std::max(1, params.days - 1);
  const auto [folder, in_name] = kind_of(fault);
  return fs::path{"futures/daily"} / folder /
         fmt::format("{}-{}-{}.csv", params.symbol, in_name,
                     to_string(params.from + std::chrono::days{day}));
}

std::vector<Injected> inject_faults(const Params& params, const fs::path& root) {
  std::vector<Injected> injected;
  for (const bool form : {false, true}) {
    for (const Fault fault : params.faults) {
      if (is_of_zip(fault) || is_of_form(fault) != form) continue;
      const fs::path file = file_of(params, fault);
      // A file may be gone already: on a single day everything meets.
      const bool there = fs::exists(root / file) && fs::file_size(root / file) > 0;
      const std::int64_t rows = there ? inject(fault, root / file) : 0;
      injected.push_back({.fault = fault, .file = file.generic_string(), .rows = rows});
    }
  }
  return injected;
}

}  // namespace toxvol::synth
