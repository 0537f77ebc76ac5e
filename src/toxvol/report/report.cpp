#include "toxvol/report/report.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/report/answers.hpp"
#include "toxvol/report/beside.hpp"
#include "toxvol/report/candles.hpp"
#include "toxvol/report/charts.hpp"
#include "toxvol/report/fill_model.hpp"
#include "toxvol/report/headline.hpp"
#include "toxvol/report/index_page.hpp"
#include "toxvol/report/market_reader.hpp"
#include "toxvol/report/open_part.hpp"
#include "toxvol/report/page.hpp"
#include "toxvol/report/page_text.hpp"
#include "toxvol/report/provenance.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/stories.hpp"
#include "toxvol/report/study_page.hpp"
#include "toxvol/report/tables.hpp"
#include "toxvol/run/run_folder.hpp"

namespace toxvol::report {

namespace {

/// What stands in the page where the data go; once.
constexpr std::string_view kPlace = "\"toxvol-run-data\"";

/// The day alone where it begins there.
std::string short_time(std::string time) {
  constexpr std::string_view kMidnight = "T00:00:00Z";
  if (time.ends_with(kMidnight)) time.resize(time.size() - kMidnight.size());
  return time;
}

/// What is known of the preset that the run began as.
std::optional<PresetNote> preset_note(const RunFolder& folder, const Options& options) {
  for (const PresetNote& note : options.presets) {
    if (folder.run.preset == note.name) return note;
  }
  return std::nullopt;
}

Json collect(const RunFolder& folder, const Options& options) {
  const OpenPart open = open_part(folder);
  const Candles candles = read_candles(folder, options.market);
  // Another market than that of the run must not be shown beside it.
  const MarketReader market = candles.bars.empty() ? MarketReader{} : options.market;
  const Json baseline = Json::parse(options.baseline_config);
  const auto preset = preset_note(folder, options);
  Json results = result_tables(folder, open);
  if (Json found = evaluation_table(folder); !found.is_null()) results.push_back(std::move(found));
  return {{"title", fmt::format("{} \u00b7 {} to {}, UTC", folder.run.symbol,
                                short_time(to_string(folder.run.from)),
                                short_time(to_string(folder.run.to)))},
          {"caption", caption(folder)},
          {"headline", headline(folder, open, options.synthetic_label)},
          {"badges", badges(folder, preset)},
          {"tiles", tiles(folder)},
          {"waterfall", waterfall(folder, open)},
          {"kind", "run"},
          {"results", std::move(results)},
          {"drawdowns", worst_drawdowns(folder)},
          {"answers", answers(folder, open, market)},
          {"chart_data", chart_data(folder, open, candles)},
          {"stories", stories(folder, open, market)},
          {"funnel", is_script(folder) ? Json::array() : funnel_bars(folder)},
          {"reasons", is_script(folder) ? Json::array() : reason_bars(folder)},
          {"positions", position_table(folder, open)},
          {"orders", order_tables(folder)},
          {"data", data_tables(folder)},
          {"config", configuration(folder, baseline)},
          {"instrument", instrument_table(folder)},
          {"identity", identity(folder, preset)},
          {"command", command_line(folder, baseline)},
          {"caveats", caveats(folder)}};
}

}  // namespace

std::string page_data(const std::filesystem::path& run, const Options& options) {
  const RunFolder folder = open_run(run, options.count_again);
  try {
    return page_text(collect(folder, options));
  } catch (const Json::exception& fault) {
    throw Error(fmt::format("{}: run.json is damaged ({}); run the backtest again", run.string(),
                            fault.what()),
                ErrorCode::Corrupt);
  }
}

std::string fill_page(const std::string& page, const std::string& data) {
  const std::size_t place = page.find(kPlace);
  if (place == std::string::npos || page.find(kPlace, place + 1) != std::string::npos) {
    throw Error(fmt::format("the report's page does not have {} once; build web/ again", kPlace));
  }
  std::string filled = page.substr(0, place);
  filled.reserve(page.size() + data.size());
  // No text of the run may end the script block that holds it, or begin a comment in it.
  for (const char c : data) {
    if (c == '<') {
      filled += "\\u003c";
    } else {
      filled += c;
    }
  }
  return filled += page.substr(place + kPlace.size());
}

void write_report(const std::filesystem::path& run, const std::filesystem::path& out,
                  const Options& options) {
  io::write_file_atomically(out, fill_page(page(), page_data(run, options)));
}

void write_study(const std::filesystem::path& study, const std::filesystem::path& out) {
  io::write_file_atomically(out, fill_page(page(), study_data(study)));
}

void write_index(const std::filesystem::path& root, const std::filesystem::path& out,
                 const TrialCount& count_again) {
  io::write_file_atomically(out, fill_page(page(), index_data(root, count_again)));
}

}  // namespace toxvol::report
