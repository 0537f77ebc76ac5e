#include "toxvol/run/record_reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/factors/factor_row.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/run/tables.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

namespace {

namespace fs = std::filesystem;

/// How many enumerators each vocabulary has, to search it by name.
constexpr int count_of(trading::Role) {
  return 9;
}
constexpr int count_of(trading::Alpha) {
  return 3;
}
constexpr int count_of(trading::OrderType) {
  return 2;
}
constexpr int count_of(trading::TimeInForce) {
  return 3;
}
constexpr int count_of(trading::OrderStatus) {
  return 4;
}
constexpr int count_of(trading::RejectReason) {
  return 12;
}
constexpr int count_of(trading::TriggerKind) {
  return 5;
}
constexpr int count_of(trading::CommandKind) {
  return 2;
}
constexpr int count_of(trading::CommandOutcome) {
  return 4;
}
constexpr int count_of(trading::Liquidity) {
  return 2;
}
constexpr int count_of(trading::FillRule) {
  return 9;
}
constexpr int count_of(trading::EquityCause) {
  return 6;
}
constexpr int count_of(trading::Cap) {
  return 4;
}
constexpr int count_of(trading::Reason) {
  return kReasons;
}

/// Takes the values of one row in schema order.
class RowCursor {
 public:
  RowCursor(const std::string& path, const columnar::Schema& schema,
            const columnar::TableBlock& block, std::size_t row)
      : path_{path}, schema_{schema}, block_{block}, row_{row} {}

  std::optional<std::int64_t> integer() { return next().integer(row_); }
  std::optional<double> real() { return next().real(row_); }
  std::optional<std::string_view> text() { return next().text(row_); }
  bool flag() { return *integer() != 0; }
  std::optional<bool> maybe_flag() {
    const auto value = integer();
    return value ? std::optional{*value != 0} : std::nullopt;
  }
  Timestamp ts() { return from_ns(*integer()); }
  std::optional<Timestamp> maybe_ts() {
    const auto value = integer();
    return value ? std::optional{from_ns(*value)} : std::nullopt;
  }
  template <class F>
  F fixed() {
    return F::from_raw(*integer());
  }
  template <class F>
  std::optional<F> maybe_fixed() {
    const auto value = integer();
    return value ? std::optional{F::from_raw(*value)} : std::nullopt;
  }
  /// The enumerator of this name; the first one ("none") for null.
  template <class Enum>
  Enum word() {
    const std::string_view text = this->text().value_or("");
    for (int value = 0; value < count_of(Enum{}); ++value) {
      if (trading::name(static_cast<Enum>(value)) == text) return static_cast<Enum>(value);
    }
    unknown(text);
  }
  /// The same where null is no enumerator.
  template <class Enum>
  std::optional<Enum> maybe_word() {
    if (block_.columns[at_].is_null(row_)) {
      ++at_;
      return std::nullopt;
    }
    return word<Enum>();
  }
  std::optional<trading::Regime> maybe_regime() {
    const auto text = this->text();
    if (!text) return std::nullopt;
    for (const auto regime :
         {trading::Regime::CrowdedLong, trading::Regime::Neutral, trading::Regime::CrowdedShort}) {
      if (trading::name(regime) == *text) return regime;
    }
    unknown(*text);
  }
  Side side(std::string_view buy) {
    const std::string_view text = *this->text();
    if (text == buy) return Side::Buy;
    if (text == (buy == "buy" ? "sell" : "short")) return Side::Sell;
    unknown(text);
  }
  /// `O-12`, `P-3` → the number.
  std::int64_t id(std::string_view prefix) {
    const auto value = maybe_id(prefix);
    if (!value) unknown("null");
    return *value;
  }
  std::optional<std::int64_t> maybe_id(std::string_view prefix) {
    const auto text = this->text();
    if (!text) return std::nullopt;
    std::int64_t value = 0;
    const char* end = text->data() + text->size();
    if (!text->starts_with(prefix)) unknown(*text);
    const auto [stop, fault] = std::from_chars(text->data() + prefix.size(), end, value);
    if (fault != std::errc{} || stop != end) unknown(*text);
    return value;
  }

 private:
  const columnar::ColumnBlock& next() { return block_.columns[at_++]; }

