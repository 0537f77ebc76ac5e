#include "toxvol/catalog/jobs/infer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "toxvol/catalog/jobs/parallel.hpp"
#include "toxvol/catalog/raw/checksum.hpp"
#include "toxvol/catalog/raw/discovery.hpp"
#include "toxvol/catalog/raw/numbers.hpp"
#include "toxvol/catalog/raw/sequence.hpp"
#include "toxvol/catalog/raw/source_error.hpp"
#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kinds.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time_range.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

/// The most decimals seen, trailing zeros stripped.
struct MostDecimals {
  Precision seen{.price = 0, .size = 0};
  std::int64_t price_step = Price::kOne;
  std::int64_t size_step = Qty::kOne;
  void price(std::int64_t raw, std::string_view /*column*/) {
    if (raw % price_step == 0) return;
    seen.price = decimals(raw);
    price_step = power_of_ten(Price::kDecimals - seen.price);
  }
  void size(std::int64_t raw, std::string_view /*column*/) {
    if (raw % size_step == 0) return;
    seen.size = decimals(raw);
    size_step = power_of_ten(Qty::kDecimals - seen.size);
  }
};

/// Of the rows that are kept; nothing where none is, or the file is skipped whole.
std::optional<Precision> decimals_of(const SourceFile& file, const SequenceOptions& options) {
  try {
    verify_checksum(file);
    return with_kind(file.kind, [&]<class Record>(std::type_identity<Record>) {
      return read_in_any_order<Record>(file, options, [](SequencedFile<Record>& rows) {
        MostDecimals most;
        bool any = false;
        while (const auto block = rows.next()) {
          any = true;
          for (const Record& row : block->rows) visit_numbers(row, most);
        }
        return any ? std::optional{most.seen} : std::nullopt;
      });
    });
  } catch (const SourceError&) {
    // It is named when its turn to be read comes.
    return std::nullopt;
  }
}

/// From the first day to the last of files, of which there are some.
TimeRange period_of(const std::vector<const SourceFile*>& files) {
  TimeRange all = files.front()->period();
  for (const SourceFile* file : files) {
    const TimeRange period = file->period();
    all.from = std::min(all.from, period.from);
    all.to = std::max(all.to, period.to);
  }
  return all;
}

std::optional<Precision> kept_decimals(const std::vector<const SourceFile*>& files,
                                       const std::string& symbol, int jobs,
                                       const fs::path& spill_folder, Progress& progress) {
  std::int64_t bytes = 0;
  for (const SourceFile* file : files) bytes += file->bytes;
  progress.begin(fmt::format("inferring the tick of {}", symbol), bytes);
  std::optional<Precision> most;
  std::mutex mutex;
  ThreadPool pool{jobs};
  pool.for_each(files.size(), [&](std::size_t i) {
    SequenceOptions options;
    options.workers = &pool;
    options.spill_folder = spill_folder;
    options.detect = false;
    options.progress = [&](std::int64_t /*bytes*/, std::int64_t rows) {
      progress.advance(0, rows);
    };
    const auto found = decimals_of(*files[i], options);
    progress.advance(files[i]->bytes, 0);
    if (!found) return;
    const std::scoped_lock lock{mutex};
    if (!most) most = Precision{.price = 0, .size = 0};
    most->price = std::max(most->price, found->price);
    most->size = std::max(most->size, found->size);
  });
  return most;
}

}  // namespace

std::optional<StoredInstrument> find_instrument(const std::vector<SourceFile>& files,
                                                const std::string& symbol,
                                                const KnownInstruments& known_table, int jobs,
                                                const fs::path& spill_folder, Progress& progress) {
  std::vector<const SourceFile*> own;
  std::vector<const SourceFile*> priced;
  for (const SourceFile& file : files) {
    if (file.symbol != symbol) continue;
    own.push_back(&file);
    if (has_prices(file.kind)) priced.push_back(&file);
  }
  if (own.empty()) return std::nullopt;
  if (const auto known = known_table ? known_table(symbol) : std::nullopt) {
    const TimeRange all = period_of(priced.empty() ? own : priced);
    return known_instrument(*known, all.from, all.to);
  }
  const auto most = kept_decimals(priced, symbol, jobs, spill_folder, progress);
  if (!most) return std::nullopt;
  return infer_instrument(symbol, *most);
}

StoredInstrument instrument_of(const std::vector<SourceFile>& files, const std::string& symbol,
                               const KnownInstruments& known, int jobs,
                               const fs::path& spill_folder, Progress& progress) {
  auto found = find_instrument(files, symbol, known, jobs, spill_folder, progress);
  if (found) return *std::move(found);
  throw Error{
      fmt::format("{}: no row with a price can be used, so its tick is not known; toxvol check "
                  "--deep names what is wrong with the files",
                  symbol)};
}

}  // namespace toxvol::catalog
