#include "toxvol/jobs/evaluate.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/config/config.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/evaluate/bucket_sizes.hpp"
#include "toxvol/evaluate/compression.hpp"
#include "toxvol/evaluate/costs.hpp"
#include "toxvol/evaluate/decay.hpp"
#include "toxvol/evaluate/evaluation.hpp"
#include "toxvol/evaluate/forecasts.hpp"
#include "toxvol/evaluate/ladder.hpp"
#include "toxvol/evaluate/makers.hpp"
#include "toxvol/evaluate/mids.hpp"
#include "toxvol/evaluate/minutes.hpp"
#include "toxvol/evaluate/rows.hpp"
#include "toxvol/evaluate/vpin.hpp"
#include "toxvol/evaluate/vpin_variants.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/factors/quantile.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/io/partial_folder.hpp"
#include "toxvol/jobs/arguments.hpp"
#include "toxvol/jobs/market/data_folder.hpp"
#include "toxvol/jobs/market/data_source.hpp"
#include "toxvol/jobs/market/market_source.hpp"
#include "toxvol/jobs/recorded_run.hpp"
#include "toxvol/jobs/size_ladder.hpp"
#include "toxvol/run/folder_kinds.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/run/run_folder.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/strategy/params.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/recorded.hpp"
#include "toxvol/study/table.hpp"
#include "toxvol/study/unit.hpp"
#include "toxvol/trading/costs.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

namespace {

namespace fs = std::filesystem;
using evaluate::Evaluation;
using evaluate::Minutes;
using evaluate::Rows;
using Json = nlohmann::ordered_json;

/// `runs/x` → `runs/x-evaluate`.
fs::path folder_of(const EvaluateRequest& request) {
  if (!request.out.empty()) return request.out;
  fs::path run = fs::path{request.run}.lexically_normal();
  if (!run.has_filename()) run = run.parent_path();
  return run.parent_path() / (run.filename().string() + "-evaluate");
}

evaluate::Row row_of(const strategy::DecisionRow& decision, bool has_quotes) {
  const factors::FactorRow& factors = decision.factors;
  evaluate::Row row;
  row.ts = factors.ts;
  row.ts_init = factors.ts_init;
  row.decides = decision.decides;
  if (!has_quotes) {
    row.mid = factors.close.to_double();
  } else if (factors.bid && factors.ask) {
    row.mid = (factors.bid->to_double() + factors.ask->to_double()) / 2.0;
  }
  row.regime = factors.crowding.regime;
  row.toxic = factors.gated.toxic;
  row.p = factors.pressure.p;
  row.z_obi = factors.pressure.z_obi;
  row.z_svi = factors.pressure.z_svi;
  row.z_ofi = factors.pressure.z_ofi;
  row.f2 = factors.gated.f2;
  row.f1 = factors.volatility.f1;
  row.sigma = factors.volatility.sigma;
  row.har = factors.volatility.har;
  row.har_log = factors.volatility.har_log;
  row.rv = factors.volatility.rv;
  row.vol_yz = factors.volatility.vol_yz;
  row.gk_short = factors.volatility.gk_short;
  row.gk_long = factors.volatility.gk_long;
  row.vpin = factors.toxicity.vpin;
  row.vpin_bvc = factors.toxicity.vpin_bvc;
  return row;
}

/// Where disordered files may be sorted.
fs::path spill_of(const run::RunFolder& folder) {
  return fs::absolute(folder.path).parent_path();
}

/// What is read of a run and its market.
class Reading {
 public:
  Reading(const run::RunFolder& folder, const config::Config& config, const MarketOptions& options,
          std::uint64_t seed, Progress& progress)
      : folder_{folder},
        config_{config},
        seed_{seed},
        market_{open_market(options, config, spill_of(folder), progress)},
        source_{options, config.symbol, spill_of(folder)},
        minutes_{config.strategy.factors.volatility},
        sizes_{config.strategy.factors.toxicity.vpin_bucket} {
    read_rows();
    read_entries();
    read_bars(progress);
    if (has_quotes()) read_quotes(progress);
    if (market_.inputs.trades) read_trades(progress);
  }

