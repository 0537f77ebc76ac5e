#include "toxvol/run/tables.hpp"

#include <span>
#include <string>
#include <string_view>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/factors/factor_row.hpp"

namespace toxvol::run {

namespace {

using columnar::ColumnType;
using columnar::Schema;
using factors::FactorRow;

constexpr auto kTs = ColumnType::Timestamp;
constexpr auto kD = ColumnType::Decimal;
constexpr auto kText = ColumnType::Text;
constexpr auto kReal = ColumnType::Float64;
constexpr bool kNullable = true;

constexpr FactorColumn kFactorColumns[] = {
    {"quote_age_s", &FactorRow::quote_age_s},
    // F1: volatility
    {"var_parkinson", &FactorRow::var_parkinson},
    {"var_gk", &FactorRow::var_gk},
    {"var_rs", &FactorRow::var_rs},
    {"vol_yz", &FactorRow::vol_yz},
    {"rv", &FactorRow::rv},
    {"rs_minus", &FactorRow::rs_minus},
    {"rs_plus", &FactorRow::rs_plus},
    {"bipower", &FactorRow::bipower},
    {"gk_short", &FactorRow::gk_short},
    {"gk_long", &FactorRow::gk_long},
    {"vc", &FactorRow::vc},
    {"f1", &FactorRow::f1},
    {"q_f1", &FactorRow::q_f1},
    {"har", &FactorRow::har},
    {"har_log", &FactorRow::har_log},
    {"sigma", &FactorRow::sigma},
    // F2: pressure
    {"obi", &FactorRow::obi},
    {"svi", &FactorRow::svi},
    {"ofi", &FactorRow::ofi},
    {"ofi_norm", &FactorRow::ofi_norm},
    {"z_obi", &FactorRow::z_obi},
    {"z_svi", &FactorRow::z_svi},
    {"z_ofi", &FactorRow::z_ofi},
    {"p", &FactorRow::p},
    {"q_p", &FactorRow::q_p},
    // F2: toxicity
    {"vpin", &FactorRow::vpin},
    {"vpin_bvc", &FactorRow::vpin_bvc},
    {"spread_ticks", &FactorRow::spread_ticks},
    {"z_vpin", &FactorRow::z_vpin},
    {"z_spread", &FactorRow::z_spread},
    {"t", &FactorRow::t},
    {"tau_t", &FactorRow::tau_t},
    {"t_rank", &FactorRow::t_rank},
    {"f2", &FactorRow::f2},
    // F3: crowding
    {"funding", &FactorRow::funding},
    {"fund_z", &FactorRow::fund_z},
    {"oi", &FactorRow::oi},
    {"d_oi", &FactorRow::d_oi},
    {"z_d_oi", &FactorRow::z_d_oi},
    {"ls", &FactorRow::ls},
    {"z_ls", &FactorRow::z_ls},
    {"c", &FactorRow::c},
    {"tls", &FactorRow::tls},
    {"z_tls", &FactorRow::z_tls},
};

Schema orders_schema() {
  return {{"order_id", kText},
          {"position_id", kText, kNullable},
          {"role", kText},
          {"alpha", kText, kNullable},
          {"side", kText},
          {"type", kText},
          {"tif", kText},
          {"post_only", ColumnType::Bool},
          {"reduce_only", ColumnType::Bool},
          {"price", kD, kNullable},
          {"qty", kD},
          {"filled_qty", kD},
          {"avg_price", kD, kNullable},
          {"ts_decision", kTs},
          {"ts_submit", kTs},
          {"ts_arrive", kTs, kNullable},
          {"ts_accepted", kTs, kNullable},
          {"ts_done", kTs, kNullable},
          {"status", kText},
          {"reject_reason", kText, kNullable},
          {"replaces", kText, kNullable},
          {"trigger_kind", kText, kNullable},
          {"trigger_price", kD, kNullable},
          {"trigger_ts", kTs, kNullable},
          {"bid", kD, kNullable},
          {"ask", kD, kNullable},
          {"queue_ahead", kD, kNullable},
          {"cap", kText, kNullable},
          {"qty_uncapped", kD, kNullable}};
}

Schema commands_schema() {
  return {{"seq", ColumnType::Int64},    {"ts_sent", kTs},
          {"ts_arrive", kTs, kNullable}, {"kind", kText},
          {"order_id", kText},           {"outcome", kText}};
}

Schema fills_schema() {
  return {{"fill_id", ColumnType::Int64},
          {"order_id", kText},
          {"position_id", kText},
          {"ts", kTs},
          {"ts_init", kTs},
          {"side", kText},
          {"liquidity", kText},
          {"price", kD},
          {"qty", kD},
          {"fee", kD},
          {"mid_decision", kReal, kNullable},
          {"mid_fill", kReal, kNullable},
          {"slippage", kD, kNullable},
          {"position_after", kD},
          {"balance_after", kD},
          {"equity_after", kD},
          {"rule", kText, kNullable},
          {"cause", ColumnType::Int64, kNullable}};
}

Schema positions_schema() {
  return {{"position_id", kText},
          {"alpha", kText, kNullable},
          {"side", kText},
          {"regime_open", kText, kNullable},
          {"exit_role", kText, kNullable},
          {"ts_open", kTs},
          {"ts_close", kTs, kNullable},
          {"qty_max", kD},
          {"avg_entry", kD},
          {"avg_exit", kD, kNullable},
          {"stop", kD, kNullable},
          {"take_profit", kD, kNullable},
          {"n_fills", ColumnType::Int32},
          {"realised", kD},
          {"fees", kD},
          {"funding", kD},
          {"slippage", kD, kNullable},
          {"net", kD},
          {"mae_bp", kReal, kNullable},
          {"mfe_bp", kReal, kNullable},
          {"sigma_open", kReal, kNullable},
          {"funding_tailwind", ColumnType::Bool, kNullable}};
}

Schema equity_schema() {
  return {{"seq", ColumnType::Int64}, {"ts", kTs},       {"cause", kText}, {"mark", kD, kNullable},
          {"position", kD},           {"realised", kD},  {"fees", kD},     {"funding", kD},
          {"unrealised", kD},         {"insurance", kD}, {"equity", kD},   {"margin", kD},
          {"drawdown", kReal}};
}

}  // namespace

std::span<const FactorColumn> factor_columns() {
  return kFactorColumns;
}

Schema factors_schema() {
  Schema schema{
      {"ts", kTs}, {"ts_init", kTs}, {"close", kD}, {"bid", kD, kNullable}, {"ask", kD, kNullable}};
  for (const FactorColumn& column : factor_columns()) {
    schema.push_back({std::string{column.name}, kReal, kNullable});
  }
  schema.push_back({"f3", ColumnType::Int8, kNullable});
  schema.push_back({"toxic", ColumnType::Bool, kNullable});
  schema.push_back({"regime", kText, kNullable});
  schema.push_back({"mode", kText});
  return schema;
}

Schema table_schema(std::string_view table) {
  if (table == "orders") return orders_schema();
  if (table == "commands") return commands_schema();
  if (table == "fills") return fills_schema();
  if (table == "positions") return positions_schema();
  if (table == "equity") return equity_schema();
  if (table != "decisions") throw Error("no table " + std::string{table} + " in a run folder");
  Schema schema = factors_schema();
  schema.push_back({"decides", ColumnType::Bool});
  schema.push_back({"alpha", kText, kNullable});
  schema.push_back({"direction", ColumnType::Int8, kNullable});
  schema.push_back({"position", kD});
  schema.push_back({"reason", kText});
  return schema;
}

}  // namespace toxvol::run
