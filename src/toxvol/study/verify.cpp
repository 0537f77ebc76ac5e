#include "toxvol/study/verify.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "toxvol/core/error.hpp"
#include "toxvol/io/atomic_file.hpp"
#include "toxvol/run/verify.hpp"
#include "toxvol/run/violations.hpp"
#include "toxvol/stats/intervals.hpp"
#include "toxvol/stats/rows.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/recorded.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kName = "inference.json";

/// By path: `net.sharpe`.
std::string key_of(std::string pointer) {
  for (char& c : pointer) c = c == '/' ? '.' : c;
  return pointer.substr(1);
}

void check_inference(const std::filesystem::path& run, run::Violations& violations) {
  const Json said = Json::parse(io::read_file(run / kName), nullptr, false);
  if (!said.is_object()) {
    violations.add(kName, "not a JSON object");
    return;
  }
  stats::Resampling how;
  if (const auto method = said.find("interval"); method != said.end() && method->is_string()) {
    how.method = stats::interval_method_named(method->get<std::string>()).value_or(how.method);
  }
  const Json is = Json::parse(inference_json(infer(read_returns(run, Unit::Hour), how))).flatten();
  const Json flat = said.flatten();
  for (const auto& [pointer, value] : is.items()) {
    if (!flat.contains(pointer)) {
      violations.add(kName, key_of(pointer) + " is absent");
    } else if (flat.at(pointer) != value) {
      violations.add(kName, fmt::format("{} is {}, the tables make it {}", key_of(pointer),
                                        flat.at(pointer).dump(), value.dump()));
    }
  }
  for (const auto& [pointer, value] : flat.items()) {
    if (!is.contains(pointer)) violations.add(kName, "unknown key " + key_of(pointer));
  }
}

}  // namespace

std::vector<std::string> verify(const std::filesystem::path& run) {
  std::vector<std::string> found = run::verify(run);
  run::Violations violations;
  try {
    check_inference(run, violations);
  } catch (const Error& error) {
    violations.add(kName, error.what());
  }
  for (std::string& line : violations.take()) found.push_back(std::move(line));
  return found;
}

}  // namespace toxvol::study