  [[nodiscard]] const Market& market() const { return market_; }
  [[nodiscard]] const DataSource& source() const { return source_; }
  [[nodiscard]] bool has_quotes() const { return market_.inputs.quotes; }
  [[nodiscard]] const Rows& rows() const { return rows_; }
  [[nodiscard]] const Minutes& minutes() const { return minutes_; }
  [[nodiscard]] const evaluate::Mids& mids() const { return mids_; }
  [[nodiscard]] const std::vector<evaluate::Resting>& entries() const { return entries_; }
  /// Null for a run without trades.
  [[nodiscard]] const evaluate::VpinVariants* variants() const {
    return variants_ ? &*variants_ : nullptr;
  }
  /// Mean over the window's minutes, times those of a day.
  [[nodiscard]] std::optional<double> day_volume() const {
    double sum = 0.0;
    std::int64_t count = 0;
    for (const evaluate::Minute& minute : minutes_.all()) {
      if (minute.ts - kMinute < market_.from || !minute.quote_volume) continue;
      sum += *minute.quote_volume;
      ++count;
    }
    if (count == 0) return std::nullopt;
    return sum / static_cast<double>(count) * static_cast<double>(kDay / kMinute);
  }

 private:
  void read_rows() {
    run::for_each_record<strategy::DecisionRow>(folder_.path,
                                                [this](const strategy::DecisionRow& row) {
                                                  rows_.add(row_of(row, has_quotes()));
                                                  closes_.push_back(row.factors.close);
                                                });
    if (rows_.all().empty()) {
      throw Error{fmt::format("{}: decisions.parquet has no row, so there is nothing to evaluate",
                              folder_.path.string())};
    }
  }

  void read_entries() {
    entries_ = evaluate::resting_entries(run::read_records<trading::OrderRecord>(folder_.path),
                                         run::read_records<trading::FillRecord>(folder_.path));
  }

  /// Each row has its bar, with the same close: otherwise the data are not the run's.
  void read_bars(Progress& progress) {
    Inputs kinds;
    kinds.bars = true;
    auto opened = source_.open(market_.from - config::warmup(config_), market_.to, kinds);
    progress.begin("klines", 0);
    std::size_t next = 0;
    const std::span<const evaluate::Row> rows = rows_.all();
    for (auto block = opened.data.bars->next(); !block.empty(); block = opened.data.bars->next()) {
      for (const Bar& bar : block) {
        minutes_.add(bar);
        sizes_.add(bar);
        if (next < rows.size() && rows[next].ts < bar.ts_event) contradict(rows[next].ts);
        if (next < rows.size() && rows[next].ts == bar.ts_event) {
          if (closes_[next] != bar.close) contradict(bar.ts_event);
          ++next;
        }
      }
      progress.advance(0, static_cast<std::int64_t>(block.size()));
    }
    if (next < rows.size()) contradict(rows[next].ts);
  }

  void read_quotes(Progress& progress) {
    evaluate::ask_mids(rows_, mids_);
    evaluate::ask_mids(entries_, mids_);
    Inputs kinds;
    kinds.quotes = true;
    auto opened = source_.open(market_.from, market_.to, kinds);
    progress.begin("quotes", (market_.to - market_.from) / kMinute);
    Timestamp told = market_.from;
    for (auto block = opened.data.quotes->next(); !block.empty();
         block = opened.data.quotes->next()) {
      for (const Quote& quote : block) mids_.add(quote);
      const std::int64_t minutes = (block.back().ts_event - told) / kMinute;
      told += minutes * kMinute;
      progress.advance(minutes, static_cast<std::int64_t>(block.size()));
    }
    mids_.finish();
  }

  /// From the warm-up on, as the run read them.
  void read_trades(Progress& progress) {
    const factors::FactorParams& params = config_.strategy.factors;
    evaluate::VpinVariants& variants = variants_.emplace(sizes_, params.toxicity.vpin_buckets,
                                                         params.volatility.half_life_long, seed_);
    evaluate::ask_hours(rows_, variants);
    Inputs kinds;
    kinds.trades = true;
    const Timestamp begin = market_.from - config::warmup(config_);
    auto opened = source_.open(begin, market_.to, kinds);
    progress.begin("trades", (market_.to - begin) / kMinute);
    Timestamp told = begin;
    for (auto block = opened.data.trades->next(); !block.empty();
         block = opened.data.trades->next()) {
      for (const Trade& trade : block) variants.add(trade);
      const std::int64_t minutes = (block.back().ts_event - told) / kMinute;
      told += minutes * kMinute;
      progress.advance(minutes, static_cast<std::int64_t>(block.size()));
    }
    variants.finish();
  }

