#include "toxvol/run/diff.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/run/schema.hpp"
#include "toxvol/run/signal_table.hpp"
#include "toxvol/run/table_rows.hpp"

namespace toxvol::run {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::optional<std::string> table_difference(const std::string& name, const fs::path& a,
                                            const fs::path& b) {
  TableRows left{a / name};
  TableRows right{b / name};
  if (left.schema() != right.schema()) return name + ": the columns differ";
  for (;;) {
    const bool more_left = left.advance();
    const bool more_right = right.advance();
    if (!more_left && !more_right) return std::nullopt;
    if (more_left != more_right) {
      return fmt::format("{}: {} rows in A, {} in B; equal up to row {}", name, left.rows(),
                         right.rows(), left.number() - 1);
    }
    for (std::size_t i = 0; i < left.schema().size(); ++i) {
      if (is_equal(left, right, i)) continue;
      const std::string& key = left.schema().front().name;
      return fmt::format("{}: row {} ({} {}): {} is {} in A, {} in B", name, left.number(), key,
                         left.text(0), left.schema()[i].name, left.text(i), right.text(i));
    }
  }
}

std::string path_of(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + '.' + key;
}

std::optional<std::string> json_difference(const std::string& at, const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    for (const auto& [key, value] : a.items()) {
      if (!b.contains(key)) return path_of(at, key) + " is in A only";
      if (auto found = json_difference(path_of(at, key), value, b.at(key))) return found;
    }
    for (const auto& [key, value] : b.items()) {
      if (!a.contains(key)) return path_of(at, key) + " is in B only";
    }
    return std::nullopt;
  }
  if (a.is_array() && b.is_array() && a.size() == b.size()) {
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (auto found = json_difference(fmt::format("{}[{}]", at, i), a[i], b[i])) return found;
    }
    return std::nullopt;
  }
  if (a == b) return std::nullopt;
  return fmt::format("{} is {} in A, {} in B", at, a.dump(), b.dump());
}

std::optional<std::string> document_difference(const std::string& name, const fs::path& a,
                                               const fs::path& b) {
  const Json left = Json::parse(io::read_file(a / name), nullptr, false);
  const Json right = Json::parse(io::read_file(b / name), nullptr, false);
  for (const auto& [json, folder] : {std::pair{&left, &a}, std::pair{&right, &b}}) {
    if (json->is_discarded()) {
      throw Error((*folder / name).string() + ": not JSON", ErrorCode::Corrupt);
    }
  }
  const auto found = json_difference("", left, right);
  return found ? std::optional{name + ": " + *found} : std::nullopt;
}

}  // namespace

std::vector<std::string> diff(const fs::path& a, const fs::path& b) {
  for (const fs::path& run : {a, b}) {
    if (!fs::exists(run / "run.json")) {
      throw Error(run.string() + " is not a run folder: it has no run.json", ErrorCode::NotFound);
    }
  }
  std::vector<std::string> found;
  const auto compare = [&](const std::string& name, auto difference) {
    const bool in_a = fs::exists(a / name);
    const bool in_b = fs::exists(b / name);
    if (in_a != in_b) {
      found.push_back(name + (in_a ? " is in A only" : " is in B only"));
    } else if (in_a) {
      if (const auto line = difference(name, a, b)) found.push_back(*line);
    }
  };
  for (const std::string_view table : kTables) {
    compare(std::string{table} + ".parquet", table_difference);
  }
  compare(kSignalFile, table_difference);
  for (const char* name : {"run.json", "summary.json", "inference.json"})
    compare(name, document_difference);
  return found;
}

}  // namespace toxvol::run
