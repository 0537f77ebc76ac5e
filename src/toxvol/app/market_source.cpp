#include "toxvol/app/market_source.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "toxvol/app/arguments.hpp"
#include "toxvol/catalog/discovery.hpp"
#include "toxvol/catalog/instrument_store.hpp"
#include "toxvol/catalog/market.hpp"
#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/instrument.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::app {

namespace {

namespace fs = std::filesystem;

/// A catalog or a folder of raw files, asked in the same words.
class Source {
 public:
  Source(const MarketOptions& options, std::string symbol, fs::path spill_folder)
      : symbol_{std::move(symbol)}, catalog_{options.catalog}, spill_{std::move(spill_folder)} {
    if (options.catalog.empty() == options.raw.empty()) {
      throw UsageError{"name the data with one of --catalog DIR and --raw DIR"};
    }
    for (const std::string& path : options.raw) raw_.emplace_back(path);
  }

  [[nodiscard]] bool is_raw() const { return !raw_.empty(); }
  [[nodiscard]] std::string name() const {
    return is_raw() ? raw_.front().string() : catalog_.string();
  }

  [[nodiscard]] catalog::Coverage coverage() const {
    return is_raw() ? catalog::raw_coverage(raw_, symbol_) : catalog::coverage(catalog_, symbol_);
  }

  [[nodiscard]] catalog::OpenedMarket open(Timestamp from, Timestamp to, Inputs inputs) const {
    return is_raw() ? catalog::open_raw(raw_, symbol_, from, to, inputs, spill_)
                    : catalog::open(catalog_, symbol_, from, to, inputs);
  }

  [[nodiscard]] Instrument instrument(Timestamp from, Timestamp to, Progress& progress) const {
    if (auto known = config::known_instrument(symbol_)) return *std::move(known);
    if (!is_raw()) {
      const auto stored = catalog::load_instrument(catalog_, symbol_);
      if (!stored) throw Error{fmt::format("{}: no instrument {}", name(), symbol_)};
      return stored->instrument;
    }
    const auto found = catalog::discover(raw_);
    std::vector<catalog::SourceFile> files;
    for (const auto& file : found.files) {
      const Timestamp first{file.first_day};
      if (file.symbol == symbol_ && first < to && first + std::chrono::days{32} > from) {
        files.push_back(file);
      }
    }
    return catalog::instrument_of(files, symbol_, config::known_instrument, 1, progress).instrument;
  }

  [[nodiscard]] bool synthetic() const {
    if (!is_raw()) return fs::exists(synthetic_label(catalog_));
    return std::any_of(raw_.begin(), raw_.end(),
                       [](const fs::path& path) { return find_synthetic_label(path).has_value(); });
  }

  /// Rows of the findings that touch a day of [from, to), by code. A raw run stores no findings.
  [[nodiscard]] std::map<std::string, std::int64_t> quality(Timestamp from, Timestamp to) const {
    std::map<std::string, std::int64_t> counts;
    const fs::path path = catalog_ / "toxvol" / "quality.parquet";
    if (is_raw() || !fs::exists(path)) return counts;
    columnar::TableReader table{path.string()};
    table.select({"symbol", "code", "day", "count"});
    while (const auto block = table.next()) {
      for (std::size_t row = 0; row < block->rows; ++row) {
        const auto day = block->columns[2].integer(row);
        const bool inside = day && *day >= day_of(from).time_since_epoch().count() &&
                            Timestamp{Day{std::chrono::days{*day}}} < to;
        if (block->columns[0].text(row) != symbol_ || !inside) continue;
        counts[std::string{*block->columns[1].text(row)}] +=
            block->columns[3].integer(row).value_or(0);
      }
    }
    return counts;
  }

  [[nodiscard]] std::string known_symbols() const {
    if (!is_raw()) return fmt::format("{}", fmt::join(catalog::symbols(catalog_), ", "));
    std::vector<std::string> symbols;
    for (const auto& file : catalog::discover(raw_).files) symbols.push_back(file.symbol);
    std::sort(symbols.begin(), symbols.end());
    symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
    return fmt::format("{}", fmt::join(symbols, ", "));
  }

