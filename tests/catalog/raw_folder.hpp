#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <zlib.h>

#include "tests/support/fresh_folder.hpp"

namespace toxvol::catalog {

/// A folder of its own for one test, removed at its end.
class TestFolder {
 public:
  TestFolder() = default;
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path raw() const { return path_ / "raw"; }
  [[nodiscard]] std::filesystem::path catalog() const { return path_ / "catalog"; }

  /// Writes `raw/<name>`.
  void put(const std::string& name, std::string_view text) const {
    const auto path = raw() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << text;
  }
  /// Writes `raw/<name>` as a ZIP with one member.
  void put_zip(const std::string& name, const std::string& member, std::string_view text) const {
    const auto path = raw() / name;
    std::filesystem::create_directories(path.parent_path());
    const zipFile archive = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
    ASSERT_NE(archive, nullptr);
    const zip_fileinfo facts{};
    ASSERT_EQ(zipOpenNewFileInZip(archive, member.c_str(), &facts, nullptr, 0, nullptr, 0, nullptr,
                                  Z_DEFLATED, Z_DEFAULT_COMPRESSION),
              ZIP_OK);
    ASSERT_EQ(zipWriteInFileInZip(archive, text.data(), static_cast<unsigned>(text.size())),
              ZIP_OK);
    ASSERT_EQ(zipCloseFileInZip(archive), ZIP_OK);
    ASSERT_EQ(zipClose(archive, nullptr), ZIP_OK);
  }

 private:
  std::filesystem::path path_ = toxvol::test::fresh_folder();
};

inline std::string text_of(const std::filesystem::path& path) {
  const std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Every file below `root` with its bytes, but the lock.
inline std::map<std::string, std::string> tree_of(const std::filesystem::path& root) {
  std::map<std::string, std::string> tree;
  for (const auto& item : std::filesystem::recursive_directory_iterator{root}) {
    if (!item.is_regular_file() || item.path().filename() == "lock") continue;
    tree[item.path().lexically_relative(root).generic_string()] = text_of(item.path());
  }
  return tree;
}

/// One bit in the middle of a file, whose size stays.
inline void flip_a_bit(const std::filesystem::path& path) {
  std::string bytes = text_of(path);
  bytes.at(bytes.size() / 2) = static_cast<char>(bytes.at(bytes.size() / 2) ^ 1);
  std::ofstream{path, std::ios::binary} << bytes;
}

inline constexpr std::string_view kTradeHeader =
    "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n";
inline constexpr std::string_view kQuoteHeader =
    "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,"
    "event_time\n";
inline constexpr std::string_view kKlineHeader =
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
    "taker_buy_quote_volume,ignore\n";

inline constexpr std::int64_t kJan15 = 1'705'276'800'000;  // 2024-01-15T00:00:00Z in ms
inline constexpr std::int64_t kDayInMs = 86'400'000;

inline std::string trade_line(std::int64_t id, std::int64_t ms, std::string_view price = "42000.1",
                              std::string_view qty = "0.5") {
  std::ostringstream line;
  line << id << ',' << price << ',' << qty << ',' << id * 2 << ',' << id * 2 + 1 << ',' << ms
       << ",true\n";
  return line.str();
}
inline std::string quote_line(std::int64_t id, std::int64_t ms, std::string_view bid = "42000.0",
                              std::string_view ask = "42000.1") {
  std::ostringstream line;
  line << id << ',' << bid << ",1.5," << ask << ",2.5," << ms << ',' << ms + 2 << '\n';
  return line.str();
}
inline std::string kline_line(std::int64_t open_ms, std::string_view close = "42000.1") {
  std::ostringstream line;
  line << open_ms << ",42000.0,42010.0,41990.0," << close << ",10.5," << open_ms + 59'999
       << ",441001.05,100,5.25,220500.525,0\n";
  return line.str();
}

}  // namespace toxvol::catalog
