#include "nautilus_session.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "config_options.hpp"
#include "instrument_json.hpp"
#include "tick_memory.hpp"
#include "toxvol/config/config.hpp"
#include "toxvol/core/decimal.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/kind.hpp"
#include "toxvol/core/kline_flow.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/progress.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/engine/parity/hosted_run.hpp"
#include "toxvol/engine/profiles.hpp"
#include "toxvol/jobs/backtest.hpp"
#include "toxvol/jobs/config_options.hpp"
#include "toxvol/jobs/nautilus_session.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/enums.hpp"
#include "watch.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace toxvol::python {
namespace {

using Texts = std::vector<std::string>;
using trading::OrderId;

Timestamp time_of(std::int64_t ns) {
  return Timestamp{Duration{ns}};
}
std::int64_t ns_of(Timestamp ts) {
  return ts.time_since_epoch().count();
}

std::int64_t units(double value, std::string_view what) {
  if (const auto raw = raw_of_double(value)) return *raw;
  throw Error{fmt::format("NautilusTrader: {} {}: no number with eight decimals", what, value)};
}

std::optional<double> known(double value) {
  return std::isnan(value) ? std::nullopt : std::optional{value};
}

trading::RejectReason reason_of(std::string_view wanted) {
  using enum trading::RejectReason;
  for (const auto reason :
       {Tick, Lot, MinQty, ReduceOnly, NoQuote, MinNotional, Margin, PostOnly, RateLimit}) {
    if (name(reason) == wanted) return reason;
  }
  throw UsageError{fmt::format("reject reason {}: unknown", wanted)};
}

class Bridge;

/// What a tick handler (below) knows; it may outlive its run.
struct TickDoor {
  Bridge* bridge = nullptr;  // null: the run is over
  nb::object answer;
};

/// One run, with the flow of the minute whose bar is still to come.
class Bridge {
 public:
  Bridge(std::unique_ptr<jobs::NautilusSession> session, TickMemory memory)
      : session_{std::move(session)}, run_{session_->run()}, memory_{memory} {}
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;
  ~Bridge() {
    for (const auto& door : doors_) *door = {};
  }

  bool on_quote(nb::handle tick) {
    run_.on(memory_.quote(tick));
    return run_.has_commands();
  }
  bool on_trade(nb::handle tick) {
    run_.on(memory_.trade(tick));
    return run_.has_commands();
  }
  nb::tuple tick_handlers(nb::object answer);
  /// `On` of a tick, for a caller that knows no exceptions: a failure is kept, and is something to
  /// `take` too.
  template <bool (Bridge::*On)(nb::handle)>
  bool holds(nb::handle tick) noexcept {
    try {
      return (this->*On)(tick);
    } catch (...) {
      failure_ = std::current_exception();
      return true;
    }
  }
  void on_flow(std::int64_t ts_event, std::int64_t ts_init, double quote_volume, std::int64_t count,
               double taker_buy_volume, double taker_buy_quote_volume) {
    flow_.ts_event = time_of(ts_event);
    flow_.quote_volume = Money::from_raw(units(quote_volume, "quote_volume"));
    flow_.count = count;
    flow_.taker_buy_volume = Qty::from_raw(units(taker_buy_volume, "taker_buy_volume"));
    flow_.taker_buy_quote_volume =
        Money::from_raw(units(taker_buy_quote_volume, "taker_buy_quote_volume"));
    run_.flow(time_of(ts_init));
  }
  bool on_bar(std::int64_t ts_event, std::int64_t ts_init, std::int64_t open, std::int64_t high,
              std::int64_t low, std::int64_t close, std::int64_t volume,
              std::optional<std::int64_t> book) {
    Bar bar{.ts_event = time_of(ts_event), .ts_init = time_of(ts_init)};
    if (!join(bar, flow_)) {
      throw Error{fmt::format(
          "NautilusTrader: the bar of {} came without its KlineFlowData; add them to the data",
          to_string(time_of(ts_event)))};
    }
    bar.open = Price::from_raw(open);
    bar.high = Price::from_raw(high);
    bar.low = Price::from_raw(low);
    bar.close = Price::from_raw(close);
    bar.volume = Qty::from_raw(volume);
    run_.on(bar, book);
    return run_.has_commands();
  }
  bool on_metrics(std::int64_t ts_event, std::int64_t ts_init, double open_interest,
                  double open_interest_value, double toptrader_count_ls, double toptrader_sum_ls,
                  double count_ls, double taker_ls) {
    run_.on(Metrics{.ts_event = time_of(ts_event),
                    .ts_init = time_of(ts_init),
                    .open_interest = known(open_interest),
                    .open_interest_value = known(open_interest_value),
                    .toptrader_count_ls = known(toptrader_count_ls),
                    .toptrader_sum_ls = known(toptrader_sum_ls),
                    .count_ls = known(count_ls),
                    .taker_ls = known(taker_ls)});
    return run_.has_commands();
  }
  bool on_funding(std::int64_t ts_event, std::int64_t ts_init, double rate, std::int32_t hours) {
    run_.on(Funding{.ts_event = time_of(ts_event),
                    .ts_init = time_of(ts_init),
                    .rate = Rate::from_raw(units(rate, "funding_rate")),
                    .interval_hours = hours});
    return run_.has_commands();
  }
  bool on_alarm(std::int64_t ts) {
    run_.alarm(time_of(ts));
    return run_.has_commands();
  }