  [[noreturn]] void contradict(Timestamp ts) const {
    throw Error{
        fmt::format("{}: decisions.parquet, row of {}: its kline is another or missing in these "
                    "data; name those that the run was made from with --catalog or --raw",
                    folder_.path.string(), to_string(ts)),
        ErrorCode::Corrupt};
  }

  const run::RunFolder& folder_;
  const config::Config& config_;
  std::uint64_t seed_;
  Market market_;
  DataSource source_;
  Rows rows_;
  std::vector<Price> closes_;
  std::vector<evaluate::Resting> entries_;
  Minutes minutes_;
  evaluate::BucketSizes sizes_;
  evaluate::Mids mids_;
  std::optional<evaluate::VpinVariants> variants_;
};

std::int64_t least_prior(const factors::FactorParams& params, Duration window) {
  return factors::quantile_min_count(params.thresholds.quantile_min_count, window, params.cadence);
}

void put_run_costs(Evaluation& evaluation, const strategy::StrategyParams& params,
                   const Instrument& instrument, Timestamp from) {
  const Fee& fee = trading::fee_at(instrument, params.costs, from);
  const double kept = static_cast<double>(trading::kept_tenths(params.costs.bnb_discount)) /
                      static_cast<double>(trading::kTenths);
  evaluate::Costs& costs = evaluation.costs;
  costs.tier = params.costs.tier;
  costs.round_trip =
      evaluate::round_trip(fee.maker.to_double() * kept, fee.taker.to_double() * kept);
  costs.enters_as_maker = params.entry.order == strategy::EntryOrder::PostOnly;
  costs.cost_bp =
      costs.enters_as_maker ? costs.round_trip.maker_taker : costs.round_trip.taker_taker;
  costs.horizon = params.exit.horizon;
}

evaluate::BreakEvenFee break_even_fee(const run::RunFolder& folder, const stats::Resampling& how) {
  const auto inferred = study::infer(study::read_returns(folder.path, study::Unit::Hour), how);
  return {.bp = inferred.break_even.fee_bp,
          .range = inferred.break_even.range,
          .note = inferred.break_even.note ? std::string{study::name(*inferred.break_even.note)}
                                           : std::string{}};
}

void put_makers(Evaluation& evaluation, const Reading& reading, const std::string& queue,
                const stats::Resampling& how) {
  if (reading.entries().empty()) {
    evaluation.markouts_note = "not_applicable: no entry order rested";
  } else if (!reading.has_quotes()) {
    evaluation.markouts_note = "not_applicable: the run has no quotes";
  } else {
    evaluation.markouts =
        evaluate::markouts(reading.entries(), reading.mids(), reading.market().to, queue, how);
    evaluation.adverse = evaluate::adverse_selection(evaluation.markouts);
  }
}

void put_ladder(Evaluation& evaluation, const run::RunFolder& folder, const config::Config& config,
                const Reading& reading, const stats::Resampling& how, Progress& progress) {
  const std::string why_not = no_ladder(folder, config);
  if (!why_not.empty()) {
    evaluation.ladder_note = "not_applicable: " + why_not;
    return;
  }
  for (const evaluate::LadderRun& run :
       run_ladder(folder, config, reading.market(), reading.source(), progress)) {
    evaluation.ladder.push_back(evaluate::ladder_row(run, how));
  }
}

Evaluation evaluate_run(const run::RunFolder& folder, const config::Config& config,
                        const Reading& reading, const stats::Resampling& how, Progress& progress) {
  const Market& market = reading.market();
  const factors::FactorParams& params = config.strategy.factors;
  Evaluation evaluation;
  evaluation.symbol = config.symbol;
  evaluation.from = market.from;
  evaluation.to = market.to;
  evaluation.synthetic = folder.run.synthetic;
  evaluation.fingerprint = folder.run.fingerprint;
  for (const Kind kind : kKinds) {
    if (market.inputs[kind]) evaluation.inputs.emplace_back(name(kind));
  }
  evaluation.seed = how.seed;
  evaluation.resamples = how.resamples;
  for (const evaluate::Row& row : reading.rows().all()) evaluation.rows += row.decides ? 1 : 0;
  put_run_costs(evaluation, config.strategy, market.instrument, market.from);

  progress.begin("volatility", 0);
  for (const std::int64_t horizon : evaluate::forecast_horizons()) {
    const auto lines = evaluate::forecast_table(reading.rows(), reading.minutes(),
                                                params.volatility, horizon, how);
    evaluation.forecasts.insert(evaluation.forecasts.end(), lines.begin(), lines.end());
    progress.advance(0, 0);
  }
  progress.begin("compression", 0);
  evaluation.compression =
      evaluate::compression(reading.rows(), reading.minutes(),
                            {.volatility = params.volatility,
                             .least_prior = least_prior(params, params.volatility.z_window)},
                            how);
  progress.begin("decay", evaluate::decay_lines(reading.has_quotes()));
  evaluation.decay =
      evaluate::decay(reading.rows(), reading.has_quotes() ? &reading.mids() : nullptr,
                      {.cadence = params.cadence,
                       .quantile_window = params.pressure.z_window,
                       .least_prior = least_prior(params, params.pressure.z_window),
                       .cost_bp = evaluation.costs.cost_bp,
                       .end = market.to},
                      how, [&progress] { progress.advance(1, 0); });
  progress.begin("vpin", 0);
  evaluation.has_trades = reading.variants() != nullptr;
  evaluation.vpin = evaluate::vpin(reading.rows(), reading.minutes(), reading.variants());
  progress.begin("orders", 0);
  put_makers(evaluation, reading, run::setting(folder, "exchange", "queue").get<std::string>(),
             how);
  evaluation.break_even_fee = break_even_fee(folder, how);
  evaluate::put_costs(evaluation, reading.rows(), reading.day_volume());
  put_ladder(evaluation, folder, config, reading, how, progress);
  return evaluation;
}

/// The sentences, a line for each part, with what they are about in front of the first.
std::vector<std::string> lines_of(const Evaluation& evaluation) {
  constexpr std::string_view kBetween = "; ";
  const evaluate::Verdicts verdicts = evaluate::verdicts_of(evaluation);
  std::vector<std::string> lines;
  const auto add = [&](std::string_view about, std::string_view sentence) {
    for (std::size_t end = 0; end != std::string_view::npos; about = {}) {
      end = sentence.find(kBetween);
      lines.push_back(fmt::format("{:<13}{}", about, sentence.substr(0, end)));
      if (end != std::string_view::npos) sentence.remove_prefix(end + kBetween.size());
    }
  };
  if (evaluation.synthetic) add("market", "SYNTHETIC DATA: this tells of the program alone");
  add("volatility", verdicts.volatility);
  add("compression", verdicts.compression);
  add("signals", verdicts.decay);
  add("vpin", verdicts.vpin);
  add("makers", verdicts.makers);
  add("costs", verdicts.costs);
  add("capacity", verdicts.capacity);
  return lines;
}

std::vector<evaluate::CompressionRow> deciles_of(const Evaluation& evaluation) {
  std::vector<evaluate::CompressionRow> rows;
  for (const evaluate::Compression& one : evaluation.compression) {
    rows.insert(rows.end(), one.deciles.begin(), one.deciles.end());
  }
  return rows;
}

template <class Row>
void write(const fs::path& path, const std::vector<Row>& rows) {
  study::write_table(path, std::span<const Row>{rows});
}

}  // namespace

