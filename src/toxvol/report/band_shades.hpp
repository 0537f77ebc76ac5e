#pragma once

#include <array>
#include <string_view>

/// How a band (R46) is drawn, on its own page and behind the equity of its run.
namespace toxvol::report {

struct Shade {
  std::string_view column;  // of band_equity.parquet
  std::string_view label;
  std::string_view tone;
  std::string_view style;  // `shade`: filled down to the line before it
};

/// From the widest to the narrowest.
inline constexpr std::array kBandShades = {
    Shade{"all_lo", "all assumptions, lowest", "grey", "line"},
    Shade{"all_hi", "all assumptions, highest", "grey", "shade"},
    Shade{"ql_lo", "queue and latency, lowest", "violet", "line"},
    Shade{"ql_hi", "queue and latency, highest", "violet", "shade"},
    Shade{"q_lo", "queue, lowest", "main", "line"},
    Shade{"q_hi", "queue, highest", "main", "shade"},
};

/// The end of a sentence that begins with what is shaded.
inline constexpr std::string_view kShadesMean =
    "from dark to light: between the queue models; with other latencies too; with other fee tiers "
    "too.";

}  // namespace toxvol::report
