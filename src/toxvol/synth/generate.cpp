#include "toxvol/synth/generate.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/splitmix64.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/synth/faults.hpp"
#include "toxvol/synth/latent.hpp"
#include "toxvol/synth/params.hpp"
#include "toxvol/synth/random.hpp"
#include "toxvol/synth/rows.hpp"
#include "toxvol/synth/slow.hpp"
#include "toxvol/synth/text.hpp"
#include "toxvol/synth/ticks.hpp"
#include "toxvol/synth/zip.hpp"

namespace toxvol::synth {

namespace {

namespace fs = std::filesystem;

constexpr int kMinutesPerDay = 1440;
constexpr std::int64_t kDayMs = 86'400'000;

std::int64_t start_ms(Day day) {
  return day.time_since_epoch().count() * kDayMs;
}

/// From 2026-06-25 on a metrics label is the start of its five minutes (E14).
bool metrics_label_is_start(Day day) {
  return day >= Day{std::chrono::year{2026} / 6 / 25};
}

Day month_start(Day day) {
  const std::chrono::year_month_day date{day};
  return Day{date.year() / date.month() / 1};
}

std::string month_of(Day day) {
  return to_string(day).substr(0, 7);
}

/// A day's tick files.
struct TickFiles {
  CsvFile quotes;
  CsvFile trades;
  const Formats& formats;

  void on(const QuoteRow& row) { formats.quote(quotes, row); }
  void on(const TradeRow& row) { formats.trade(trades, row); }
};

class Generator {
 public:
  Generator(const Params& params, fs::path root)
      : params_{params},
        contract_{contract_of(params.start_price)},
        formats_{contract_, params.symbol},
        root_{std::move(root)},
        latent_{params},
        coarse_{params, contract_},
        market_{params, contract_},
        positioning_{params, contract_} {
    for (const char* kind : {"aggTrades", "bookTicker", "klines_1m", "metrics"}) {
      fs::create_directories(root_ / "futures/daily" / kind);
    }
    fs::create_directories(root_ / "futures/monthly/fundingRate");
  }

  Summary run(Progress& progress) {
    const Day first = params_.from - std::chrono::days{params_.klines_only_days};
    const Day last = params_.from + std::chrono::days{params_.days};
    progress.begin("synth", (last - first).count() * kMinutesPerDay);
    // A funding file covers its whole month, so the market also runs, unseen, at both ends.
    for (Day day = month_start(first); day < first; day += std::chrono::days{1}) settle_day(day);
    for (Day day = first; day < last; day += std::chrono::days{1}) make_day(day, progress);
    for (Day day = last; month_start(day) < last; day += std::chrono::days{1}) settle_day(day);
    if (funding_) commit(*funding_);
    return summary_;
  }

 private:
  [[nodiscard]] fs::path daily(const char* kind, const char* in_name, Day day) const {
    return root_ / "futures/daily" / kind /
           fmt::format("{}-{}-{}.csv", params_.symbol, in_name, to_string(day));
  }

  void commit(CsvFile& file) {
    file.commit();
    ++summary_.files;
  }

  void make_day(Day day, Progress& progress) {
    Rng rng = stream_of(day);
    const bool has_ticks = day >= params_.from;
    std::unique_ptr<TickFiles> ticks;
    if (has_ticks) {
      if (day == params_.from) market_.start(coarse_.log_price(), start_ms(day), rng);
      ticks.reset(new TickFiles{
          .quotes = CsvFile{daily("bookTicker", "bookTicker", day), Formats::kQuoteHeader},
          .trades = CsvFile{daily("aggTrades", "aggTrades", day), Formats::kTradeHeader},
          .formats = formats_});
    }
    CsvFile klines{daily("klines_1m", "1m", day), Formats::kKlineHeader};
    CsvFile metrics{daily("metrics", "metrics", day), Formats::kMetricsHeader};
    open_funding(month_of(day));

    std::int64_t reported = 0;
    for (int minute = 0; minute < kMinutesPerDay; ++minute) {
      const std::int64_t open_ms = start_ms(day) + minute * 60'000LL;
      const Minute now = latent_.step(open_ms, rng);
      if (const auto due = positioning_.open_minute(open_ms, now, rng)) {
        formats_.funding(*funding_, *due);
      }
      const KlineRow kline =
          has_ticks ? market_.minute(open_ms, now, rng, *ticks) : coarse_.minute(open_ms, now, rng);
      formats_.kline(klines, kline);
      if (const auto due = positioning_.close_minute(kline, now, rng)) {
        formats_.metrics(metrics, *due, metrics_label_is_start(day));
      }
      if (minute % 60 == 59) {
        const std::int64_t rows =
            klines.rows() + metrics.rows() +
            (ticks ? ticks->quotes.rows() + ticks->trades.rows() : std::int64_t{0});
        progress.advance(60, rows - reported);
        reported = rows;
      }
    }
    if (ticks) {
      summary_.quotes += ticks->quotes.rows();
      summary_.trades += ticks->trades.rows();
      commit(ticks->quotes);
      commit(ticks->trades);
    }
    commit(klines);
    commit(metrics);
  }

