#include "toxvol/jobs/poison/trace.hpp"

#include <algorithm>
#include <cstddef>

#include "toxvol/run/record_difference.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::jobs {

namespace {

template <class Record>
void say(PoisonTrace::Many<Record>& many, const SaidRow& said, const Record& record) {
  const std::size_t number = many.rows.size();
  many.rows.push_back(said);
  if (many.wants && many.wants(number, said)) many.kept.emplace(number, record);
}

}  // namespace

void PoisonTrace::record(const strategy::DecisionRow& row) {
  SaidRow said{.known = known_.of(row),
               .ts = row.factors.ts,
               .hash = run::row_hash(row),
               .is_decision = row.decides && row.reason != trading::Reason::Warmup};
  // Rows are seen in order, whatever the latencies that were drawn for them (X3).
  if (!decisions.rows.empty()) said.known = std::max(said.known, decisions.rows.back().known);
  say(decisions, said, row);
}

void PoisonTrace::record(const trading::EquityRecord& sample) {
  say(equity, {.known = KnownThen::of(sample), .ts = sample.ts, .hash = run::row_hash(sample)},
      sample);
}

}  // namespace toxvol::jobs
