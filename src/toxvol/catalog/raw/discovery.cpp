#include "toxvol/catalog/raw/discovery.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/io/source.hpp"
#include "toxvol/quality/detectors.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A date that there is, of whatever year.
std::optional<std::chrono::year_month_day> date_from(std::string_view year, std::string_view month,
                                                     std::string_view day) {
  const auto y = number(year);
  const auto m = number(month);
  const auto d = number(day);
  if (!y || !m || !d || year.size() != 4 || month.size() != 2 || day.size() != 2) {
    return std::nullopt;
  }
  if (*m < 1 || *d < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*y},
                                         std::chrono::month{static_cast<unsigned>(*m)},
                                         std::chrono::day{static_cast<unsigned>(*d)}};
  if (!date.ok()) return std::nullopt;
  return date;
}

/// `YYYY-MM-DD`, or of a month `YYYY-MM`.
std::optional<std::chrono::year_month_day> date_in(std::string_view text, bool is_month) {
  if (text.size() != (is_month ? 7U : 10U) || text[4] != '-') return std::nullopt;
  if (is_month) return date_from(text.substr(0, 4), text.substr(5, 2), "01");
  if (text[7] != '-') return std::nullopt;
  return date_from(text.substr(0, 4), text.substr(5, 2), text.substr(8, 2));
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

enum class Market { Unknown, UsdM, Spot, CoinM };

/// What the folders say: the last one that says something counts.
Market market_of(const fs::path& path) {
  Market market = Market::Unknown;
  for (const fs::path& part : path.parent_path()) {
    const std::string name = lower(part.string());
    if (name == "spot") market = Market::Spot;
    if (name == "futures" || name == "um") market = Market::UsdM;
    if (name == "cm") market = Market::CoinM;
  }
  return market;
}

/// Mark-, index- and premium-price klines have the names of klines; only their folder tells.
bool is_other_klines(const fs::path& path) {
  for (const fs::path& part : path.parent_path()) {
    const std::string name = lower(part.string());
    for (const std::string_view other :
         {"markpriceklines", "indexpriceklines", "premiumindexklines"}) {
      if (name.starts_with(other)) return true;
    }
  }
  return false;
}

bool is_symbol_text(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

auto order(const SourceFile& file) {
  return std::tie(file.symbol, file.kind, file.monthly, file.first_day, file.relative, file.path);
}

bool same_slot(const SourceFile& a, const SourceFile& b) {
  return a.symbol == b.symbol && a.kind == b.kind && a.monthly == b.monthly &&
         a.first_day == b.first_day;
}

/// Hash of the CSV inside, so that a ZIP and its unpacked CSV are the same.
std::string content_hash(const fs::path& path) {
  io::Sha256 hash;
  const auto source = io::open_source(path);
  std::vector<char> buffer(std::size_t{1} << 20);
  while (const std::size_t count = source->read(buffer)) {
    hash.update(std::string_view{buffer.data(), count});
  }
  return hash.hex();
}

/// A file that cannot be read differs from everything but itself.
std::string content_hash_or_path(const fs::path& path) {
  try {
    return content_hash(path);
  } catch (const Error&) {
    return "unreadable " + path.string();
  }
}

void add_file(const fs::path& path, const fs::path& root, Discovery& found) {
  NameReading reading = read_name(path);
  if (reading.refused) {
    found.refused.push_back({.path = path.string(), .why = *reading.refused});
    return;
  }
  if (!reading.file) {
    ++found.ignored;
    return;
  }
  SourceFile file = *std::move(reading.file);
  file.path = path;
  file.relative = path.lexically_relative(root).generic_string();
  std::error_code failure;
  file.bytes = static_cast<std::int64_t>(fs::file_size(path, failure));
  if (failure) file.bytes = 0;
  found.files.push_back(std::move(file));
}

}  // namespace

std::optional<Day> parse_day(std::string_view text) {
  const auto date = date_in(text, false);
  return date ? day_of_date(*date) : std::nullopt;
}

TimeRange SourceFile::period() const {
  if (!monthly) return quality::period_of(first_day);
  const std::chrono::year_month_day date{first_day};
  const Day next{std::chrono::year_month_day{date.year() / date.month() / std::chrono::day{1}} +
                 std::chrono::months{1}};
  return {.from = Timestamp{first_day}, .to = Timestamp{next}};
}

std::string SourceFile::label() const {
  std::string text = to_string(first_day);
  if (monthly) text.resize(7);
  return text;
}

NameReading read_name(const fs::path& path) {
  NameReading reading;
  const std::string extension = path.extension().string();
  if (extension != ".csv" && extension != ".zip") return reading;
  const std::string stem = path.stem().string();
  for (const KindFacts& known : kKindFacts) {
    const std::string key = fmt::format("-{}-", known.in_file_names);
    const std::size_t place = stem.find(key);
    if (place == std::string::npos) continue;
    const std::string_view date = std::string_view{stem}.substr(place + key.size());
    const std::string symbol = stem.substr(0, place);
    if (!is_symbol_text(symbol)) return reading;
    constexpr std::size_t kMonthLength = 7;
    const bool is_month = date.size() == kMonthLength;
    const auto first = date_in(date, is_month);
    if (!first) return reading;
    const auto day = day_of_date(*first);
    if (known.kind == Kind::Klines && is_other_klines(path)) return reading;
    const Market market = market_of(path);
    if (market == Market::Spot) {
      reading.refused = "a spot file; toxvol reads USD-M futures (data/futures/um)";
    } else if (market == Market::CoinM || symbol.ends_with("_PERP") ||
               symbol.find("USD_") != std::string::npos) {
      reading.refused = "a COIN-M file; toxvol reads USD-M futures (data/futures/um)";
    } else if (symbol.find('_') != std::string::npos) {
      reading.refused = "a delivery contract; toxvol reads perpetuals";
    } else if (!day) {
      reading.refused = fmt::format("its date is not of the years {}", kYears);
    } else {
      SourceFile file;
      file.first_day = *day;
      file.monthly = is_month;
      file.kind = known.kind;
      file.symbol = symbol;
      file.zip = extension == ".zip";
      reading.file = std::move(file);
    }
    return reading;
  }
  return reading;
}

Discovery discover(const std::vector<fs::path>& raw) {
  Discovery found;
  for (const fs::path& given : raw) {
    std::error_code failure;
    const fs::file_status status = fs::status(given, failure);
    if (!fs::exists(status)) {
      throw Error{fmt::format("{}: no such file or folder; give the folder that holds Binance's "
                              "files",
                              given.string()),
                  ErrorCode::NotFound};
    }
    if (fs::is_regular_file(status)) {
      add_file(given, given.parent_path(), found);
      continue;
    }
    fs::recursive_directory_iterator walk{given, fs::directory_options::follow_directory_symlink,
                                          failure};
    if (failure) {
      throw Error{fmt::format("{}: {}; check its permissions", given.string(), failure.message()),
                  ErrorCode::Io};
    }
    for (; walk != fs::recursive_directory_iterator{}; walk.increment(failure)) {
      if (failure) break;
      if (walk->is_regular_file(failure)) add_file(walk->path(), given, found);
    }
    if (failure) {
      throw Error{fmt::format("{}: {}; check its permissions", given.string(), failure.message()),
                  ErrorCode::Io};
    }
  }
  std::sort(found.files.begin(), found.files.end(),
            [](const SourceFile& a, const SourceFile& b) { return order(a) < order(b); });
  std::sort(found.refused.begin(), found.refused.end(),
            [](const RefusedFile& a, const RefusedFile& b) { return a.path < b.path; });

  // The same slot twice: harmless if the contents are the same.
  std::vector<SourceFile> kept;
  for (SourceFile& file : found.files) {
    if (kept.empty() || !same_slot(kept.back(), file)) {
      kept.push_back(std::move(file));
      continue;
    }
    const SourceFile& first = kept.back();
    if (content_hash_or_path(first.path) != content_hash_or_path(file.path)) {
      throw Error{fmt::format("{} and {}: {} of {} {} twice with different contents; remove one",
                              first.path.string(), file.path.string(), name(file.kind), file.symbol,
                              file.label())};
    }
  }
  found.files = std::move(kept);

  // Daily files win over the monthly one, day by day.
  for (SourceFile& monthly : found.files) {
    if (!monthly.monthly) continue;
    const TimeRange period = monthly.period();
    for (const SourceFile& daily : found.files) {
      if (!daily.monthly && daily.kind == monthly.kind && daily.symbol == monthly.symbol &&
          Timestamp{daily.first_day} >= period.from && Timestamp{daily.first_day} < period.to) {
        monthly.superseded.push_back(daily.first_day);
      }
    }
  }
  return found;
}

}  // namespace toxvol::catalog
