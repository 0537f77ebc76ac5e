#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/core/fixed.hpp"
#include "toxvol/core/int128.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/stats/moments.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

/// Sums over the positions of one alpha, regime or exit. net = gross − slippage − fees + funding.
struct PositionGroup {
  std::int64_t positions = 0;
  Money gross{};
  Money slippage{};
  Money fees{};
  Money funding{};
  Money net{};
  std::optional<double> hit_rate;  // share of the closed ones with net > 0
};
/// In a fixed order, only groups that have a position.
using PositionGroups = std::vector<std::pair<std::string, PositionGroup>>;

/// How many minutes (from `submitted` on: decisions) came so far. A minute of a crowded regime is
/// asked neither for compression nor for pressure: it may come further without being counted there.
/// What passes: docs/schemas.md#funnel.
inline constexpr std::array<std::string_view, 9> kFunnelSteps = {
    "minutes",   "warm",  "regime_known", "compressed", "pressure",
    "not_toxic", "sized", "submitted",    "filled"};
using Funnel = std::array<std::int64_t, kFunnelSteps.size()>;

/// How many there are of each word of a vocabulary, in the order of the words.
template <class Enum>
struct CountBy : std::array<std::int64_t, trading::kCount<Enum>> {
  using Counts = std::array<std::int64_t, trading::kCount<Enum>>;
  using Counts::operator[];
  std::int64_t& operator[](Enum value) { return Counts::operator[](trading::index_of(value)); }
  std::int64_t operator[](Enum value) const { return Counts::operator[](trading::index_of(value)); }
  [[nodiscard]] std::int64_t sum() const {
    return std::accumulate(this->begin(), this->end(), std::int64_t{0});
  }
};

struct OrderCounts {
  std::int64_t submitted = 0;  // all
  std::int64_t filled = 0;
  std::int64_t canceled = 0;
  std::int64_t rejected = 0;
};

/// Minutes by what they lacked: the words of `mode` (A6, N2), those with a minute.
using Minutes = std::map<std::string, std::int64_t>;
struct DegradedMinutes {
  Minutes absent;   // the kind is no input of the run
  Minutes overdue;  // it is one, and its newest record was too old
};

/// What summary.json says, field by field; definitions and units: docs/schemas.md#summary.
struct Summary {
  Money start_equity{};
  Money end_equity{};
  Money gross{};
  Money slippage{};
  Money fees{};
  Money funding{};
  Money net{};
  std::optional<double> total_return;
  std::optional<double> max_drawdown;
  std::optional<double> sharpe_minute;
  std::optional<double> sharpe_annual;
  std::optional<double> volatility_annual;
  std::int64_t positions = 0;
  std::int64_t fills = 0;
  std::optional<double> maker_share;
  std::optional<double> hit_rate;
  std::optional<double> avg_hold_s;
  std::optional<double> turnover;
  std::optional<double> exposure;
  std::optional<double> break_even_fee_bp;
  PositionGroups by_alpha;
  PositionGroups by_regime;
  PositionGroups by_exit;
  Funnel funnel{};
  CountBy<trading::Reason> reasons{};
  OrderCounts orders;
  std::map<std::string, std::int64_t> quality;  // code → findings' rows, passed in
  DegradedMinutes degraded_minutes;
  CountBy<trading::Cap> caps{};  // the strategy's entries
  std::int64_t trials = 1;
  std::optional<double> psr;
  std::optional<double> dsr;
};

/// Makes a Summary from a run's records as they pass, in file order, in bounded memory (a few
/// bytes an entry order).
class SummaryBuilder {
 public:
  void add(const strategy::DecisionRow& row);
  void add(const trading::OrderRecord& order);
  void add(const trading::FillRecord& fill);
  void add(const trading::PositionRecord& position);
  void add(const trading::EquityRecord& sample);

  /// `kinds`: run.inputs, settled. Throws `Error` where a sum of money does not fit 64 bits.
  [[nodiscard]] Summary finish(std::map<std::string, std::int64_t> quality,
                               const Inputs& kinds) const;

 private:
  struct Sums {
    std::int64_t positions = 0, closed = 0, won = 0;
    Int128 realised = 0, slippage = 0, fees = 0, funding = 0;
  };
  static void add(Sums& sums, const trading::PositionRecord& position);
  [[nodiscard]] static PositionGroup group(const Sums& sums);
  void sample_return(const trading::EquityRecord& sample);
  void add_inference(Summary& summary) const;

  // Decisions.
  Funnel funnel_{};
  CountBy<trading::Reason> reasons_{};
  std::map<std::string, std::int64_t> modes_;
  // Orders.
  CountBy<trading::OrderStatus> order_status_{};
  std::set<Timestamp> submitted_;  // decisions with an entry order
  std::set<Timestamp> filled_;
  CountBy<trading::Cap> caps_{};
  // Fills.
  std::int64_t fills_ = 0;
  Int128 notional_ = 0;  // units of 1e-16
  Int128 maker_notional_ = 0;
  Int128 slippage_ = 0;
  // Positions.
  Sums all_;
  Int128 hold_ns_ = 0;
  std::array<Sums, trading::kCount<trading::Alpha>> by_alpha_{};
  std::array<Sums, trading::kCount<Regime> + 1> by_regime_{};       // the words, none
  std::array<Sums, trading::kCount<trading::Role> + 1> by_exit_{};  // the words, open
  // Equity.
  std::optional<trading::EquityRecord> first_;
  std::optional<trading::EquityRecord> last_;
  double max_drawdown_ = 0.0;
  Int128 exposed_ns_ = 0;
  std::optional<Money> sampled_before_;  // equity at the sample before `sampled_`
  std::optional<std::pair<Timestamp, Money>> sampled_;
  stats::Moments returns_;
};

}  // namespace toxvol::run