  void accepted(std::int64_t id, std::int64_t ts) { run_.accepted(OrderId{id}, time_of(ts)); }
  void rejected(std::int64_t id, std::string_view reason, std::int64_t ts) {
    run_.rejected(OrderId{id}, reason_of(reason), time_of(ts));
  }
  void canceled(std::int64_t id, std::int64_t ts) { run_.canceled(OrderId{id}, time_of(ts)); }
  void resized(std::int64_t id, std::int64_t quantity) {
    run_.resized(OrderId{id}, Qty::from_raw(quantity));
  }
  void filled(std::int64_t id, std::int64_t price, std::int64_t qty, bool is_maker,
              std::int64_t fee, std::int64_t position, double average, std::int64_t position_pnl,
              std::int64_t wallet, std::optional<std::int64_t> book, std::int64_t ts) {
    run_.filled(OrderId{id}, Price::from_raw(price), Qty::from_raw(qty), is_maker,
                {.fee = Money::from_raw(fee),
                 .position = Qty::from_raw(position),
                 .average = average,
                 .position_pnl = Money::from_raw(position_pnl),
                 .wallet = Money::from_raw(wallet)},
                book, time_of(ts));
  }
  void funded(std::int64_t paid, std::int64_t wallet, std::int64_t ts) {
    run_.funded(Money::from_raw(paid), Money::from_raw(wallet), time_of(ts));
  }

  /// (id, None) cancels; (id, (is_buy, tif, post_only, reduce_only, price, qty, role)) submits, the
  /// price None for MARKET.
  nb::list take() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    nb::list commands;
    for (const trading::Command& command : run_.take()) {
      if (const auto* cancel = std::get_if<trading::Cancel>(&command)) {
        commands.append(nb::make_tuple(static_cast<std::int64_t>(cancel->id), nb::none()));
        continue;
      }
      const auto& submit = std::get<trading::Submit>(command);
      const bool is_limit = submit.type == trading::OrderType::Limit;
      commands.append(nb::make_tuple(
          static_cast<std::int64_t>(submit.id),
          nb::make_tuple(submit.side == Side::Buy, std::string{name(submit.tif)}, submit.post_only,
                         submit.reduce_only,
                         is_limit ? nb::cast(submit.price.raw()) : nb::object{nb::none()},
                         submit.qty.raw(), std::string{name(submit.intent.role)})));
    }
    return commands;
  }
  std::vector<std::int64_t> alarms() const {
    std::vector<std::int64_t> times;
    times.reserve(session_->alarms().size());
    for (const Timestamp ts : session_->alarms()) times.push_back(ns_of(ts));
    return times;
  }

  /// What NautilusTrader has to be set up with.
  nb::dict facts() const {
    const jobs::Market& market = session_->market();
    const config::Config& config = session_->config();
    nb::dict facts;
    facts["symbol"] = config.symbol;
    facts["from"] = ns_of(market.from);
    facts["to"] = ns_of(market.to);
    facts["begin"] = ns_of(market.from - config::warmup(config));
    nb::list inputs;
    for (const KindFacts& kind : kKindFacts) {
      if (market.inputs[kind.kind]) inputs.append(std::string{kind.records});
    }
    facts["inputs"] = inputs;
    facts["deposit"] =
        config::engine_params(config, market.inputs, market.from, market.to).deposit.raw();
    facts["order_latency_ns"] = config.exchange.order_latency.value.count();
    facts["leverage"] = config.exchange.leverage;
    facts["trade_execution"] = config.exchange.trade_execution;
    facts["tier"] = config.strategy.costs.tier;
    facts["bnb_discount"] = config.strategy.costs.bnb_discount;
    facts["pays_funding"] = config.strategy.costs.funding;
    return facts;
  }

