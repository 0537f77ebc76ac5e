#pragma once

#include <cstdint>
#include <vector>

#include "toxvol/core/time.hpp"

namespace toxvol::study {

/// Two windows of a walk-forward: what is chosen on the first is judged on the second.
struct Fold {
  Timestamp train_from{};
  Timestamp train_to{};  // exclusive, as `test_to`
  Timestamp test_from{};
  Timestamp test_to{};
  friend bool operator==(const Fold&, const Fold&) = default;
};

enum class FoldScheme : std::uint8_t {
  Rolling,  // every training window is `train` long
  Anchored  // they all begin with the first
};

struct FoldRule {
  FoldScheme scheme = FoldScheme::Rolling;
  Duration train{};
  Duration test{};
  Duration gap{};  // between training and test: purge and embargo (R38)
};

/// The folds of [from, to), test windows one after another (R39). The last test window ends at `to`
/// and is dropped where it is shorter than half. Throws `Error` where there is none, naming the
/// least `to` that would do.
[[nodiscard]] std::vector<Fold> folds(const FoldRule& rule, Timestamp from, Timestamp to);

}  // namespace toxvol::study
