#include "toxvol/study/trial.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

#include "toxvol/core/decimal.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/core/time_text.hpp"
#include "toxvol/io/hash.hpp"
#include "toxvol/run/fingerprint.hpp"
#include "toxvol/run/summary.hpp"
#include "toxvol/study/inference.hpp"
#include "toxvol/study/json_value.hpp"
#include "toxvol/study/unit.hpp"

namespace toxvol::study {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::array<std::string_view, 10> kKinds = {
    "run",    "ablation", "sweep",  "train", "walkforward",
    "signal", "nautilus", "script", "band",  "world"};
constexpr std::string_view kStudyLine = "study";
constexpr std::string_view kCheck = R"(,"x":")";
constexpr std::size_t kCheckDigits = 16;

std::optional<TrialKind> kind_named(std::string_view word) {
  for (std::size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds.at(i) == word) return static_cast<TrialKind>(i);
  }
  return std::nullopt;
}

template <class T>
std::optional<T> known(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional{value.get<T>()};
}

std::string check_of(std::string_view text) {
  return io::sha256_hex(text).substr(0, kCheckDigits);
}

/// The object as one line, with its check at the end.
std::string checked(const Json& json) {
  std::string text = json.dump();
  text.pop_back();
  std::string line = text;
  line += kCheck;
  line += check_of(text) + "\"}\n";
  return line;
}

/// Of texts that are no times, an exception of Json's, as for all else that is not as it must be.
Timestamp time_at(const Json& json, const char* key) {
  const auto time = time_from_text(json.at(key).get_ref<const std::string&>());
  return time ? *time : throw Json::other_error::create(0, "no time", &json);
}

template <class T, class Named>
T word_at(const Json& json, const char* key, Named named) {
  const auto value = named(json.at(key).get_ref<const std::string&>());
  return value ? *value : throw Json::other_error::create(0, "unknown word", &json);
}

Trial read_trial(const Json& json) {
  Trial trial;
  trial.id = json.at("id");
  trial.kind = word_at<TrialKind>(json, "kind", kind_named);
  trial.study = known<std::string>(json.at("study"));
  trial.at = time_at(json, "at");
  trial.symbol = json.at("symbol");
  trial.from = time_at(json, "from");
  trial.to = time_at(json, "to");
  trial.config = json.at("config");
  trial.inputs = json.at("inputs");
  trial.unit = word_at<Unit>(json, "unit", unit_named);
  trial.n = json.at("n");
  trial.sharpe = known<double>(json.at("sharpe"));
  trial.skewness = known<double>(json.at("skewness"));
  trial.kurtosis = known<double>(json.at("kurtosis"));
  trial.px_sharpe = known<double>(json.at("px_sharpe"));
  trial.gross = json.at("gross");
  trial.net = json.at("net");
  trial.positions = json.at("positions");
  trial.synthetic = json.at("synthetic");
  trial.version = json.at("version");
  return trial;
}

StudyEnd read_study(const Json& json) {
  return {.id = json.at("id"),
          .type = json.at("type"),
          .members = json.at("members"),
          .rho = known<double>(json.at("rho")),
          .n_hat = known<double>(json.at("n_hat"))};
}

}  // namespace

std::string_view name(TrialKind kind) {
  return kKinds.at(static_cast<std::size_t>(kind));
}

std::string trial_id(const TrialIdentity& identity) {
  std::string text = "toxvol trial 1\nconfig " + identity.config_sha256 + "\nwindow " +
                     identity.symbol + ' ' + to_string(identity.from) + ' ' +
                     to_string(identity.to) + '\n' + identity.input_lines;
  if (identity.signal_sha256) text += run::signal_line(*identity.signal_sha256);
  return io::sha256_hex(text);
}

Trial trial_of(const TrialIdentity& identity, const run::Summary& summary,
               const Inference& inference) {
  Trial trial;
  trial.id = trial_id(identity);
  trial.symbol = identity.symbol;
  trial.from = identity.from;
  trial.to = identity.to;
  trial.config = identity.config_sha256;
  trial.inputs = io::sha256_hex(identity.input_lines);
  trial.unit = inference.unit;
  trial.n = inference.net.n;
  trial.sharpe = inference.net.ratio.sharpe;
  trial.skewness = inference.net.skewness;
  trial.kurtosis = inference.net.kurtosis;
  trial.px_sharpe = inference.px.ratio.sharpe;
  trial.gross = decimal_text(summary.gross.raw());
  trial.net = decimal_text(summary.net.raw());
  trial.positions = summary.positions;
  return trial;
}

std::string line_of(const Trial& trial) {
  Json json = Json::object();
  json["v"] = kVersion;
  json["id"] = trial.id;
  json["kind"] = name(trial.kind);
  json["study"] = value(trial.study);
  json["at"] = to_string(trial.at);
  json["symbol"] = trial.symbol;
  json["from"] = to_string(trial.from);
  json["to"] = to_string(trial.to);
  json["config"] = trial.config;
  json["inputs"] = trial.inputs;
  json["unit"] = name(trial.unit);
  json["n"] = trial.n;
  json["sharpe"] = value(trial.sharpe);
  json["skewness"] = value(trial.skewness);
  json["kurtosis"] = value(trial.kurtosis);
  json["px_sharpe"] = value(trial.px_sharpe);
  json["gross"] = trial.gross;
  json["net"] = trial.net;
  json["positions"] = trial.positions;
  json["synthetic"] = trial.synthetic;
  json["version"] = trial.version;
  return checked(json);
}

std::string line_of(const StudyEnd& study) {
  return checked(Json{{"v", kVersion},
                      {"kind", kStudyLine},
                      {"id", study.id},
                      {"type", study.type},
                      {"members", study.members},
                      {"rho", value(study.rho)},
                      {"n_hat", value(study.n_hat)}});
}

std::optional<std::variant<Trial, StudyEnd>> read_line(std::string_view line) {
  const std::size_t check = line.rfind(kCheck);
  if (check == std::string_view::npos) return std::nullopt;
  if (line.substr(check + kCheck.size()) != check_of(line.substr(0, check)) + "\"}") {
    return std::nullopt;
  }
  try {
    const Json json = Json::parse(line);
    if (json.at("v") != kVersion) return std::nullopt;
    if (json.at("kind") == kStudyLine) return read_study(json);
    return read_trial(json);
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace toxvol::study
