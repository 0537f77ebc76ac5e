#include "toxvol/quality/finding.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace toxvol::quality {

namespace {

using enum Severity;

constexpr std::array<CodeInfo, kCodes> kInfos{{
    {"BOOK_INTERLEAVED", Warning, Action::Resorted,
     "quotes out of order (two parts interleaved): sorted by transaction_time, update_id"},
    {"TRADES_INTERLEAVED", Warning, Action::Resorted,
     "trades out of order (two parts interleaved): sorted by transact_time, agg_trade_id"},
    {"ROWS_INTERLEAVED", Warning, Action::Resorted, "rows out of order: sorted by their time"},
    {"DUPLICATE_ROW", Warning, Action::Dropped, "the same row again"},
    {"DUPLICATE_CONFLICT", Warning, Action::Quarantined,
     "the id or time of an earlier row with other contents: the first stays"},
    {"METRICS_DUPLICATE", Warning, Action::Dropped, "the same metrics row again"},
    {"TRADE_ID_GAP", Warning, Action::None, "agg_trade_ids missing: trades are missing"},
    {"TRADE_ID_ORDER", Warning, Action::None, "agg_trade_id falls while transact_time rises"},
    {"UPDATE_ID_ORDER", Warning, Action::None, "update_id falls while transaction_time rises"},
    {"KLINE_MISSING", Warning, Action::None, "minutes without a kline"},
    {"KLINE_FLAT_ZERO", Warning, Action::None,
     "kline without volume that repeats the close before: no range to measure"},
    {"OI_ZERO", Warning, Action::None, "open interest is 0"},
    {"OI_SCALE", Warning, Action::None,
     "open interest of another scale: over 10 times or under a tenth of what was known before"},
    {"METRICS_SHIFTED_LABEL", Info, Action::None,
     "labels are the start of their 5 minutes: 5 min added"},
    {"METRICS_MISSING", Warning, Action::None, "5-minute stamps without metrics"},
    {"METRICS_BLANK", Info, Action::None, "blank field"},
    {"METRICS_OFF_GRID", Warning, Action::None, "stamp is not on the 5-minute grid"},
    {"FUNDING_MISSING", Warning, Action::None, "funding settlements missing"},
    {"FUNDING_LATE", Warning, Action::None, "calc_time more than a second off its hour"},
    {"NO_HEADER", Info, Action::None, "no header line: columns taken by position"},
    {"UNIT_MICROSECONDS", Warning, Action::None, "times are in microseconds, as spot files have"},
    {"CROSSED_QUOTE", Warning, Action::Quarantined, "ask is not above bid"},
    {"EMPTY_BOOK", Warning, Action::Quarantined, "a price or a size of the touch is 0"},
    {"QUOTE_GAP", Info, Action::None, "no quote for more than a minute"},
    {"OFF_TICK", Warning, Action::None, "price is no multiple of the tick in force"},
    {"ROW_OUTSIDE_DAY", Warning, Action::Quarantined,
     "the row does not belong to the file's period"},
    {"BAD_ROW", Error, Action::Quarantined, "the row cannot be read"},
    {"BAND_OVERFLOW", Error, Action::Quarantined,
     "more rows in one millisecond than it has room for"},
    {"DAY_MISSING", Warning, Action::None, "no rows for these days (funding: months)"},
    {"DAY_SUPERSEDED", Info, Action::Dropped, "a daily file has these days and wins"},
    {"DAY_PARTIAL", Info, Action::None, "the day has rows for a part of it only"},
    {"FILE_EMPTY", Error, Action::SkippedFile, "no rows"},
    {"FILE_TRUNCATED", Error, Action::SkippedFile, "the archive is damaged or cut short"},
    {"FILE_UNUSABLE", Error, Action::SkippedFile, "the file cannot be used"},
    {"CHECKSUM_MISMATCH", Error, Action::SkippedFile, "the .CHECKSUM beside it says otherwise"},
    {"VOLUME_MISMATCH", Warning, Action::None, "aggTrades volume of the minute is not the kline's"},
    {"TAKER_MISMATCH", Warning, Action::None,
     "taker-buy volume of the minute's aggTrades is not the kline's"},
    {"TRADE_OUTSIDE_QUOTES", Warning, Action::None,
     "trade printed outside all quotes of the second before to the second after"},
}};

}  // namespace

const CodeInfo& info(Code code) {
  return kInfos[static_cast<std::size_t>(code)];
}

std::optional<Code> code_of(std::string_view name) {
  for (std::size_t i = 0; i < kInfos.size(); ++i) {
    if (kInfos[i].name == name) return static_cast<Code>(i);
  }
  return std::nullopt;
}

std::string_view name(Severity severity) {
  constexpr std::array<std::string_view, 3> kNames{"info", "warning", "error"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string_view name(Action action) {
  constexpr std::array<std::string_view, 5> kNames{"none", "resorted", "dropped", "quarantined",
                                                   "skipped_file"};
  return kNames[static_cast<std::size_t>(action)];
}

void Findings::add(Finding finding) {
  Last& last = last_[static_cast<std::size_t>(finding.code)];
  bool adjacent = false;
  if (last.findings > 0) {
    const Finding& before = list_[last.index];
    adjacent = finding.line ? before.line && *finding.line == last.next_line
                            : !before.line && finding.ts && before.ts_end && before.ts &&
                                  *finding.ts <= *before.ts_end && *finding.ts >= *before.ts;
  }
  if (adjacent || last.findings >= kMaxPerCode) {
    Finding& joined = list_[last.index];
    joined.count += finding.count;
    const auto end = finding.ts_end ? finding.ts_end : finding.ts;
    if (end && (!joined.ts_end || *end > *joined.ts_end)) joined.ts_end = end;
    if (!adjacent && joined.text.empty()) joined.text = "and further places";
    if (finding.line) last.next_line = *finding.line + 1;
    return;
  }
  last.index = list_.size();
  last.next_line = finding.line ? *finding.line + 1 : 0;
  ++last.findings;
  list_.push_back(std::move(finding));
}

std::int64_t Findings::count(Code code) const {
  std::int64_t total = 0;
  for (const Finding& finding : list_) {
    if (finding.code == code) total += finding.count;
  }
  return total;
}

std::vector<Finding> Findings::sorted() const {
  std::vector<Finding> result = list_;
  // All fields take part, so that equal findings alone can tie.
  const auto key = [](const Finding& f) {
    return std::tie(f.line, f.code, f.ts, f.ts_end, f.day, f.byte, f.column, f.value, f.count,
                    f.text);
  };
  std::sort(result.begin(), result.end(),
            [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
  return result;
}

}  // namespace toxvol::quality