  /// Each day draws from its own stream, so that a longer run repeats the days of a shorter one.
  [[nodiscard]] Rng stream_of(Day day) const {
    return Rng{splitmix64(params_.seed ^
                          splitmix64(static_cast<std::uint64_t>(day.time_since_epoch().count())))};
  }

  /// A day of which nothing but its funding settlements is written.
  void settle_day(Day day) {
    Rng rng = stream_of(day);
    open_funding(month_of(day));
    for (int minute = 0; minute < kMinutesPerDay; ++minute) {
      const std::int64_t open_ms = start_ms(day) + minute * 60'000LL;
      const Minute now = latent_.step(open_ms, rng);
      if (const auto due = positioning_.open_minute(open_ms, now, rng)) {
        formats_.funding(*funding_, *due);
      }
    }
  }

  void open_funding(std::string month) {
    if (funding_month_ == month) return;
    if (funding_) commit(*funding_);
    funding_month_ = std::move(month);
    funding_ = std::make_unique<CsvFile>(
        root_ / "futures/monthly/fundingRate" /
            fmt::format("{}-fundingRate-{}.csv", params_.symbol, funding_month_),
        Formats::kFundingHeader);
  }

  Params params_;
  Contract contract_;
  Formats formats_;
  fs::path root_;
  Latent latent_;
  CoarseMarket coarse_;
  TickMarket market_;
  Positioning positioning_;
  std::unique_ptr<CsvFile> funding_;
  std::string funding_month_;
  Summary summary_;
};

std::string marker_text(const Params& params, const Summary& summary) {
  std::string faults;
  for (const Injected& injected : summary.injected) {
    faults +=
        fmt::format("{}\n    {{\"code\": \"{}\", \"file\": \"{}\", \"rows\": {}}}",
                    faults.empty() ? "" : ",", name(injected.fault), injected.file, injected.rows);
  }
  if (!faults.empty()) faults += "\n  ";
  return fmt::format(
      "{{\n"
      "  \"synthetic\": true,\n"
      "  \"tool\": \"toxvol synth\",\n"
      "  \"version\": \"{}\",\n"
      "  \"symbol\": \"{}\",\n"
      "  \"from\": \"{}\",\n"
      "  \"days\": {},\n"
      "  \"klines_only_days\": {},\n"
      "  \"seed\": {},\n"
      "  \"intensity\": {},\n"
      "  \"start_price\": {},\n"
      "  \"plant\": \"{}\",\n"
      "  \"edge_bp\": {},\n"
      "  \"zip\": {},\n"
      "  \"quotes\": {},\n"
      "  \"trades\": {},\n"
      "  \"faults\": [{}]\n"
      "}}\n",
      TOXVOL_VERSION, params.symbol, to_string(params.from), params.days, params.klines_only_days,
      params.seed, params.intensity, params.start_price, name(params.plant),
      params.plant == Plant::None ? 0.0 : params.edge_bp, params.zip, summary.quotes,
      summary.trades, faults);
}

/// Removes the unfinished folder unless told that it is finished.
class Staging {
 public:
  explicit Staging(const fs::path& out) : path_{out} {
    path_ += ".partial";
    std::error_code failed;
    fs::remove_all(path_, failed);
    if (!fs::create_directories(path_, failed) || failed) {
      throw Error{fmt::format("{}: cannot make the folder ({}); choose another --out",
                              path_.string(), failed ? failed.message() : "it is in use")};
    }
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// What stands at `out` may be replaced: nothing, an empty folder, or with --force an earlier
/// market.
void check_out(const Params& params) {
  const fs::path& out = params.out;
  if (!fs::exists(fs::symlink_status(out))) return;
  if (!fs::is_directory(out)) {
    throw Error{fmt::format("{}: is not a folder; choose another --out", out.string()),
                ErrorCode::Exists};
  }
  if (fs::is_empty(out)) return;
  if (!params.force) {
    throw Error{fmt::format("{}: the folder is not empty; choose another --out or pass --force",
                            out.string()),
                ErrorCode::Exists};
  }
  if (!fs::exists(out / kMarkerName)) {
    throw Error{
        fmt::format(
            "{}: has no {}, so it is not an earlier synthetic market and --force leaves it alone; "
            "choose another --out",
            out.string(), kMarkerName),
        ErrorCode::Exists};
  }
}

}  // namespace

Summary generate(Params params, Progress& progress) {
  params = completed(std::move(params));
  while (!params.out.has_filename() && params.out.has_relative_path()) {
    params.out = params.out.parent_path();  // "raw/" is "raw"
  }
  try {
    check_out(params);
    const Staging staging{params.out};
    Generator generator{params, staging.path()};
    Summary summary = generator.run(progress);
    summary.injected = inject_faults(params, staging.path());
    if (params.zip) zip_tree(params, staging.path(), summary.injected, progress);
    io::write_file_atomically(staging.path() / kMarkerName, marker_text(params, summary));
    fs::remove_all(params.out);
    fs::rename(staging.path(), params.out);
    return summary;
  } catch (const fs::filesystem_error& failed) {
    throw Error{fmt::format("{}: {}; check --out", params.out.string(), failed.code().message()),
                ErrorCode::Io};
  }
}

}  // namespace toxvol::synth
