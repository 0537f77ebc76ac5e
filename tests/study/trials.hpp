#pragma once

#include <optional>
#include <string>

#include "toxvol/core/time_text.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/study/trial.hpp"

namespace toxvol::study::test {

/// A trial of BTCUSDT on 2024-01-01 of 24 hours.
inline Trial trial(const std::string& id, std::optional<double> sharpe) {
  Trial made;
  made.id = id;
  made.at = *time_from_text("2026-11-28T12:00:00Z");
  made.symbol = "BTCUSDT";
  made.from = *time_from_text("2024-01-01");
  made.to = *time_from_text("2024-01-02");
  made.config = "c0";
  made.inputs = "10";
  made.n = 24;
  made.sharpe = sharpe;
  if (sharpe) {
    made.skewness = 0.0;
    made.kurtosis = 3.0;
    made.px_sharpe = *sharpe + 0.1;
  }
  made.gross = "12.5";
  made.net = "-3";
  made.positions = 7;
  made.version = "0.1.0";
  return made;
}

/// A line with the check that its text asks for.
inline std::string checked_again(std::string line) {
  line = line.substr(0, line.rfind(",\"x\":"));
  return line + ",\"x\":\"" + io::sha256_hex(line).substr(0, 16) + "\"}";
}

}  // namespace toxvol::study::test
