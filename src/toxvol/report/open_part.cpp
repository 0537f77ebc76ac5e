#include "toxvol/report/open_part.hpp"

#include "toxvol/core/fixed.hpp"
#include "toxvol/report/run_folder.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/record_reader.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::report {

OpenPart open_part(const RunFolder& folder) {
  OpenPart open;
  run::for_each_record<trading::PositionRecord>(folder.path,
                                                [&open](const trading::PositionRecord& position) {
                                                  if (!position.ts_close) open.position = position;
                                                });
  run::for_each_record<trading::EquityRecord>(folder.path,
                                              [&open](const trading::EquityRecord& row) {
                                                open.value = row.unrealised;
                                                open.insurance = row.insurance;
                                              });
  return open;
}

Money net_of(const trading::PositionRecord& position, const OpenPart& open) {
  const Money realised = run::net(position);
  return position.ts_close ? realised : realised + open.value;
}

}  // namespace toxvol::report
