#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "toxvol/report/run_folder.hpp"

namespace toxvol::report::test {

/// Written from docs/report.md, not from what packs.

/// The numbers of a packed column as a JSON array, null where there is none.
[[nodiscard]] Json unpack(const Json& packed);

/// A page's text as JSON, with the members that `rest` holds in its place.
[[nodiscard]] Json whole_page(const std::string& text);

/// The same, and each packed column has its own bytes again, in place of the member `columns`.
[[nodiscard]] Json page_json(const std::string& text);

/// The bytes of the member `columns`.
[[nodiscard]] std::vector<unsigned char> columns_of(const Json& page);

/// The entry of a list whose `key` has this value.
[[nodiscard]] const Json& find(const Json& list, const char* key, std::string_view value);

}  // namespace toxvol::report::test