EvaluateResult run_evaluate(const EvaluateRequest& request, Progress& progress) {
  check_resamples(request.resamples);
  const run::RunFolder folder = run::open_run(request.run);
  io::PartialFolder out{folder_of(request), request.force, run::kEvaluateFolder};
  Json tables = folder.run.config;
  tables.erase("folds");
  const config::Config config = recorded_config(tables, folder);
  const MarketOptions options = recorded_market(folder, request.catalog, request.raw);
  check_market_folders(options);
  const Reading reading{folder, config, options, request.seed, progress};
  stats::RowCache cache;
  const Evaluation evaluation = evaluate_run(
      folder, config, reading,
      {.seed = request.seed, .resamples = request.resamples, .cache = &cache}, progress);
  write(out.path() / "forecasts.parquet", evaluation.forecasts);
  write(out.path() / "compression.parquet", deciles_of(evaluation));
  write(out.path() / "decay.parquet", evaluation.decay);
  write(out.path() / "vpin.parquet", evaluation.vpin.lines);
  write(out.path() / "markouts.parquet", evaluation.markouts);
  EvaluateResult result{.folder = folder_of(request),
                        .lines = lines_of(evaluation),
                        .json = evaluate::evaluation_json(evaluation)};
  io::AtomicFile file{out.path() / "study.json"};
  file.write(result.json);
  file.commit();
  out.commit();
  return result;
}

}  // namespace toxvol::jobs
