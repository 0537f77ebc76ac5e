#pragma once

#include "toxvol/factors/factor_row.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/records.hpp"

namespace toxvol::run {

/// Each puts one record into a table of its schema (tables.hpp). Throw `Error` where a value does
/// not fit its column.
void put_row(HashedTable& table, const factors::FactorRow& row);
void put_row(HashedTable& table, const strategy::DecisionRow& row);
void put_row(HashedTable& table, const trading::OrderRecord& order);
void put_row(HashedTable& table, const trading::CommandRecord& command);
void put_row(HashedTable& table, const trading::FillRecord& fill);
void put_row(HashedTable& table, const trading::PositionRecord& position);
void put_row(HashedTable& table, const trading::EquityRecord& sample);

/// realised − fees + funding.
[[nodiscard]] Money net(const trading::PositionRecord& position);

}  // namespace toxvol::run
