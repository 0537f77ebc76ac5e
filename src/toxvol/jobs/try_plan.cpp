#include "toxvol/jobs/try_plan.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "toxvol/catalog/jobs/coverage.hpp"
#include "toxvol/catalog/market/market.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/store/listing.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/config/presets.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/market/data_folder.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;

/// A first look should not take hours: of more than this only the last days are taken.
constexpr std::int64_t kMostBytes = 2'000'000'000;
constexpr int kDaysOfMany = 14;
/// Fewer minutes than this in one stretch show little: even short waits for 14 of them.
constexpr std::int64_t kFewestMinutes = 60;
/// Fewer decisions than this after the wait say nothing.
constexpr std::int64_t kFewestDecisions = 200;

struct Contract {
  std::string symbol;
  catalog::Coverage coverage;
  catalog::Runnable runnable;
  std::int64_t bytes = 0;

  /// Lists from the richest data to the poorest.
  [[nodiscard]] std::array<std::pair<std::string, const std::vector<catalog::DayWindow>*>, 3>
  ranked() const {
    return {{{"quotes", &runnable.with_quotes},
             {"trades", &runnable.with_trades},
             {"klines", &runnable.with_klines}}};
  }
};

std::string days_text(const catalog::DayWindow& window) {
  if (window.first == window.last) return to_string(window.first);
  return fmt::format("{} to {}", to_string(window.first), to_string(window.last));
}

std::string count_text(std::int64_t days) {
  return fmt::format("{} day{}", days, days == 1 ? "" : "s");
}

std::vector<Contract> contracts_of(const catalog::Discovery& found) {
  std::vector<Contract> list;
  for (const catalog::SourceFile& file : found.files) {  // by symbol
    if (list.empty() || list.back().symbol != file.symbol) {
      list.push_back({.symbol = file.symbol, .coverage = {}, .runnable = {}, .bytes = 0});
    }
    constexpr std::int64_t kPacked = 6;  // a ZIP is about a sixth of its file
    list.back().bytes += file.zip ? kPacked * file.bytes : file.bytes;
  }
  for (Contract& contract : list) contract.coverage = catalog::coverage(found, contract.symbol);
  return list;
}

std::vector<Contract> contracts_of(const fs::path& stored) {
  std::vector<Contract> list;
  for (const std::string& symbol : catalog::symbols(stored)) {
    list.push_back({.symbol = symbol,
                    .coverage = catalog::coverage(stored, symbol),
                    .runnable = {},
                    .bytes = 0});
  }
  return list;
}

/// Whether we may write into it. Who is root may anywhere, and still should not where the mode
/// forbids everybody.
bool is_writable(const fs::path& folder) {
  std::error_code failure;
  const fs::perms mode = fs::status(folder, failure).permissions();
  constexpr fs::perms kAnyWrite =
      fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  return !failure && (mode & kAnyWrite) != fs::perms::none && access(folder.c_str(), W_OK) == 0;
}

/// Where to put what is made: beside the folder, else here, else where temporary files go. Beside
/// a single file there are other raw files.
fs::path place_beside(const fs::path& folder) {
  fs::path parent = folder.parent_path();
  if (fs::is_directory(folder) && is_writable(parent)) return parent;
  const fs::path here = fs::current_path();
  return is_writable(here) ? here : fs::temp_directory_path();
}

/// The last time at which crowding becomes known: z of metrics or of funding, whichever is sooner;
/// of neither the regime is neutral at once (C9).
Timestamp crowding_known(const catalog::Coverage& coverage, const config::FirstDecision& wait,
                         Timestamp from) {
  std::optional<Timestamp> known;
  const std::array<std::pair<Kind, Duration>, 2> parts{
      {{Kind::Metrics, wait.metrics}, {Kind::Funding, wait.funding}}};
  for (const auto& [kind, needed] : parts) {
    if (!coverage.has(kind)) continue;
    const Timestamp earliest = from - std::chrono::days{31};  // the automatic warm-up
    for (const Day day : coverage.days.at(kind)) {
      if (Timestamp{day} < earliest) continue;
      const Timestamp then = Timestamp{day} + needed;
      known = known ? std::min(*known, then) : then;
      break;
    }
  }
  return known.value_or(from);
}

