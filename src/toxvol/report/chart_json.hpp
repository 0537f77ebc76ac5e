#pragma once

#include <string_view>

#include "toxvol/report/packed.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// A chart without series. `show`: the part of the page (web/src/main.ts) that draws it; `frame`:
/// its time axis.
[[nodiscard]] Json chart_json(std::string_view id, std::string_view show, std::string_view frame,
                              std::string_view title, std::string_view unit, std::string_view note);

/// `tone`: of the palette in web/src/style.css.
[[nodiscard]] Json series_json(std::string_view label, std::string_view tone,
                               std::string_view style, const PackedColumn& values);

}  // namespace toxvol::report
