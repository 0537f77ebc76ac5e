#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "toxvol/core/held.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::strategy {

/// One question on the way from a row to an order (A4), and the answer. Where a value is compared,
/// it holds if `value relation threshold`; where nothing is named it is a matter of yes or no.
struct Step {
  std::string_view question;                         // `compression`
  trading::Reason otherwise = trading::Reason::Gap;  // why nothing is entered if it does not hold
  bool holds = false;
  std::string_view factor{};  // what is asked about: a column of decisions.parquet, `|p|`, a word
  std::optional<double> value{};
  std::string_view relation{};  // `>=` `<` `<=` `=`; empty: a matter of yes or no
  std::string_view limit{};     // a column, or a key of the configuration
  std::optional<double> threshold{};
};

/// Asks in order. The first step that does not hold ends it; who explains a row (`told`) is told
/// that one and all further ones too.
class Asked {
 public:
  explicit Asked(std::vector<Step>* told) : told_{told} {}

  /// Whether to go on.
  bool operator()(const Step& step) {
    if (!step.holds && !refused_) refused_ = step.otherwise;
    if (told_ != nullptr) told_->push_back(step);
    return step.holds || told_ != nullptr;
  }
  /// What did not hold first; empty as long as all did.
  [[nodiscard]] const std::optional<trading::Reason>& refused() const { return refused_; }
  /// The same where something did not.
  [[nodiscard]] trading::Reason reason() const { return held(refused_); }

 private:
  std::vector<Step>* told_;
  std::optional<trading::Reason> refused_;
};

}  // namespace toxvol::strategy
