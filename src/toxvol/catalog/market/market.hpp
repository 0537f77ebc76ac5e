#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "toxvol/catalog/market/input_log.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/core/workers.hpp"

/// Reading a market back: from a catalog, or straight from Binance's files. Both give the same
/// records; memory holds a few blocks of each kind whatever the range.
namespace toxvol::catalog {

struct OpenedMarket {
  MarketData data;
  std::shared_ptr<InputLog> inputs;  // filled while `data` streams; outlives it
};

/// Rows with `from` <= ts_event < `to` (bars: open time) of the kinds asked for; a kind that the
/// catalog does not have is a stream without rows. Reads what NautilusTrader wrote as well: such
/// rows get their `ts_init` from their `ts_event`, as ours have. Throws `Error`, now or while
/// streaming. `workers`, where there are any, may read ahead; they outlive what is opened.
[[nodiscard]] OpenedMarket open(const std::filesystem::path& catalog, std::string_view symbol,
                                Timestamp from, Timestamp to, Inputs inputs,
                                Workers* workers = nullptr);

/// Rows of any of `parts`, which ascend and are apart, in one reading: a row group is read once
/// however many parts lie in it. No digest of them is made. As `open` else.
[[nodiscard]] MarketData open_parts(const std::filesystem::path& catalog, std::string_view symbol,
                                    std::span<const TimeRange> parts, Inputs inputs);

/// The same as `open` from raw files, nothing stored; a disordered file's rows are sorted in
/// `spill_folder`.
[[nodiscard]] OpenedMarket open_raw(const std::vector<std::filesystem::path>& raw,
                                    std::string_view symbol, Timestamp from, Timestamp to,
                                    Inputs inputs, const std::filesystem::path& spill_folder);

}  // namespace toxvol::catalog
