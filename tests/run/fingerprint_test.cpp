#include "toxvol/run/fingerprint.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::run {
namespace {

std::string word(std::uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// docs/schemas.md#fingerprint by hand: a line for each column, then for each value whether it is
// there and its eight bytes, of a text its length and itself.
TEST(TableDigest, IsOfTheBytesOfItsDefinitionHoweverManyTheyAre) {
  const columnar::Schema schema{{"text", columnar::ColumnType::Text, true},
                                {"number", columnar::ColumnType::Int64, true},
                                {"real", columnar::ColumnType::Float64, true}};
  TableDigest digest{schema};
  std::string bytes;
  for (const columnar::Column& column : schema) bytes += columnar::to_string(column) + '\n';
  for (const std::size_t size : {0U, 5U, 16'383U, 16'384U, 16'385U, 40'000U, 7U}) {
    const std::string text(size, 'x');
    digest.put_text(text);
    digest.put_integer(-3);
    digest.put_real(0.5);
    digest.put_null();
    bytes += '\1' + word(size) + text + '\1' + word(static_cast<std::uint64_t>(-3)) + '\1' +
             word(std::bit_cast<std::uint64_t>(0.5)) + '\0';
  }
  EXPECT_EQ(digest.hex(), io::sha256_hex(bytes));
}

}  // namespace
}  // namespace toxvol::run