  /// The contract at the run's beginning, for toxvol.nautilus.instrument.
  std::string instrument(const std::string& catalog) const {
    const jobs::Market& market = session_->market();
    return catalog.empty()
               ? instrument_json(market.instrument, market.from)
               : instrument_json(session_->config().symbol, catalog, ns_of(market.from));
  }

  std::string finish(std::int64_t ts) {
    const nb::gil_scoped_release release;
    return session_->finish(time_of(ts));
  }
  const std::string& warning() const { return session_->warning(); }

 private:
  std::unique_ptr<jobs::NautilusSession> session_;
  engine::HostedRun& run_;
  TickMemory memory_;
  KlineFlow flow_;
  std::vector<std::shared_ptr<TickDoor>> doors_;
  std::exception_ptr failure_;  // of a tick handler
};

/// A C function that takes a tick: a Python frame and two looked-up attributes a tick would cost
/// more than all that is done with the tick.
template <bool (Bridge::*On)(nb::handle)>
PyObject* handle_tick(PyObject* self, PyObject* tick) {
  const auto* door =
      static_cast<std::shared_ptr<TickDoor>*>(PyCapsule_GetPointer(self, nullptr))->get();
  if (door->bridge == nullptr || !door->bridge->holds<On>(tick)) Py_RETURN_NONE;
  const nb::object answer = door->answer;  // the run may end in it
  try {
    return answer(nb::handle{tick}).release().ptr();
  } catch (nb::python_error& error) {
    error.restore();
    return nullptr;
  }
}

template <bool (Bridge::*On)(nb::handle)>
nb::object tick_handler(const std::shared_ptr<TickDoor>& door, const char* name) {
  static PyMethodDef definition{name, &handle_tick<On>, METH_O, nullptr};
  auto held = std::make_unique<std::shared_ptr<TickDoor>>(door);
  nb::object capsule = nb::steal(PyCapsule_New(held.get(), nullptr, [](PyObject* self) {
    delete static_cast<std::shared_ptr<TickDoor>*>(PyCapsule_GetPointer(self, nullptr));
  }));
  if (!capsule.is_valid()) throw nb::python_error{};
  static_cast<void>(held.release());
  nb::object handler = nb::steal(PyCFunction_NewEx(&definition, capsule.ptr(), nullptr));
  if (!handler.is_valid()) throw nb::python_error{};
  return handler;
}

nb::tuple Bridge::tick_handlers(nb::object answer) {
  const auto& door = doors_.emplace_back(std::make_shared<TickDoor>(this, std::move(answer)));
  return nb::make_tuple(tick_handler<&Bridge::on_quote>(door, "on_quote"),
                        tick_handler<&Bridge::on_trade>(door, "on_trade"));
}

Inputs inputs_of(const Texts& names) {
  Inputs inputs;
  for (const std::string& name : names) {
    const auto kind = std::find_if(kKindFacts.begin(), kKindFacts.end(),
                                   [&](const KindFacts& known) { return known.records == name; });
    if (kind == kKindFacts.end()) {
      throw UsageError{
          fmt::format("inputs {}: one of trades, quotes, bars, metrics, funding", name)};
    }
    inputs[kind->kind] = true;
  }
  return inputs;
}

}  // namespace

