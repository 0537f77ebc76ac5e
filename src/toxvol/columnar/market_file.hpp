#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/funding_update.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/stream.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_range.hpp"
#include "toxvol/core/workers.hpp"

/// Files of market data as NautilusTrader's catalog has them (docs/data.md#catalog). One class
/// writes and one reads each kind: `Trade`, `Quote`, `Bar`, `KlineFlow`, `Metrics`, `Funding`.
/// `FundingUpdate` is written only: it repeats what `Funding` says.
namespace toxvol::columnar {

/// A number that its double would not give back: the catalog holds only exact ones.
class InexactNumber : public Error {
 public:
  using Error::Error;
};

/// What the footer of a file says of all its rows.
struct MarketFormat {
  std::string instrument_id;  // "BTCUSDT-PERP.BINANCE"
  int price_precision = 0;    // decimals
  int size_precision = 0;
  bool plain = false;  // without the trailing columns of ours (docs/data.md#plain)
};

/// Takes the bytes of a file in order. May throw; the exception comes out of the writer's call.
using ByteSink = std::function<void(std::span<const std::byte>)>;

/// Rows to a Parquet file, 65,536 a row group. Same rows, same bytes, whoever encodes them.
template <class Record>
class MarketWriter {
 public:
  /// `workers` encode row groups while rows come; they must outlive the writer. Null: nobody does.
  MarketWriter(ByteSink sink, const MarketFormat& format, Workers* workers = nullptr);
  MarketWriter(const MarketWriter&) = delete;
  MarketWriter& operator=(const MarketWriter&) = delete;
  MarketWriter(MarketWriter&&) noexcept;
  MarketWriter& operator=(MarketWriter&&) = delete;
  ~MarketWriter();

  /// Throws `InexactNumber` for a number of `KlineFlow` or `Funding` that its double would not give
  /// back.
  void write(std::span<const Record> rows);
  /// Writes what is left and the footer. Without it there is no file.
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

template <>
class MarketWriter<FundingUpdate> {
 public:
  MarketWriter(ByteSink sink, const MarketFormat& format, Workers* workers = nullptr);
  void write(std::span<const FundingUpdate> rows);
  void close();

 private:
  ByteSink sink_;
  std::string instrument_id_;
  std::vector<FundingUpdate> rows_;
};

/// Rows of one file in its order. Reads what `MarketWriter` wrote and what NautilusTrader writes:
/// any codec, encoding and row groups; the trailing columns of ours may be absent (ids then count
/// from 1, `ts_sent` is `ts_event`).
template <class Record>
class MarketReader {
 public:
  /// Throws `Error` when it is no Parquet file or has other columns.
  /// `workers`, where there are any, may read ahead; they outlive the reader.
  explicit MarketReader(const std::string& path, Workers* workers = nullptr);
  MarketReader(const MarketReader&) = delete;
  MarketReader& operator=(const MarketReader&) = delete;
  MarketReader(MarketReader&&) noexcept;
  MarketReader& operator=(MarketReader&&) noexcept;
  ~MarketReader();

  /// Whether this program wrote it (footer key `toxvol.schema`): its times are then in order.
  [[nodiscard]] bool ours() const;
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] const MarketFormat& format() const;

  /// Leaves out row groups that lie wholly outside all of `parts` by `ts_init`; call before `next`.
  /// Rows of other groups are not filtered.
  void skip_outside(std::vector<TimeRange> parts);

  /// Leaves out the row groups ahead that lie wholly before `ts` by `ts_init`; gives whether there
  /// were any.
  bool skip_before(Timestamp ts);
  /// Whether no row group is left.
  [[nodiscard]] bool at_end() const;

  /// Some thousands of rows, valid until the next call; empty at the end. Throws `Error` for a
  /// price or size that is no whole multiple of 1e-8 and for a null.
  [[nodiscard]] std::span<const Record> next();
  /// The same rows, to be held.
  [[nodiscard]] SharedRows<Record> next_shared();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// What NautilusTrader's CryptoPerpetual needs; decimals are written with the precisions.
struct PerpetualFile {
  std::string instrument_id;
  std::string raw_symbol;      // "BTCUSDT"
  std::string base_currency;   // "BTC"
  std::string quote_currency;  // "USDT"
  int price_precision = 0;
  int size_precision = 0;
  Price tick{};
  Qty lot{};
  Qty min_qty{};
  Money min_notional{};
  Rate margin_init{};
  Rate margin_maint{};
  Rate maker_fee{};
  Rate taker_fee{};
};

/// One row of `crypto_perpetual`, `ts_event` = `ts_init` = 0: valid for all times.
void write_perpetual(const ByteSink& sink, const PerpetualFile& perpetual);

/// Whether this program wrote the file in layout 1 (docs/data.md#layouts): an instrument without
/// `lot_size`, custom data without `type_name`. False for a file that cannot be read.
[[nodiscard]] bool is_layout_1(const std::string& path);

/// The bytes that `write_perpetual` writes today, of a file that it wrote in layout 1. Throws
/// `Error`.
void write_upgraded_perpetual(const ByteSink& sink, const std::string& path);

extern template class MarketWriter<Trade>;
extern template class MarketWriter<Quote>;
extern template class MarketWriter<Bar>;
extern template class MarketWriter<KlineFlow>;
extern template class MarketWriter<Metrics>;
extern template class MarketWriter<Funding>;
extern template class MarketReader<Trade>;
extern template class MarketReader<Quote>;
extern template class MarketReader<Bar>;
extern template class MarketReader<KlineFlow>;
extern template class MarketReader<Metrics>;
extern template class MarketReader<Funding>;

}  // namespace toxvol::columnar