  [[noreturn]] void unknown(std::string_view text) const {
    throw Error("cannot read " + path_ + ": column " + schema_[at_ - 1].name + ": unknown value '" +
                std::string{text} + "'");
  }

  const std::string& path_;
  const columnar::Schema& schema_;
  const columnar::TableBlock& block_;
  std::size_t row_;
  std::size_t at_ = 0;
};

/// What the files say against the contract, or nothing.
void check_schema(const std::string& path, const columnar::Schema& is,
                  const columnar::Schema& wanted) {
  for (std::size_t i = 0; i < std::max(is.size(), wanted.size()); ++i) {
    const std::string a = i < is.size() ? columnar::to_string(is[i]) : "nothing";
    const std::string b = i < wanted.size() ? columnar::to_string(wanted[i]) : "nothing";
    if (a != b) {
      throw Error("cannot read " + path + ": column " + std::to_string(i + 1) + " is " + a +
                  ", should be " + b);
    }
  }
}

template <class Use>
void for_each_row(const fs::path& run, std::string_view table, const Use& use) {
  const std::string path = (run / (std::string{table} + ".parquet")).string();
  columnar::TableReader reader{path};
  const columnar::Schema schema = table_schema(table);
  check_schema(path, reader.schema(), schema);
  while (const auto block = reader.next()) {
    for (std::size_t row = 0; row < block->rows; ++row) {
      RowCursor cursor{path, schema, *block, row};
      use(cursor);
    }
  }
}

factors::FactorRow take_factors(RowCursor& row) {
  factors::FactorRow factors;
  factors.ts = row.ts();
  factors.ts_init = row.ts();
  factors.close = row.fixed<Price>();
  factors.bid = row.maybe_fixed<Price>();
  factors.ask = row.maybe_fixed<Price>();
  for (const FactorColumn& column : factor_columns()) factors.*column.field = row.real();
  static_cast<void>(row.integer());  // f3 says what regime says
  factors.toxic = row.maybe_flag();
  const auto regime = row.maybe_regime();
  factors.regime =
      regime ? std::optional{static_cast<factors::RegimeState>(*regime)} : std::nullopt;
  factors.mode = *row.text();
  return factors;
}

}  // namespace

void for_each_decision(const fs::path& run,
                       const std::function<void(const strategy::DecisionRow&)>& use) {
  for_each_row(run, "decisions", [&](RowCursor& row) {
    strategy::DecisionRow decision;
    decision.factors = take_factors(row);
    decision.decides = row.flag();
    decision.factors.decides = decision.decides;
    decision.alpha = row.word<trading::Alpha>();
    if (const auto direction = row.integer()) decision.direction = static_cast<int>(*direction);
    decision.position = row.fixed<Qty>();
    decision.reason = row.word<trading::Reason>();
    use(decision);
  });
}

std::vector<trading::OrderRecord> read_orders(const fs::path& run) {
  std::vector<trading::OrderRecord> orders;
  for_each_row(run, "orders", [&](RowCursor& row) {
    trading::OrderRecord& order = orders.emplace_back();
    trading::Submit& submit = order.submit;
    trading::Intent& intent = submit.intent;
    submit.id = static_cast<trading::OrderId>(row.id("O-"));
    order.position = row.maybe_id("P-");
    intent.role = row.word<trading::Role>();
    intent.alpha = row.word<trading::Alpha>();
    submit.side = row.side("buy");
    submit.type = row.word<trading::OrderType>();
    submit.tif = row.word<trading::TimeInForce>();
    submit.post_only = row.flag();
    submit.reduce_only = row.flag();
    submit.price = row.maybe_fixed<Price>().value_or(Price{});
    submit.qty = row.fixed<Qty>();
    order.filled_qty = row.fixed<Qty>();
    order.avg_price = row.maybe_fixed<Price>();
    intent.ts_decision = row.ts();
    order.ts_submit = row.ts();
    order.ts_arrive = row.maybe_ts();
    order.ts_accepted = row.maybe_ts();
    order.ts_done = row.maybe_ts();
    order.status = row.word<trading::OrderStatus>();
    order.reject_reason = row.word<trading::RejectReason>();
    if (const auto replaced = row.maybe_id("O-")) {
      submit.replaces = static_cast<trading::OrderId>(*replaced);
    }
    intent.trigger_kind = row.word<trading::TriggerKind>();
    intent.trigger_price = row.maybe_fixed<Price>();
    intent.trigger_ts = row.maybe_ts();
    order.bid = row.maybe_fixed<Price>();
    order.ask = row.maybe_fixed<Price>();
    order.queue_ahead = row.maybe_fixed<Qty>();
    intent.cap = row.maybe_word<trading::Cap>();
    intent.qty_uncapped = row.maybe_fixed<Qty>();
  });
  return orders;
}

