#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "toxvol/config/keys.hpp"
#include "toxvol/core/assert.hpp"
#include "toxvol/core/spelling.hpp"

namespace toxvol::config {

std::string_view table_of(const Key& key) {
  return std::string_view{key.name}.substr(0, key.name.find('.'));
}

std::string_view name_in_table(const Key& key) {
  return std::string_view{key.name}.substr(key.name.find('.') + 1);
}

const Key* find_key(std::string_view name) {
  const auto key = std::ranges::find(keys(), name, &Key::name);
  return key == keys().end() ? nullptr : &*key;
}

const Key& key_of(std::string_view name) {
  const Key* key = find_key(name);
  TOXVOL_ASSERT(key != nullptr);
  return *key;
}

const Key* nearest_key(std::string_view name) {
  const Key* nearest = nullptr;
  const auto point = name.find('.');
  const std::string_view asked = point == std::string_view::npos ? name : name.substr(point + 1);
  std::size_t best = std::numeric_limits<std::size_t>::max();
  for (const Key& key : keys()) {
    // The right name in the wrong table is the commonest slip: the table counts little.
    const std::string_view last = name_in_table(key);
    const std::size_t whole = spelling_distance(name, key.name);
    const std::size_t part = spelling_distance(asked, last);
    const std::size_t d = std::min(whole <= spelling_limit(name) ? whole : best,
                                   part <= spelling_limit(asked) ? part + 1 : best);
    if (d < best) {
      best = d;
      nearest = &key;
    }
  }
  return nearest;
}

std::string unknown_key(std::string_view name) {
  const Key* nearest = nearest_key(name);
  return fmt::format("unknown key {}; {}`toxvol config explain` lists all", name,
                     nearest == nullptr ? "" : fmt::format("did you mean {}? ", nearest->name));
}

}  // namespace toxvol::config
