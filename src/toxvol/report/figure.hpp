#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/report/run_folder.hpp"
#include "toxvol/report/table.hpp"

namespace toxvol::report {

using Values = std::vector<std::optional<double>>;

/// A chart of the page that is not over time (web/src/figures.ts), with its numbers as a table and
/// what it shows in words.
class Figure {
 public:
  /// `kind`: bars, rows (bars that lie), lines, points, heat or parallel. `columns` are those of
  /// the table.
  Figure(std::string_view id, std::string_view kind, std::string_view title, std::string_view note,
         const std::vector<Column>& columns);

  void x_names(std::string_view label, const std::vector<std::string>& names);
  void x_values(std::string_view label, const std::vector<double>& values);
  void y(std::string_view label, const std::vector<std::string>& names = {});
  void series(std::string_view label, std::string_view tone, const Values& values,
              const Values& low = {}, const Values& high = {});
  void point(double x, double y, std::string_view tone, const std::string& text);
  void upright(double x, const std::string& label, std::string_view tone);
  void level(double y, const std::string& label, std::string_view tone);
  /// Of parallel coordinates: an upright axis with its values from below, and a line through the
  /// places of its values that ends at `value`; the best first.
  void axis(std::string_view label, const std::vector<std::string>& names);
  void path(const std::vector<std::size_t>& at, double value, const std::string& text);
  void row(Json cells) { json_["table"]["rows"].push_back(std::move(cells)); }
  /// One row of a heat map.
  void cells(const Values& values, const std::vector<std::string>& texts);

  /// `text`: what one sees in it.
  [[nodiscard]] Json finish(const std::string& text);

 private:
  Json json_;
};

}  // namespace toxvol::report
