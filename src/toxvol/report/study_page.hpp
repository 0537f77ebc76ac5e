#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "toxvol/report/loaded_table.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// Whether there is a study.json.
[[nodiscard]] bool is_study(const std::filesystem::path& folder);

/// What a finished study came to, in a sentence; empty where it has none.
[[nodiscard]] std::string study_verdict(const Json& study);

/// Whether the market of a finished study, or of a run that it is about, was made by `toxvol
/// synth`.
[[nodiscard]] bool is_synthetic_study(const std::filesystem::path& folder, const Json& study);

/// All that the page shows of a finished study, as one JSON object; from study.json, its tables and
/// trials.json alone. Throws `Error` for a damaged study, and for one of an unknown kind.
[[nodiscard]] std::string study_data(const std::filesystem::path& folder);

/// A part of a study's page: {id, name, title, note, figures, tables}.
[[nodiscard]] Json study_part(const char* id, const char* name, const char* title,
                              const std::string& note);

/// How many days the units of returns of a row make, as `n` times `unit`; `prefix` of both columns.
[[nodiscard]] std::optional<double> days_of(const LoadedTable& table, const std::string& prefix,
                                            std::size_t row);
/// A row's Sharpe ratio of a year; nothing where its days are too few to speak of a year.
[[nodiscard]] std::optional<double> sharpe_of(const LoadedTable& table, const std::string& prefix,
                                              std::size_t row);

/// What only one kind of study has, as parts: study_ablation.cpp, study_sweep.cpp,
/// study_walkforward.cpp, study_band.cpp.
[[nodiscard]] Json ablation_parts(const Json& study, const LoadedTable& variants);
/// How many variants do better or worse than the base, and how many before costs.
[[nodiscard]] std::string ablation_words(const LoadedTable& variants, std::string_view base);
/// The bases of an ablation, in their order.
[[nodiscard]] std::vector<std::string> bases_of(const LoadedTable& variants);
[[nodiscard]] Json sweep_parts(const Json& study, const LoadedTable& points);
[[nodiscard]] Json walkforward_parts(const Json& study, const LoadedTable& folds);
[[nodiscard]] Json band_parts(const Json& study, const LoadedTable& rows);
/// The equity of a band's assumption with what lies between the others, as chart_data.
[[nodiscard]] Json band_chart(const LoadedTable& equity);

}  // namespace toxvol::report