 private:
  std::string symbol_;
  fs::path catalog_;
  std::vector<fs::path> raw_;
  fs::path spill_;
};

/// Without --from and --to: the days of the rarest kind there is of quotes, trades, klines. Klines
/// of earlier days then warm it up.
std::pair<Timestamp, Timestamp> covered(const catalog::Coverage& coverage) {
  for (const Kind kind : {Kind::BookTicker, Kind::AggTrades, Kind::Klines}) {
    if (!coverage.has(kind)) continue;
    const auto& days = coverage.days.at(kind);
    return {Timestamp{days.front()}, Timestamp{days.back()} + kDay};
  }
  return {};
}

template <class Record>
bool has_row(BlockStream<Record>* stream) {
  return stream != nullptr && !stream->next().empty();
}

/// G4: whether a kind has a row in [from, to).
bool has_row(const Source& source, Kind kind, bool Inputs::* field, Timestamp from, Timestamp to) {
  Inputs one;
  one.*field = true;
  const auto market = source.open(from, to, one);
  switch (kind) {
    case Kind::AggTrades:
      return has_row(market.data.trades.get());
    case Kind::BookTicker:
      return has_row(market.data.quotes.get());
    case Kind::Klines:
      return has_row(market.data.bars.get());
    case Kind::Metrics:
      return has_row(market.data.metrics.get());
    case Kind::Funding:
      return has_row(market.data.funding.get());
  }
  return false;
}

bool touches(const std::vector<Day>& days, Kind kind, Timestamp from, Timestamp to) {
  // Funding comes by the month, named by its first day or counted whole.
  const Duration slack = kind == Kind::Funding ? std::chrono::days{31} : std::chrono::days{1};
  return std::any_of(days.begin(), days.end(), [&](Day day) {
    return Timestamp{day} < to && Timestamp{day} + slack + kDay > from;
  });
}

}  // namespace

fs::path synthetic_label(const fs::path& catalog) {
  return catalog / "toxvol" / "SYNTHETIC.json";
}

std::optional<fs::path> find_synthetic_label(const fs::path& raw) {
  std::error_code failure;
  for (const auto& entry : fs::recursive_directory_iterator{raw, failure}) {
    if (entry.path().filename() == "SYNTHETIC.json") return entry.path();
  }
  return std::nullopt;
}

void add_market_options(CLI::App& verb, MarketOptions& options) {
  auto* catalog = verb.add_option("--catalog", options.catalog, "A catalog made by `ingest`");
  verb.add_option("--raw", options.raw, "Binance's files themselves; nothing is stored")
      ->excludes(catalog);
  verb.add_option("--from", options.from, "First UTC day or time; earlier data warms up");
  verb.add_option("--to", options.to, "End, exclusive");
}

Market open_market(const MarketOptions& options, const config::Config& config,
                   const fs::path& spill_folder, Progress& progress) {
  const Source source{options, config.symbol, spill_folder};
  const auto coverage = source.coverage();
  if (coverage.days.empty()) {
    throw Error{fmt::format("{}: nothing of {}; it holds {}; --set run.symbol=…", source.name(),
                            config.symbol, source.known_symbols())};
  }
  if (!coverage.has(Kind::Klines)) {
    throw Error{fmt::format("{}: no klines of {}: a minute is a kline, add the klines files",
                            source.name(), config.symbol)};
  }
  Market market;
  std::tie(market.from, market.to) = covered(coverage);
  if (!options.from.empty()) market.asked_from = parse_time(options.from, "--from");
  if (!options.to.empty()) market.asked_to = parse_time(options.to, "--to");
  market.from = market.asked_from.value_or(market.from);
  market.to = market.asked_to.value_or(market.to);
  if (market.from >= market.to) {
    throw UsageError{fmt::format("--from {} --to {}: from must be earlier", to_string(market.from),
                                 to_string(market.to))};
  }
  if ((market.from - Timestamp{}) % kMinute != Duration::zero() ||
      (market.to - Timestamp{}) % kMinute != Duration::zero()) {
    throw UsageError{"--from, --to: whole minutes are wanted"};
  }

  bool has_klines = false;
  for (const auto& [kind, field] : kInputFields) {
    const bool there = coverage.has(kind) &&
                       touches(coverage.days.at(kind), kind, market.from, market.to) &&
                       has_row(source, kind, field, market.from, market.to);
    const bool wanted = config.inputs ? (*config.inputs).*field : there;
    market.inputs.*field = wanted;
    if (kind == Kind::Klines) has_klines = there;
  }
  if (!has_klines) {
    throw Error{fmt::format("{}: no klines of {} in [{}, {}); they cover {} to {}", source.name(),
                            config.symbol, to_string(market.from), to_string(market.to),
                            to_string(coverage.days.at(Kind::Klines).front()),
                            to_string(coverage.days.at(Kind::Klines).back()))};
  }
  // Quotes without the trades of their time cannot be traded on: T and SVI would be unknown (G4).
  if (market.inputs.quotes && !market.inputs.trades) market.inputs.quotes = false;

  const Timestamp begin = market.from - config::warmup(config);
  market.instrument = source.instrument(begin, market.to, progress);
  market.synthetic = source.synthetic();
  market.quality = source.quality(market.from, market.to);
  market.opened = source.open(begin, market.to, market.inputs);
  return market;
}

}  // namespace toxvol::app
