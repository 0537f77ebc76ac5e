#include "toxvol/engine/realistic/account.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "toxvol/core/assert.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/instrument.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/books/outbox.hpp"
#include "toxvol/engine/exchange_time.hpp"
#include "toxvol/engine/latency.hpp"
#include "toxvol/engine/ledger/balance.hpp"
#include "toxvol/engine/ledger/exact.hpp"
#include "toxvol/engine/ledger/ledger.hpp"
#include "toxvol/engine/ledger/rates.hpp"
#include "toxvol/engine/params.hpp"
#include "toxvol/engine/realistic/order.hpp"
#include "toxvol/trading/costs.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::engine {

Account::Account(const EngineParams& params, const Instrument& instrument,
                 const LatencyModel& latency, Outbox& outbox, trading::Recorder& recorder)
    : params_{params},
      instrument_{instrument},
      latency_{latency},
      outbox_{outbox},
      ledger_{params.deposit, params.exchange.leverage},
      books_{params.deposit, outbox, recorder} {}

void Account::fill(Order& order, const Execution& execution) {
  TOXVOL_ASSERT(execution.qty > Qty{} && execution.qty <= order.remaining);
  const Timestamp ts = execution.at;
  const bool is_maker = execution.liquidity == trading::Liquidity::Maker;
  const bool is_liquidation = execution.rule == trading::FillRule::Liq;
  const Fee& fees = trading::fee_at(instrument_, params_.costs, ts);
  const Rate clearance = is_liquidation && !instrument_.clearance_fee.empty()
                             ? at(instrument_.clearance_fee, ts)
                             : Rate{};
  const Money fee =
      fee_on(notional(execution.price, execution.qty), is_maker ? fees.maker : fees.taker,
             params_.costs.bnb_discount, clearance);

  const Booked booked = ledger_.fill(order.side, execution.price, execution.qty, fee);
  ledger_.check(mark());
  order.remaining -= execution.qty;
  const bool is_done = order.remaining == Qty{};
  if (is_done) order.working = false;

  const auto id = static_cast<std::int64_t>(order.record.submit.id);
  const Duration delay = latency_.of_data(execution.cause_kind, execution.cause.value_or(id));
  books_.fill(order.record, order.average, is_done,
              {.ts = ts,
               .price = execution.price,
               .qty = execution.qty,
               .fee = fee,
               .liquidity = execution.liquidity,
               .rule = execution.rule,
               .cause = execution.cause,
               .booked = booked},
              outbox_.monotone(ts + delay), ledger_.balance(mark()));
}

void Account::fund(const Funding& funding, ExchangeTime now) {
  const std::optional<Mark>& current = mark();
  if (ledger_.position() == Qty{} || !current) return;
  const Money paid = ledger_.fund(funding.rate, *current);
  books_.fund(paid, now, ledger_.balance(current));
}

void Account::close_liquidation(const Ledger& before, ExchangeTime now) {
  const Money loss = before.realised() - ledger_.realised() + ledger_.fees() - before.fees();
  ledger_.insure(std::max(Money{}, loss - before.margin()));
  sample(now, trading::EquityCause::Liquidation);
}

void Account::sample(ExchangeTime now, trading::EquityCause cause) {
  ledger_.check(mark());
  books_.sample(now, cause, ledger_.balance(mark()));
}

}  // namespace toxvol::engine
