#include "toxvol/jobs/study_batches.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/study/points.hpp"
#include "toxvol/study/side_by_side.hpp"

namespace toxvol::jobs {

namespace {

/// Points that are in memory at the same time, whatever their factors: more cost less decoding,
/// fewer take less memory (some 3 MB a point) and lose less when the work is interrupted.
constexpr std::size_t kSideBySide = 64;
/// The same of a worker elsewhere, which has its memory for itself.
constexpr std::size_t kSideBySideElsewhere = 64;
/// Batches for each worker elsewhere: with more of them fewer workers stand idle at the end, with
/// fewer of them the market is read less often.
constexpr std::size_t kTurns = 2;

/// Whether both can share one reading of the market, and what is fitted on it.
bool read_alike(const StudyTask& a, const StudyTask& b) {
  const auto from = [](const StudyTask& task) {
    return task.window ? std::optional{std::pair{task.window->from, task.window->to}}
                       : std::nullopt;
  };
  return from(a) == from(b) && a.fits == b.fits;
}

/// Of each part, rounded up.
std::size_t share(std::size_t points, std::size_t parts) {
  return (points + parts - 1) / parts;
}

/// Points with one model, or some of them.
struct Piece {
  std::vector<std::size_t> points;
  /// In times of what a run costs that shares all it can. To compute a model costs about as much
  /// again, to fold ticks for itself three times as much.
  std::size_t work = 0;
};
constexpr std::size_t kModel = 1;
constexpr std::size_t kFolding = 3;

/// The points in the groups of those that are alike, in the order of the first of each.
template <class Alike>
std::vector<std::vector<std::size_t>> groups_of(std::span<const std::size_t> points,
                                                const TasksByNumber& tasks, const Alike& alike) {
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t point : points) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& other) {
      return alike(*tasks.at(other.front()), *tasks.at(point));
    });
    if (group == groups.end()) {
      groups.push_back({point});
    } else {
      group->push_back(point);
    }
  }
  return groups;
}

/// At most `most` points in each. The first point's folding is taken for the one that most share.
std::vector<Piece> pieces_of(std::span<const std::size_t> points, const TasksByNumber& tasks,
                             std::size_t most) {
  const study::RunSpec& usual = tasks.at(points.front())->spec;
  std::vector<Piece> pieces;
  for (const auto& group : groups_of(points, tasks, [](const StudyTask& a, const StudyTask& b) {
         return model_alike(a.spec, b.spec);
       })) {
    const bool is_usual = fold_alike(usual, tasks.at(group.front())->spec);
    std::span<const std::size_t> left{group};
    for (std::size_t parts = share(group.size(), most); parts > 0; --parts) {
      const auto some = left.first(share(left.size(), parts));
      left = left.subspan(some.size());
      pieces.push_back({.points = {some.begin(), some.end()},
                        .work = some.size() + kModel + (is_usual ? 0 : kFolding)});
    }
  }
  return pieces;
}

std::vector<Piece> dearest_first(std::vector<Piece> pieces) {
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    return a.work != b.work ? a.work > b.work : a.points.front() < b.points.front();
  });
  return pieces;
}

/// Batches that pieces are dealt to.
class Hands {
 public:
  Hands(std::size_t count, std::size_t most) : hands_(count), most_{most} {}

  /// To the one with the least to do of those that have room, or to a new one.
  void deal(const Piece& piece) {
    Hand* least = nullptr;
    for (Hand& hand : hands_) {
      const bool has_room = hand.points.size() + piece.points.size() <= most_;
      if (has_room && (least == nullptr || hand.work < least->work)) least = &hand;
    }
    if (least == nullptr) least = &hands_.emplace_back();
    least->points.insert(least->points.end(), piece.points.begin(), piece.points.end());
    least->work += piece.work;
  }
  [[nodiscard]] std::vector<study::Batch> take() && {
    std::vector<study::Batch> batches;
    for (Hand& hand : hands_) {
      if (!hand.points.empty()) batches.push_back(std::move(hand.points));
    }
    return batches;
  }

 private:
  struct Hand {
    study::Batch points;
    std::size_t work = 0;
  };

  std::vector<Hand> hands_;
  std::size_t most_;
};

}  // namespace

std::vector<study::Batch> cut(std::span<const std::size_t> points, const TasksByNumber& tasks,
                              const BatchSize& size) {
  std::vector<study::Batch> batches;
  for (const auto& reading : groups_of(points, tasks, read_alike)) {
    Hands hands{share(reading.size(), size.usual), size.most};
    for (const Piece& piece : dearest_first(pieces_of(reading, tasks, size.usual)))
      hands.deal(piece);
    std::vector<study::Batch> dealt = std::move(hands).take();
    std::move(dealt.begin(), dealt.end(), std::back_inserter(batches));
  }
  return batches;
}

// As many batches as let all threads end at about the same time.
BatchSize batch_size_here(std::size_t points, std::size_t threads) {
  const std::size_t workers = std::clamp<std::size_t>(threads, 1, kSideBySide);
  const std::size_t most = kSideBySide / workers;
  const std::size_t turns = std::max<std::size_t>(share(points, workers * most), 1);
  return {.usual = std::max<std::size_t>(share(points, workers * turns), 1), .most = most};
}

BatchSize batch_size_elsewhere(std::size_t points, std::size_t workers) {
  const std::size_t batches = std::max<std::size_t>(workers, 1) * kTurns;
  const std::size_t usual =
      std::clamp<std::size_t>(share(points, batches), 1, kSideBySideElsewhere);
  return {.usual = usual, .most = std::min(2 * usual, kSideBySideElsewhere)};
}

}  // namespace toxvol::jobs
