#include "toxvol/report/page_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "toxvol/io/deflate.hpp"
#include "toxvol/report/run_folder.hpp"

namespace toxvol::report {

namespace {

using Bytes = std::vector<unsigned char>;

/// The bytes of all columns, one after the other.
class Store {
 public:
  /// Where the bytes begin.
  std::size_t put(const Bytes& bytes) {
    const auto [known, is_new] =
        known_.try_emplace(std::string(bytes.begin(), bytes.end()), all_.size());
    if (is_new) all_.insert(all_.end(), bytes.begin(), bytes.end());
    return known->second;
  }
  [[nodiscard]] const Bytes& all() const { return all_; }

 private:
  std::map<std::string, std::size_t> known_;
  Bytes all_;
};

/// What a reader sees before anything is inflated, and what `grep` finds in the file.
bool is_of_head(std::string_view key) {
  constexpr std::array<std::string_view, 6> kHead = {"kind",     "title",  "caption",
                                                     "headline", "badges", "tiles"};
  return std::find(kHead.begin(), kHead.end(), key) != kHead.end();
}

/// Replaces what is no UTF-8: a damaged name must not stop a report.
std::string text_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void put_away(Json& value, Store& store) {
  if (value.is_binary()) {
    value = store.put(value.get_binary());
  } else if (value.is_structured()) {
    for (Json& member : value) put_away(member, store);
  }
}

}  // namespace

std::string page_text(Json data) {
  Store store;
  put_away(data, store);
  Json page = Json::object();
  Json rest = Json::object();
  for (auto& [key, value] : data.items()) {
    (is_of_head(key) ? page : rest)[key] = std::move(value);
  }
  const std::string text = text_of(rest);
  page["rest"] = base64(io::deflated(Bytes(text.begin(), text.end())));
  page["columns"] = store.all().empty() ? std::string{} : base64(io::deflated(store.all()));
  return text_of(page);
}

std::string base64(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = (three << 8U) | (k < left ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= left ? kDigits[(three >> (18U - 6U * k)) & 0x3FU] : '=';
    }
  }
  return text;
}

}  // namespace toxvol::report
