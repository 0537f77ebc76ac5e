#include "toxvol/run/fingerprint.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/io/hash.hpp"

namespace toxvol::run {

TableDigest::TableDigest(const columnar::Schema& schema) {
  for (const columnar::Column& column : schema) hash_.update(columnar::to_string(column) + '\n');
}

void TableDigest::put_text(std::string_view text) {
  put_word(text.size());
  if (buffer_.size() - used_ < text.size()) drain();
  if (text.size() > buffer_.size()) {
    hash_.update(text);
    return;
  }
  std::memcpy(&buffer_[used_], text.data(), text.size());
  used_ += text.size();
}

void TableDigest::put(const columnar::TableBlock& block) {
  for (std::size_t row = 0; row < block.rows; ++row) {
    for (const columnar::ColumnBlock& column : block.columns) {
      if (column.is_null(row)) {
        put_null();
      } else if (column.type() == columnar::ColumnType::Float64) {
        put_real(held(column.real(row)));
      } else if (column.type() == columnar::ColumnType::Text) {
        put_text(held(column.text(row)));
      } else {
        put_integer(held(column.integer(row)));
      }
    }
  }
}

void TableDigest::drain() {
  hash_.update({buffer_.data(), used_});
  used_ = 0;
}

std::string TableDigest::hex() {
  drain();
  return hash_.hex();
}

std::string input_lines(std::vector<RunInput> inputs) {
  std::sort(inputs.begin(), inputs.end());
  std::string text;
  for (const RunInput& input : inputs) {
    text += "input " + input.kind + ' ' + input.day + ' ' + std::to_string(input.rows) + ' ' +
            input.sha256 + '\n';
  }
  return text;
}

std::string signal_line(std::string_view sha256) {
  return "signal " + std::string{sha256} + '\n';
}

bool is_fingerprinted(std::string_view table) {
  return table == "decisions" || table == "orders" || table == "fills" || table == "equity";
}

std::string fingerprint(std::string_view config_sha256, const std::vector<RunInput>& inputs,
                        const std::vector<std::pair<std::string, std::string>>& digests,
                        const std::optional<std::string>& signal_sha256) {
  std::string text = "toxvol fingerprint 1\nconfig ";
  text += config_sha256;
  text += '\n';
  text += input_lines(inputs);
  if (signal_sha256) text += signal_line(*signal_sha256);
  for (const auto& [table, hex] : digests) text.append(table).append(" ").append(hex).append("\n");
  return io::sha256_hex(text);
}

}  // namespace toxvol::run