/// The slowest preset that decides often enough in `window`, else short; with the reason.
std::pair<std::string, std::string> choose_preset(const catalog::Coverage& coverage,
                                                  const catalog::DayWindow& window) {
  Duration shortest = Duration::max();
  std::vector<std::string> names = config::preset_names();
  std::erase_if(names, [](const std::string& name) { return config::is_exercise(name); });
  for (const std::string& name : std::views::reverse(names)) {
    const config::Config config = config::preset(name);
    config::FirstDecision wait = config::first_decision(config);
    const Timestamp crowding = crowding_known(coverage, wait, window.from());
    wait.metrics = wait.funding = std::max(Duration{}, crowding - window.from());
    shortest = std::min(shortest, wait.all());
    const Duration left = window.to() - window.from() - wait.all();
    const std::int64_t decisions = left / config.strategy.factors.cadence;
    if (decisions < kFewestDecisions) continue;
    return {name, fmt::format("preset {}", config::preset_line(name))};
  }
  const std::string last = names.back();
  names.pop_back();
  const std::string exercise{config::kExercisePreset};
  return {exercise, fmt::format("preset {}: {} and {} need {} of data without a hole first",
                                config::preset_line(exercise), fmt::join(names, ", "), last,
                                config::in_days(shortest))};
}

/// Minutes with a kline in `window`; long ones are not counted but taken for whole.
std::int64_t minutes_of(const fs::path& folder, bool stored, const std::string& symbol,
                        const catalog::DayWindow& window) {
  constexpr std::int64_t kCountedDays = 7;
  constexpr std::int64_t kMinutesOfDay = 1440;
  if (window.days() > kCountedDays) return window.days() * kMinutesOfDay;
  Inputs klines;
  klines.bars = true;
  std::int64_t minutes = 0;
  try {
    const catalog::OpenedMarket market =
        stored ? catalog::open(folder, symbol, window.from(), window.to(), klines)
               : catalog::open_raw({folder}, symbol, window.from(), window.to(), klines,
                                   fs::temp_directory_path());
    while (true) {
      const auto block = market.data.bars->next();
      if (block.empty()) return minutes;
      minutes += static_cast<std::int64_t>(block.size());
    }
  } catch (const Error&) {
    return minutes;  // a broken file: ingest names it
  }
}

/// Of the richest kind of data the longest window that has minutes enough; what was passed over is
/// told. Where none has enough, the richest.
void choose_window(const Contract& contract, const fs::path& folder, bool stored, TryPlan& plan) {
  for (const auto& [data, windows] : contract.ranked()) {
    std::int64_t most = 0;
    for (const catalog::DayWindow& window : *windows) {
      const std::int64_t minutes = minutes_of(folder, stored, contract.symbol, window);
      most = std::max(most, minutes);
      if (plan.data.empty() || minutes >= kFewestMinutes) {
        plan.data = data;
        plan.window = window;
      }
      if (minutes >= kFewestMinutes) return;
    }
    if (windows->empty()) continue;
    plan.choice.push_back(
        fmt::format("with {}: {} minutes at most in one stretch, too few to see much", data, most));
  }
}

const Contract& richest(const std::vector<Contract>& contracts) {
  // Least is best: how poor its data is, then how few days of it.
  const auto poverty = [](const Contract& contract) {
    std::int64_t grade = 0;
    for (const auto& [data, windows] : contract.ranked()) {
      if (!windows->empty()) return std::pair{grade, -windows->front().days()};
      ++grade;
    }
    return std::pair{grade, std::int64_t{0}};
  };
  return *std::min_element(
      contracts.begin(), contracts.end(),
      [&](const Contract& a, const Contract& b) { return poverty(a) < poverty(b); });
}

std::string there_line(const Contract& contract) {
  std::string line;
  for (const auto& [data, windows] : contract.ranked()) {
    if (windows->empty()) continue;
    std::int64_t days = 0;
    for (const catalog::DayWindow& window : *windows) days += window.days();
    line += fmt::format("{}{} with {} ({}{})", line.empty() ? "" : ", ", count_text(days), data,
                        windows->size() > 1 ? "longest " : "", days_text(windows->front()));
  }
  return fmt::format("{}: {}", contract.symbol,
                     line.empty() ? "no day with klines, nothing to run" : line);
}

}  // namespace

