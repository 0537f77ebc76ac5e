#include "toxvol/csv/header.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/kind.hpp"

namespace toxvol::csv {
namespace {

std::string refusal(std::string_view header, Kind kind) {
  try {
    static_cast<void>(map_header(header, kind, "some.csv"));
  } catch (const Error& error) {
    std::string text = error.what();
    EXPECT_EQ(text.find('\n'), text.npos);
    EXPECT_TRUE(text.starts_with("some.csv:1: ")) << text;
    return text;
  }
  ADD_FAILURE() << "taken: " << header;
  return {};
}

TEST(Header, BeginsWithNeitherDigitNorMinus) {
  EXPECT_TRUE(is_header("agg_trade_id,price"));
  EXPECT_TRUE(is_header("\"1\",2"));
  EXPECT_FALSE(is_header("1,2"));
  EXPECT_FALSE(is_header("-1,2"));
  EXPECT_FALSE(is_header("2023-11-23 09:35:00,BTCUSDT"));
}

TEST(Header, MapsColumnsByName) {
  EXPECT_EQ(map_header("calc_time,funding_interval_hours,last_funding_rate", Kind::Funding, ""),
            (std::vector<std::uint8_t>{0, 1, 2}));
  EXPECT_EQ(map_header("last_funding_rate,calc_time,funding_interval_hours", Kind::Funding, ""),
            (std::vector<std::uint8_t>{2, 0, 1}));
}

TEST(Header, TellsTheOtherKindsByTheirNames) {
  EXPECT_NE(refusal("calc_time,funding_interval_hours,last_funding_rate", Kind::Klines)
                .find("a file of fundingRate in place of klines"),
            std::string::npos);
  EXPECT_NE(refusal("agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,"
                    "is_buyer_maker,is_best_match",
                    Kind::AggTrades)
                .find("a file of spot aggTrades"),
            std::string::npos);
  EXPECT_NE(refusal("id,price,qty,quote_qty,time,is_buyer_maker", Kind::AggTrades)
                .find("a file of trades"),
            std::string::npos);
  EXPECT_NE(refusal("id,price,qty,base_qty,time,is_buyer_maker", Kind::AggTrades)
                .find("a file of COIN-M trades"),
            std::string::npos);
  EXPECT_NE(refusal("timestamp,percentage,depth,notional", Kind::BookTicker).find("bookDepth"),
            std::string::npos);
}

TEST(Header, NamesTheColumnThatIsTooManyOrMissing) {
  EXPECT_NE(refusal("calc_time,funding_interval_hours,last_funding_rate,mark", Kind::Funding)
                .find("header of another kind, unknown column 'mark'"),
            std::string::npos);
  EXPECT_NE(refusal("calc_time,funding_interval_hours", Kind::Funding)
                .find("without column 'last_funding_rate'"),
            std::string::npos);
  EXPECT_NE(refusal("calc_time,calc_time,funding_interval_hours,last_funding_rate", Kind::Funding)
                .find("'calc_time' twice"),
            std::string::npos);
  EXPECT_NE(refusal("\"calc_time\",funding_interval_hours,last_funding_rate", Kind::Funding)
                .find("a quotation mark is not supported"),
            std::string::npos);
  EXPECT_NE(refusal("PK\x03\x04\x14", Kind::Funding).find("'PK?\?\?'"), std::string::npos);
}

TEST(ForeignRow, TellsWhatAHeaderlessFileIs) {
  constexpr std::string_view kAggTrade = "26129,0.01,4.7,27781,27781,1498793709153,true";
  constexpr std::string_view kSpotAggTrade =
      "26129,0.01,4.7,27781,27781,1498793709153123,True,True";
  constexpr std::string_view kBookTicker = "1,10,1,11,1,1723161256322,1723161256322";
  constexpr std::string_view kKline = "1582329600000,2,4,1,3,1,1582329659999,1,1,1,1,0";
  EXPECT_EQ(foreign_row(kAggTrade, Kind::AggTrades), std::nullopt);
  EXPECT_EQ(foreign_row(kBookTicker, Kind::BookTicker), std::nullopt);
  EXPECT_EQ(foreign_row(kKline, Kind::Klines), std::nullopt);
  EXPECT_EQ(foreign_row("1580544000003,8,0.00065667", Kind::Funding), std::nullopt);
  EXPECT_EQ(foreign_row("2023-11-23 09:35:00,BTCUSDT,1,1,1,1,1,1", Kind::Metrics), std::nullopt);
  EXPECT_EQ(foreign_row(kSpotAggTrade, Kind::AggTrades), "spot aggTrades");
  EXPECT_EQ(foreign_row(kBookTicker, Kind::AggTrades), "bookTicker");
  EXPECT_EQ(foreign_row(kAggTrade, Kind::BookTicker), "aggTrades");
  EXPECT_EQ(foreign_row(kKline, Kind::BookTicker), "klines");
  EXPECT_EQ(foreign_row("1,10,1,10,1723161256322,true", Kind::AggTrades), "trades");
  EXPECT_EQ(foreign_row("1,10,1,10,1723161256322,True,True", Kind::AggTrades), "spot trades");
}

TEST(ForeignRow, IsSilentAboutAMereBadRow) {
  EXPECT_EQ(foreign_row("26129,x,4.7,27781,27781,1498793709153,true", Kind::AggTrades),
            std::nullopt);
  EXPECT_EQ(foreign_row("26129,0.01,4.7,27781,27781,1498793709153", Kind::AggTrades), std::nullopt);
  EXPECT_EQ(foreign_row("", Kind::AggTrades), std::nullopt);
}

TEST(ForeignMarket, IsToldByPathAndSymbol) {
  EXPECT_EQ(
      foreign_market("raw/data/spot/daily/aggTrades/BTCUSDT/BTCUSDT-aggTrades-2024-01-01.zip"),
      "spot");
  EXPECT_EQ(foreign_market("raw/data/futures/cm/daily/x.csv"), "COIN-M");
  EXPECT_EQ(foreign_market("raw/BTCUSD_PERP-aggTrades-2024-01-01.csv"), "COIN-M");
  EXPECT_EQ(foreign_market("BTCUSD_240628"), "COIN-M");
  EXPECT_EQ(foreign_market("raw/BTCUSDT-aggTrades-2024-01-01.csv"), std::nullopt);
  EXPECT_EQ(foreign_market("raw/BTCUSDT_240628-aggTrades-2024-01-01.csv"), std::nullopt);
  EXPECT_EQ(foreign_market("data/futures/um/daily/x.csv"), std::nullopt);
  EXPECT_EQ(foreign_market("spot/x.csv"), std::nullopt);
}

}  // namespace
}  // namespace toxvol::csv
