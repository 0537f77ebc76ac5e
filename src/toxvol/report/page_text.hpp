#pragma once

#include <span>
#include <string>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

/// What a page shows as the text that it holds. The bytes of its packed columns go together into
/// the member `columns`, compressed, the same bytes once; in their place stands where they begin
/// (docs/report.md#packed-columns).
[[nodiscard]] std::string page_text(Json data);

/// Base64 (RFC 4648) with its padding.
[[nodiscard]] std::string base64(std::span<const unsigned char> bytes);

}  // namespace toxvol::report
