#include "toxvol/catalog/store/perpetual.hpp"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "toxvol/catalog/store/instrument.hpp"
#include "toxvol/catalog/store/layout.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/atomic_file.hpp"

namespace toxvol::catalog {

namespace fs = std::filesystem;

namespace {

/// `BTCUSDT` → {BTC, USDT}.
std::pair<std::string, std::string> currencies(std::string_view symbol) {
  for (const std::string_view quote : {"USDT", "USDC", "BUSD", "BTC"}) {
    if (symbol.size() > quote.size() && symbol.ends_with(quote)) {
      return {std::string{symbol.substr(0, symbol.size() - quote.size())}, std::string{quote}};
    }
  }
  return {std::string{symbol}, "USDT"};
}

}  // namespace

void write_perpetual(const fs::path& catalog, const std::string& symbol,
                     const StoredInstrument& stored, Timestamp end) {
  const Instrument& instrument = stored.instrument;
  const auto [base, quote] = currencies(symbol);
  columnar::PerpetualFile perpetual{.instrument_id = instrument_id(symbol),
                                    .raw_symbol = symbol,
                                    .base_currency = base,
                                    .quote_currency = quote,
                                    .price_precision = stored.precision.price,
                                    .size_precision = stored.precision.size,
                                    .tick = at(instrument.tick, end),
                                    .lot = instrument.lot,
                                    .min_qty = instrument.min_qty,
                                    .min_notional = at(instrument.min_notional, end),
                                    .margin_init = Rate::from_raw(5'000'000),
                                    .margin_maint = Rate::from_raw(2'500'000)};
  for (const Fee& fee : at(instrument.fees, end)) {
    if (fee.tier != "VIP0") continue;
    perpetual.maker_fee = fee.maker;
    perpetual.taker_fee = fee.taker;
  }
  std::string bytes;
  columnar::write_perpetual(
      [&](std::span<const std::byte> piece) {
        bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
      },
      perpetual);
  const fs::path folder = catalog / folder_of(Table::Perpetual, symbol);
  fs::create_directories(folder);
  const fs::path path = folder / file_name(Timestamp{}, Timestamp{});
  if (fs::exists(path) && io::read_file(path) == bytes) return;
  io::write_file_atomically(path, bytes);
}

}  // namespace toxvol::catalog