void bind_nautilus(nb::module_& m) {
  nb::class_<TickMemory>(m, "TickMemory", "Where NautilusTrader's ticks keep their fields")
      .def(nb::init<nb::handle, nb::handle>(), "quote"_a, "trade"_a,
           "Of samples made from the fields below")
      .def_static(
          "sample_quote",
          [] {
            constexpr SampleQuote kSample;
            return nb::make_tuple(kSample.bid, kSample.ask, kSample.bid_size, kSample.ask_size,
                                  kSample.ts_event, kSample.ts_init);
          },
          "The fields of the QuoteTick to give, as `from_raw` takes them")
      .def_static(
          "sample_trade",
          [] {
            constexpr SampleTrade kSample;
            return nb::make_tuple(kSample.price, kSample.size, kSample.ts_event, kSample.ts_init);
          },
          "The fields of the TradeTick to give");
  nb::class_<Bridge>(m, "NautilusSession",
                     "One run of the strategy inside NautilusTrader; decimals are units of 1e-8")
      .def("on_quote", &Bridge::on_quote, "tick"_a,
           "A QuoteTick; whether there is something to `take`")
      .def("on_trade", &Bridge::on_trade, "tick"_a,
           "A TradeTick; whether there is something to `take`")
      .def(
          "tick_handlers", &Bridge::tick_handlers, "answer"_a,
          "`on_quote` and `on_trade` for a message bus, without a Python frame a tick: `answer` is "
          "called with the tick where there is something to `take`, or to raise")
      .def("on_flow", &Bridge::on_flow, "ts_event"_a, "ts_init"_a, "quote_volume"_a, "count"_a,
           "taker_buy_volume"_a, "taker_buy_quote_volume"_a,
           "What a kline says beside its bar, before that bar")
      .def("on_bar", &Bridge::on_bar, "ts_event"_a, "ts_init"_a, "open"_a, "high"_a, "low"_a,
           "close"_a, "volume"_a, "book"_a.none(),
           "A closed minute; whether there is something to `take`")
      .def("on_metrics", &Bridge::on_metrics, "ts_event"_a, "ts_init"_a, "open_interest"_a,
           "open_interest_value"_a, "toptrader_count_ls"_a, "toptrader_sum_ls"_a, "count_ls"_a,
           "taker_ls"_a,
           "Open interest and ratios, NaN where absent; whether there is something to `take`")
      .def("on_funding", &Bridge::on_funding, "ts_event"_a, "ts_init"_a, "rate"_a, "hours"_a,
           "A funding rate; whether there is something to `take`")
      .def("on_alarm", &Bridge::on_alarm, "ts"_a,
           "A time that `alarms` asked for; whether there is something to `take`")
      .def("accepted", &Bridge::accepted, "id"_a, "ts"_a, "An order rests")
      .def("rejected", &Bridge::rejected, "id"_a, "reason"_a, "ts"_a, "An order was refused")
      .def("canceled", &Bridge::canceled, "id"_a, "ts"_a, "An order is gone")
      .def("resized", &Bridge::resized, "id"_a, "quantity"_a,
           "The quantity of an order was changed")
      .def("filled", &Bridge::filled, "id"_a, "price"_a, "qty"_a, "is_maker"_a, "fee"_a,
           "position"_a, "average"_a, "position_pnl"_a, "wallet"_a, "book"_a.none(), "ts"_a,
           "A fill, and the account after it")
      .def("funded", &Bridge::funded, "paid"_a, "wallet"_a, "ts"_a, "Funding was paid")
      .def("take", &Bridge::take, "The commands that wait; raises what a tick handler met")
      .def("alarms", &Bridge::alarms, "Times at which `on_alarm` is wanted")
      .def("facts", &Bridge::facts, "What the strategy must know of the run before its first tick")
      .def("instrument", &Bridge::instrument, "catalog"_a, "The contract as JSON")
      .def("finish", &Bridge::finish, "ts"_a, "Writes the run folder; where it is")
      .def("warning", &Bridge::warning, "One line for the user, or an empty one");
  m.def(
      "nautilus_profiles",
      [] {
        nb::dict profiles;
        for (const engine::ProfileFacts& one : engine::kProfiles) {
          if (!one.release.empty()) profiles[nb::cast(one.release)] = nb::cast(one.name);
        }
        return profiles;
      },
      "Releases of NautilusTrader → the profile that imitates each");
  m.def(
      "open_nautilus_session",
      [](const TickMemory& memory, std::string release, std::string catalog, Texts raw,
         std::string preset, std::string config, Texts sets, std::string from, std::string to,
         std::string trials, std::string orders, std::string out, bool force, const Texts& inputs,
         std::int64_t starts, Texts argv, const nb::object& progress) {
        jobs::NautilusRequest request{.release = std::move(release),
                                      .market = market_options(std::move(catalog), std::move(raw),
                                                               std::move(from), std::move(to)),
                                      .config = jobs::resolve({.preset = std::move(preset),
                                                               .file = std::move(config),
                                                               .sets = std::move(sets),
                                                               .symbol = {}}),
                                      .trials = std::move(trials),
                                      .orders = std::move(orders),
                                      .out = std::move(out),
                                      .force = force,
                                      .inputs = inputs_of(inputs),
                                      .starts = time_of(starts),
                                      .argv = std::move(argv)};
        auto session = watched(
            progress, [&](Progress& watch) { return jobs::open_nautilus_session(request, watch); });
        return std::make_unique<Bridge>(std::move(session), memory);
      },
      "memory"_a, nb::kw_only(), "release"_a, "catalog"_a, "raw"_a, "preset"_a, "config"_a,
      "sets"_a, "from_"_a, "to"_a, "trials"_a, "orders"_a, "out"_a, "force"_a, "inputs"_a,
      "starts"_a, "argv"_a, "progress"_a.none(), "A run whose host is NautilusTrader");
}

}  // namespace toxvol::python
