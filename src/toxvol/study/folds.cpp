#include "toxvol/study/folds.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "toxvol/core/error.hpp"
#include "toxvol/core/time.hpp"

namespace toxvol::study {

std::vector<Fold> folds(const FoldRule& rule, Timestamp from, Timestamp to) {
  const Timestamp first = from + rule.train + rule.gap;
  std::vector<Fold> folds;
  for (Timestamp test_from = first; test_from < to; test_from += rule.test) {
    const Timestamp test_to = std::min(test_from + rule.test, to);
    if (2 * (test_to - test_from) < rule.test) break;
    const Timestamp train_to = test_from - rule.gap;
    const Timestamp train_from = rule.scheme == FoldScheme::Anchored ? from : train_to - rule.train;
    folds.push_back({.train_from = train_from,
                     .train_to = train_to,
                     .test_from = test_from,
                     .test_to = test_to});
  }
  if (folds.empty()) {
    throw Error{fmt::format(
        "walkforward: no fold fits between {} and {}; the first needs data to {}, or a shorter "
        "train or test",
        to_string(from), to_string(to), to_string(first + rule.test / 2))};
  }
  return folds;
}

}  // namespace toxvol::study
