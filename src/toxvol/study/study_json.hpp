#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "toxvol/study/contest.hpp"
#include "toxvol/study/result_row.hpp"

/// Pieces of study.json that every study has.
namespace toxvol::study {

/// Of one series: `M n_hat rho`, and under `spa` and `pbo` the figures of R17 and R19; null where
/// there are none.
[[nodiscard]] nlohmann::ordered_json contest_json(const ContestOf& contest);

/// What is asked of the best run of a study (R63): its ratios, annual where they are Sharpe's.
[[nodiscard]] nlohmann::ordered_json result_json(const ResultRow& row);

/// What the best run of a study comes to.
struct Verdict {
  bool is_edge = false;  // after costs
  std::string words = "too little data";
};
/// R63; the words are the same for all studies.
[[nodiscard]] Verdict verdict_of(const ResultRow& best, const Contest& contest);
/// As `edge` and `verdict` of study.json.
void put(const Verdict& verdict, nlohmann::ordered_json& study);

}  // namespace toxvol::study