std::vector<trading::CommandRecord> read_commands(const fs::path& run) {
  std::vector<trading::CommandRecord> commands;
  for_each_row(run, "commands", [&](RowCursor& row) {
    trading::CommandRecord& command = commands.emplace_back();
    command.seq = *row.integer();
    command.ts_sent = row.ts();
    command.ts_arrive = row.maybe_ts();
    command.kind = row.word<trading::CommandKind>();
    command.order = static_cast<trading::OrderId>(row.id("O-"));
    command.outcome = row.word<trading::CommandOutcome>();
  });
  return commands;
}

std::vector<trading::FillRecord> read_fills(const fs::path& run) {
  std::vector<trading::FillRecord> fills;
  for_each_row(run, "fills", [&](RowCursor& row) {
    trading::FillRecord& fill = fills.emplace_back();
    fill.fill_id = *row.integer();
    fill.order = static_cast<trading::OrderId>(row.id("O-"));
    fill.position = row.id("P-");
    fill.ts = row.ts();
    fill.ts_init = row.ts();
    fill.side = row.side("buy");
    fill.liquidity = row.word<trading::Liquidity>();
    fill.price = row.fixed<Price>();
    fill.qty = row.fixed<Qty>();
    fill.fee = row.fixed<Money>();
    fill.mid_decision = row.real();
    fill.mid_fill = row.real();
    fill.slippage = row.maybe_fixed<Money>();
    fill.position_after = row.fixed<Qty>();
    fill.balance_after = row.fixed<Money>();
    fill.equity_after = row.fixed<Money>();
    fill.rule = row.word<trading::FillRule>();
    fill.cause = row.integer();
  });
  return fills;
}

std::vector<trading::PositionRecord> read_positions(const fs::path& run) {
  std::vector<trading::PositionRecord> positions;
  for_each_row(run, "positions", [&](RowCursor& row) {
    trading::PositionRecord& position = positions.emplace_back();
    position.position = row.id("P-");
    position.alpha = row.word<trading::Alpha>();
    position.side = row.side("long");
    position.regime_open = row.maybe_regime();
    position.exit_role = row.maybe_word<trading::Role>();
    position.ts_open = row.ts();
    position.ts_close = row.maybe_ts();
    position.qty_max = row.fixed<Qty>();
    position.avg_entry = row.fixed<Price>();
    position.avg_exit = row.maybe_fixed<Price>();
    position.stop = row.maybe_fixed<Price>();
    position.take_profit = row.maybe_fixed<Price>();
    position.n_fills = static_cast<std::int32_t>(*row.integer());
    position.realised = row.fixed<Money>();
    position.fees = row.fixed<Money>();
    position.funding = row.fixed<Money>();
    position.slippage = row.maybe_fixed<Money>();
    static_cast<void>(row.integer());  // net: of the three above; `verify` compares
    position.mae_bp = row.real();
    position.mfe_bp = row.real();
    position.sigma_open = row.real();
    position.funding_tailwind = row.maybe_flag();
  });
  return positions;
}

void for_each_equity(const fs::path& run,
                     const std::function<void(const trading::EquityRecord&)>& use) {
  for_each_row(run, "equity", [&](RowCursor& row) {
    trading::EquityRecord sample;
    sample.seq = *row.integer();
    sample.ts = row.ts();
    sample.cause = row.word<trading::EquityCause>();
    if (const auto mark = row.maybe_fixed<Price>()) sample.mark = mark->to_double();
    sample.position = row.fixed<Qty>();
    sample.realised = row.fixed<Money>();
    sample.fees = row.fixed<Money>();
    sample.funding = row.fixed<Money>();
    sample.unrealised = row.fixed<Money>();
    sample.insurance = row.fixed<Money>();
    sample.equity = row.fixed<Money>();
    sample.margin = row.fixed<Money>();
    sample.drawdown = *row.real();
    use(sample);
  });
}

}  // namespace toxvol::run
