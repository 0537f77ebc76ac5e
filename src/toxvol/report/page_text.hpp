#pragma once

#include <span>
#include <string>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// What a page shows as the text that it holds: JSON of which only the head can be read as it
/// stands. What is below the head goes into the member `rest` and the bytes of packed columns into
/// `columns`, both compressed, the same bytes of columns once; in their place stands where they
/// begin (docs/report.md#packed-columns).
[[nodiscard]] std::string page_text(Json data);

/// Base64 (RFC 4648) with its padding.
[[nodiscard]] std::string base64(std::span<const unsigned char> bytes);

}  // namespace toxvol::report