TryPlan plan_try(const TryRequest& request) {
  // A name with a slash at its end has its last part before it.
  fs::path folder = fs::absolute(request.folder).lexically_normal();
  if (folder.filename().empty()) folder = folder.parent_path();
  if (!request.symbol.empty()) check_symbol(request.symbol, "--symbol");
  check_readable(folder, "give the folder that holds Binance's files");

  const bool stored = catalog::is_catalog(folder);
  std::vector<Contract> contracts;
  if (stored) {
    contracts = contracts_of(folder);
  } else {
    const catalog::Discovery found = catalog::discover({folder});
    contracts = contracts_of(found);
    if (contracts.empty() && !found.refused.empty()) {
      throw Error{fmt::format("{}: nothing to run: {}", found.refused.front().path,
                              found.refused.front().why)};
    }
  }
  if (contracts.empty()) {
    throw Error{
        fmt::format("{}: none of Binance's USD-M futures files in it, such as "
                    "BTCUSDT-1m-2024-01-31.csv or .zip; `toxvol synth` makes a market to try with",
                    folder.string()),
        ErrorCode::NotFound};
  }
  std::string symbols;
  TryPlan plan;
  for (Contract& contract : contracts) {
    contract.runnable = catalog::runnable(contract.coverage);
    plan.there.push_back(there_line(contract));
    symbols += (symbols.empty() ? "" : ", ") + contract.symbol;
  }
  if (!request.symbol.empty()) {
    std::erase_if(contracts, [&](const Contract& one) { return one.symbol != request.symbol; });
    if (contracts.empty()) {
      throw Error{
          fmt::format("{}: nothing of {}; it holds {}", folder.string(), request.symbol, symbols),
          ErrorCode::NotFound};
    }
  }
  const Contract& contract = richest(contracts);
  choose_window(contract, folder, stored, plan);
  if (plan.data.empty()) {
    throw Error{
        fmt::format(
            "{}: no klines of {}: a minute is a kline; add the files of 1-minute klines, such as "
            "{}-1m-2024-01-31.csv",
            folder.string(), contract.symbol, contract.symbol),
        ErrorCode::NotFound};
  }
  plan.symbol = contract.symbol;
  plan.is_cut = contract.bytes > kMostBytes && plan.window.days() > kDaysOfMany;
  const std::int64_t all_days = plan.window.days();
  if (plan.is_cut) plan.window.first = plan.window.last - std::chrono::days{kDaysOfMany - 1};
  const auto [preset, why] = choose_preset(contract.coverage, plan.window);
  plan.preset = preset;
  plan.choice.push_back(
      fmt::format("takes {}, {} ({}) with {}{}", plan.symbol, count_text(plan.window.days()),
                  days_text(plan.window), plan.data,
                  plan.is_cut ? fmt::format(", the last of {}: quick first", all_days) : ""));
  plan.choice.push_back(why);

  const fs::path place = place_beside(folder);
  const std::string name = folder.filename().string();
  if (stored) {
    plan.catalog = folder;
  } else {
    plan.catalog =
        request.catalog.empty() ? place / (name + "-catalog") : fs::path{request.catalog};
    plan.ingest = {"toxvol",   "ingest",   folder.string(), "--catalog", plan.catalog.string(),
                   "--symbol", plan.symbol};
    if (plan.is_cut) {
      for (std::string word : {std::string{"--from"}, to_string(plan.window.first),
                               std::string{"--to"}, to_string(day_of(plan.window.to()))}) {
        plan.ingest.push_back(std::move(word));
      }
    }
  }
  plan.force = request.out.empty();
  plan.out = plan.force ? place / (name + "-runs") / fmt::format("{}-{}", plan.symbol, plan.preset)
                        : fs::path{request.out};
  if (!plan.force && fs::exists(plan.out)) {
    throw Error{fmt::format("{} exists: choose another --out, or none", plan.out.string())};
  }
  const std::vector<std::string> common{"--catalog", plan.catalog.string(), "--symbol",
                                        plan.symbol};
  const std::vector<std::string> window{"--from", to_string(plan.window.first), "--to",
                                        to_string(day_of(plan.window.to()))};
  plan.backtest = {"toxvol", "backtest"};
  plan.backtest.insert(plan.backtest.end(), common.begin(), common.end());
  plan.backtest.insert(plan.backtest.end(), {"--preset", plan.preset});
  plan.backtest.insert(plan.backtest.end(), window.begin(), window.end());
  plan.backtest.insert(plan.backtest.end(), {"--out", plan.out.string()});
  if (plan.force) plan.backtest.emplace_back("--force");
  plan.report = {"toxvol", "report", plan.out.string()};

  plan.next.push_back({"toxvol", "config", "explain", plan.preset});
  std::vector<std::string> maker{"toxvol", "backtest"};
  maker.insert(maker.end(), common.begin(), common.end());
  maker.insert(maker.end(), {"--preset", plan.preset});
  maker.insert(maker.end(), window.begin(), window.end());
  maker.insert(maker.end(), {"--set", "entry.order=post_only"});
  plan.next.push_back(std::move(maker));
  for (const Contract& other : contracts) {
    if (other.symbol == plan.symbol || other.runnable.with_klines.empty()) continue;
    plan.next.push_back({"toxvol", "try", folder.string(), "--symbol", other.symbol});
    break;
  }
  plan.next.push_back({"toxvol", "verify", plan.out.string()});
  return plan;
}

}  // namespace toxvol::jobs
