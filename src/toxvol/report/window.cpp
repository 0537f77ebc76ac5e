#include "toxvol/report/window.hpp"

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

#include "toxvol/core/error.hpp"
#include "toxvol/core/printable.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

/// The inverse of `to_string(Timestamp)`.
Timestamp parse_time(const std::string& text, const std::string& where) {
  const auto refuse = [&] { return Error(where + ": '" + printable(text) + "' is no time"); };
  const auto field = [&](std::size_t at, std::size_t size) {
    int value = 0;
    if (text.size() < at + size) throw refuse();
    const char* begin = text.data() + at;
    const auto [end, fault] = std::from_chars(begin, begin + size, value);
    if (fault != std::errc{} || end != begin + size) throw refuse();
    return value;
  };
  const auto date = day_of_date({std::chrono::year{field(0, 4)},
                                 std::chrono::month{static_cast<unsigned>(field(5, 2))},
                                 std::chrono::day{static_cast<unsigned>(field(8, 2))}});
  if (!date || text.size() < 20 || text.back() != 'Z') throw refuse();
  Timestamp ts = *date + std::chrono::hours{field(11, 2)} + std::chrono::minutes{field(14, 2)} +
                 std::chrono::seconds{field(17, 2)};
  if (text[19] == '.') {
    const std::size_t digits = text.size() - 21;
    std::int64_t unit = 1'000'000'000;
    for (std::size_t i = 0; i < digits && unit > 1; ++i) unit /= 10;
    ts += Duration{field(20, digits) * unit};
  }
  return ts;
}

}  // namespace

Window window_of(const RunFolder& folder) {
  const std::string where = (folder.path / "run.json").string();
  const Timestamp from = parse_time(folder.run.at("from").get<std::string>(), where + ": from");
  const Timestamp to = parse_time(folder.run.at("to").get<std::string>(), where + ": to");
  return {.from = from, .seconds = std::chrono::duration<double>(to - from).count()};
}

}  // namespace toxvol::report
