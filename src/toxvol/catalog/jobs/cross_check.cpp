#include "toxvol/catalog/jobs/cross_check.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "toxvol/catalog/market/flow_joiner.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/quality/cross_checker.hpp"
#include "toxvol/quality/finding.hpp"
#include "toxvol/quality/quote_ranges.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

/// Shows each block of a day to `feed`.
template <class Record, class Feed>
void feed_day(const fs::path& catalog, Table table, const std::string& symbol, Day day,
              Feed&& feed) {
  for (const DataFile& file : data_files(catalog / folder_of(table, symbol))) {
    if (!file.interval || unit_of(file.interval->first, table) != day) continue;
    columnar::MarketReader<Record> reader{file.path.string()};
    for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) feed(rows);
  }
}

template <class Record>
std::vector<Record> rows_of_day(const fs::path& catalog, Table table, const std::string& symbol,
                                Day day) {
  std::vector<Record> all;
  feed_day<Record>(catalog, table, symbol, day, [&](std::span<const Record> rows) {
    all.insert(all.end(), rows.begin(), rows.end());
  });
  return all;
}

}  // namespace

quality::Findings cross_findings(const fs::path& catalog, const std::string& symbol, Day day,
                                 const quality::QuoteRanges* quotes) {
  quality::CrossChecker checker{quotes != nullptr ? *quotes : quality::QuoteRanges{day}};
  quality::Findings findings;
  if (quotes == nullptr) {
    feed_day<Quote>(catalog, Table::Quotes, symbol, day,
                    [&](std::span<const Quote> rows) { checker.on(rows); });
  }
  feed_day<Trade>(catalog, Table::Trades, symbol, day, [&](std::span<const Trade> rows) {
    for (const Trade& row : rows) checker.on(row, findings);
  });
  const auto flows = rows_of_day<KlineFlow>(catalog, Table::Flow, symbol, day);
  FlowJoiner joiner{
      [left = std::span<const KlineFlow>{flows}]() mutable { return std::exchange(left, {}); }};
  for (Bar& bar : rows_of_day<Bar>(catalog, Table::Bars, symbol, day)) {
    static_cast<void>(joiner.join_next(bar));  // without a flow its taker volume is the finding
    checker.on(bar, findings);
  }
  checker.finish(findings);
  return findings;
}

}  // namespace toxvol::catalog
