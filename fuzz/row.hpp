#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "toxvol/csv/block_cutter.hpp"
#include "toxvol/csv/fast_row.hpp"

namespace toxvol::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

/// `line` cut at its commas; nothing unless there are exactly kCount fields.
template <std::size_t kCount>
std::optional<std::array<std::string_view, kCount>> split(std::string_view line) {
  std::array<std::string_view, kCount> fields;
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::size_t comma = line.find(',');
    if ((comma == line.npos) != (i + 1 == kCount)) return std::nullopt;
    fields[i] = line.substr(0, comma);
    if (comma != line.npos) line.remove_prefix(comma + 1);
  }
  return fields;
}

inline std::string_view text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// What the fast parser makes of `line`, a line end put after it.
template <class Record>
std::optional<Record> fast(std::string_view line) {
  std::string padded{line};
  padded += '\n';
  const std::size_t end = padded.size();
  padded.append(csv::kPadding, '\0');
  std::array<Record, 1> rows;
  const char* at = padded.data();
  if (csv::fast_rows(at, std::span<Record>{rows}) == 0) return std::nullopt;
  // A line end inside `line` ends the row there: another line than the careful parser is given.
  if (at != padded.data() + end) return std::nullopt;
  return rows[0];
}

}  // namespace toxvol::fuzz
