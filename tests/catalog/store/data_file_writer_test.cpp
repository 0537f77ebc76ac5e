#include "toxvol/catalog/store/data_file_writer.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "tests/catalog/raw_folder.hpp"
#include "tests/support/no_descriptors.hpp"
#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/io/posix.hpp"

namespace toxvol::catalog {
namespace {

namespace fs = std::filesystem;

/// The sidecar that vouches for the file is made durable; so is the file's name before.
TEST(DataFileWriter, ThatCannotMakeTheNameDurableSaysSo) {
  const TestFolder folder;
  const fs::path place = folder.path() / "data";
  DataFileWriter<Trade> writer{folder.path() / "unnamed.parquet",
                               {.instrument_id = "BTCUSDT-PERP.BINANCE"},
                               DataFileWriter<Trade>::Hash::No};
  Trade trade;
  trade.ts_event = trade.ts_init = from_ns(kJan15 * 1'000'000);
  trade.price = Price::from_raw(Price::kOne);
  trade.qty = Qty::from_raw(Qty::kOne);
  writer.write({&trade, 1});
  writer.finish();
  // UBSan itself opens a pipe at the first error that it sees.
  EXPECT_THROW(io::rename_durably(folder.path() / "absent", folder.path() / "other"), Error);
  fs::create_directories(place);
  try {
    const test::NoDescriptors none;
    static_cast<void>(writer.publish(place));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Io);
    EXPECT_TRUE(std::string{error.what()}.starts_with(place.string() + ": cannot open the folder"))
        << error.what();
  }
}

}  // namespace
}  // namespace toxvol::catalog
