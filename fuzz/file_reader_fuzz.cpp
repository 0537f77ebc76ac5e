// However the bytes come in and in whatever blocks they are asked for, a file is the same rows,
// lines and faults; every row is counted once; a refusal is one line.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/row.hpp"
#include "toxvol/core/byte_source.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/market.hpp"
#include "toxvol/csv/file_reader.hpp"

namespace toxvol {

namespace {

class Source final : public ByteSource {
 public:
  Source(std::string_view text, std::size_t piece) : rest_{text}, piece_{piece} {}
  std::size_t read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), piece_, rest_.size()});
    if (size > 0) std::memcpy(out.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
  }
  const std::string& name() const override { return name_; }

 private:
  std::string_view rest_;
  std::size_t piece_;
  std::string name_ = "fuzz.csv";
};

struct Reading {
  std::string refusal;
  std::vector<std::int64_t> rows;  // id and line of each
  std::vector<std::int64_t> bad_lines;
  std::int64_t bad_rows = 0;
  bool operator==(const Reading&) const = default;
};

Reading read(std::string_view text, std::size_t piece, std::size_t block) {
  Reading reading;
  try {
    csv::FileReader<Trade> reader{std::make_unique<Source>(text, piece),
                                  {.block_bytes = block, .max_line_bytes = 300}};
    for (auto rows = reader.next(); !rows.empty(); rows = reader.next()) {
      fuzz::require(rows.size() == reader.lines().size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        reading.rows.push_back(rows[i].agg_trade_id);
        reading.rows.push_back(reader.lines()[i]);
      }
    }
    for (const auto& bad : reader.bad_rows()) {
      fuzz::require(bad.value.size() <= 80 && !bad.text.empty());
      reading.bad_lines.push_back(bad.line);
    }
    reading.bad_rows = reader.stats().bad_rows;
    fuzz::require(std::ranges::is_sorted(reading.bad_lines));
    fuzz::require(reader.stats().rows_read ==
                  static_cast<std::int64_t>(reading.rows.size() / 2) + reading.bad_rows);
    fuzz::require(reader.stats().bytes == static_cast<std::int64_t>(text.size()));
  } catch (const Error& error) {
    reading.refusal = error.what();
    fuzz::require(reading.refusal.find('\n') == std::string::npos);
  }
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  const Reading whole = read(text, text.size() + 1, 100'000);
  fuzz::require(read(text, 1, 100) == whole);
  fuzz::require(read(text, 7, 1) == whole);
  return 0;
}

}  // namespace toxvol
