#include "toxvol/strategy/script.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/strategy/support.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/trading/commands.hpp"
#include "toxvol/trading/concepts.hpp"
#include "toxvol/trading/enums.hpp"
#include "toxvol/trading/events.hpp"

namespace toxvol::strategy {
namespace {

using testing::px;
using testing::qty;
using trading::Cancel;
using trading::Command;
using trading::OrderId;
using trading::OrderType;
using trading::Role;
using trading::Submit;
using trading::TimeInForce;

static_assert(trading::Strategy<Script>);

constexpr std::string_view kHeader = "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\n";

std::vector<ScriptCommand> parse(const std::string& rows) {
  return parse_script(std::string{kHeader} + rows, "orders.csv");
}

/// The message of the error that `rows` give.
std::string error_of(const std::string& rows) {
  try {
    static_cast<void>(parse(rows));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ScriptParse, ReadsEveryField) {
  const auto commands = parse(
      "7,1000,submit,sell,limit,ioc,50000.1,0.25,0,1\n"
      "9,1000,submit,buy,limit,gtc,49999,1,1,0\n"
      "7,1001,cancel,,,,,,,\n"
      "8,1002,submit,buy,market,fok,,0.00000001,0,0\n");
  ASSERT_EQ(commands.size(), 4U);
  const auto& limit = std::get<Submit>(commands[0].command);
  EXPECT_EQ(commands[0].ts, from_ns(1000));
  EXPECT_EQ(limit.id, OrderId{7});
  EXPECT_EQ(limit.side, Side::Sell);
  EXPECT_EQ(limit.type, OrderType::Limit);
  EXPECT_EQ(limit.tif, TimeInForce::Ioc);
  EXPECT_EQ(limit.price, px(500'001));
  EXPECT_EQ(limit.qty, qty(250));
  EXPECT_FALSE(limit.post_only);
  EXPECT_TRUE(limit.reduce_only);
  EXPECT_EQ(limit.intent.role, Role::Script);
  EXPECT_TRUE(std::get<Submit>(commands[1].command).post_only);
  EXPECT_EQ(std::get<Cancel>(commands[2].command).id, OrderId{7});
  const auto& market = std::get<Submit>(commands[3].command);
  EXPECT_EQ(market.type, OrderType::Market);
  EXPECT_EQ(market.tif, TimeInForce::Fok);
  EXPECT_EQ(market.qty.raw(), 1);
  EXPECT_EQ(market.price, Price{});
}

TEST(ScriptParse, AnEmptyScriptIsAScript) {
  EXPECT_TRUE(parse("").empty());
  EXPECT_TRUE(parse_script(kHeader.substr(0, kHeader.size() - 1), "orders.csv").empty());
}

TEST(ScriptParse, LineEndsMayBeWindowsOrMissing) {
  const auto commands = parse_script(
      "id,ts,action,side,type,tif,price,qty,post_only,reduce_only\r\n"
      "1,1,submit,buy,market,gtc,,1,0,0\r\n\r\n1,2,cancel,,,,,,,0",
      "orders.csv");
  EXPECT_EQ(commands.size(), 2U);
}

TEST(ScriptParse, OfACancelOnlyIdAndTsCount) {
  EXPECT_EQ(
      parse("1,1,submit,buy,market,gtc,,1,0,0\n1,2,cancel\n1,2,cancel,x,y,z,-,-,-,-\n").size(), 3U);
}

TEST(ScriptParse, ErrorsSayWhereAndWhat) {
  EXPECT_EQ(error_of("1,1,sell,buy,market,gtc,,1,0,0\n"),
            "orders.csv:2:5: 'sell' is not known here: use submit or cancel");
  EXPECT_EQ(error_of("1,1,submit,long,market,gtc,,1,0,0\n"),
            "orders.csv:2:12: 'long' is not known here: use buy or sell");
  EXPECT_EQ(error_of("1,1,submit,buy,stop,gtc,,1,0,0\n"),
            "orders.csv:2:16: 'stop' is not known here: use market or limit");
  EXPECT_EQ(error_of("1,1,submit,buy,market,gtd,,1,0,0\n"),
            "orders.csv:2:23: 'gtd' is not known here: use gtc or ioc or fok");
  EXPECT_EQ(error_of("1,1,submit,buy,market,gtc,,1,yes,0\n"),
            "orders.csv:2:30: 'yes' is not known here: use 0 or 1");
  EXPECT_EQ(error_of("1,1,submit,buy,market,gtc,,1,0,\n"),
            "orders.csv:2:32: '' is not known here: use 0 or 1");
  EXPECT_EQ(error_of("x,1,submit,buy,market,gtc,,1,0,0\n"),
            "orders.csv:2:1: 'x' is not a positive integer");
  EXPECT_EQ(error_of("1,1.5,submit,buy,market,gtc,,1,0,0\n"),
            "orders.csv:2:3: '1.5' is not a positive integer");
  EXPECT_EQ(error_of("0,1,submit,buy,market,gtc,,1,0,0\n"),
            "orders.csv:2:1: '0' is not a positive integer");
  EXPECT_EQ(error_of("1,99999999999999999999,submit,buy,market,gtc,,1,0,0\n"),
            "orders.csv:2:3: '99999999999999999999' is not a positive integer");
}

TEST(ScriptParse, OrderOfTimesAndIdsIsChecked) {
  const std::string first = "1,5,submit,buy,market,gtc,,1,0,0\n";
  EXPECT_EQ(error_of(first + "2,4,submit,buy,market,gtc,,1,0,0\n"),
            "orders.csv:3:3: '4' is before the line above: sort the script by ts");
  EXPECT_EQ(error_of(first + "1,5,submit,buy,market,gtc,,1,0,0\n"),
            "orders.csv:3:1: '1' is submitted twice: give each order its own id");
  EXPECT_EQ(error_of(first + "2,5,cancel,,,,,,,\n"),
            "orders.csv:3:1: '2' is canceled but not submitted above: give the id of an order");
  EXPECT_EQ(error_of("2,1,submit,buy,market,gtc,,1,0,0\n" + first + "2,6,cancel,,,,,,,\n"),
            "no error");
}

TEST(ScriptParse, PricesAndQuantitiesArePositiveDecimals) {
  const auto priced = [](const std::string& price, const std::string& size) {
    return error_of("1,1,submit,buy,limit,gtc," + price + "," + size + ",0,0\n");
  };
  EXPECT_EQ(priced("1.5", "92233720368.54775807"), "no error");
  EXPECT_EQ(priced(".5", "5."), "no error");
  EXPECT_EQ(priced("", "1"), "orders.csv:2:26: '' is no price: a limit order needs one");
  EXPECT_EQ(priced("0", "1"), "orders.csv:2:26: '0' is not positive");
  EXPECT_EQ(priced("-1", "1"), "orders.csv:2:26: '-1' is not positive");
  EXPECT_EQ(priced("1.500000000", "1"), "no error");  // a ninth decimal that says nothing
  EXPECT_EQ(priced(".", "1"), "orders.csv:2:26: '.' is not a decimal number");
  EXPECT_EQ(priced("1.2.3", "1"), "orders.csv:2:26: '1.2.3' is not a decimal number");
  EXPECT_EQ(priced("1", ""), "orders.csv:2:28: '' is not a decimal number");
  EXPECT_EQ(priced("1", "1e3"), "orders.csv:2:28: '1e3' is not a decimal number");
  EXPECT_EQ(priced("1", "0.123456789"), "orders.csv:2:28: '0.123456789' has more than 8 decimals");
  EXPECT_EQ(priced("1", "92233720368.54775808"),
            "orders.csv:2:28: '92233720368.54775808' is too large");
  EXPECT_EQ(error_of("1,1,submit,buy,market,gtc,5,1,0,0\n"),
            "orders.csv:2:27: '5' is the price of a market order: leave it empty");
  EXPECT_EQ(error_of("1,1,submit,buy,market,gtc,,1,1,0\n"),
            "orders.csv:2:30: '1' makes a market order post-only: use 0, or a limit order");
}

TEST(ScriptParse, AWrongShapeIsNamed) {
  EXPECT_EQ(error_of("1,1\n"),
            "orders.csv:2:1: '1,1' is too short: give "
            "id,ts,action,side,type,tif,price,qty,post_only,reduce_only");
  EXPECT_EQ(error_of("1,1,submit,buy,market,gtc,,1,0\n"),
            "orders.csv:2:1: '1' begins a submit of 9 fields: give "
            "id,ts,action,side,type,tif,price,qty,post_only,reduce_only");
  EXPECT_EQ(error_of("1,1,submit,buy,market,gtc,,1,0,0,0\n"),
            "orders.csv:2:1: '1' begins a submit of 11 fields: give "
            "id,ts,action,side,type,tif,price,qty,post_only,reduce_only");
  try {
    static_cast<void>(parse_script("ts,id\n", "orders.csv"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string{error.what()},
              "orders.csv:1:1: 'ts,id' is not the header of an order script: use "
              "id,ts,action,side,type,tif,price,qty,post_only,reduce_only");
  }
}

TEST(Script, GivesTheCommandsOfEachTimeInFileOrder) {
  Script script{
      parse("1,1000,submit,buy,market,gtc,,1,0,0\n"
            "2,1000,submit,buy,limit,gtc,5,1,0,0\n"
            "1,1000,cancel,,,,,,,\n"
            "3,2000,submit,sell,market,gtc,,1,0,0\n")};
  EXPECT_EQ(script.wake().alarm, from_ns(1000));
  std::vector<Command> out;
  script.on(trading::AlarmSeen{.ts_seen = from_ns(1000)}, out);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(std::get<Submit>(out[0]).id, OrderId{1});
  EXPECT_EQ(std::get<Submit>(out[1]).id, OrderId{2});
  EXPECT_EQ(std::get<Cancel>(out[2]).id, OrderId{1});
  EXPECT_EQ(script.wake().alarm, from_ns(2000));
  out.clear();
  script.on(trading::AlarmSeen{.ts_seen = from_ns(2000)}, out);
  EXPECT_EQ(out.size(), 1U);
  EXPECT_FALSE(script.wake().alarm);
  script.on(trading::AlarmSeen{.ts_seen = from_ns(3000)}, out);
  EXPECT_EQ(out.size(), 1U);
}

TEST(Script, AnEmptyOneNeverWakes) {
  const Script script{{}};
  EXPECT_FALSE(script.wake().alarm);
  EXPECT_FALSE(script.wake().every_quote);
  EXPECT_FALSE(script.stop());
}

}  // namespace
}  // namespace toxvol::strategy
