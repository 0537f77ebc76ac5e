#include "toxvol/quality/scale_detector.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "toxvol/core/time.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::quality {

namespace {

std::string shortest(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace

void ScaleDetector::on(Timestamp stamp, std::optional<double> open_interest, Findings& out) {
  if (!open_interest || *open_interest <= 0.0) return;
  if (scale_.accepts(stamp, *open_interest)) {
    finish(out);
    return;
  }
  const Day day = day_of(stamp - Duration{1});  // midnight ends a day of metrics
  if (pending_ && pending_->day == day) {
    ++pending_->count;
    pending_->ts_end = stamp;
    return;
  }
  finish(out);
  pending_.emplace();
  pending_->code = Code::OiScale;
  pending_->day = day;
  pending_->column = "sum_open_interest";
  pending_->value = shortest(*open_interest);
  pending_->ts = stamp;
  pending_->ts_end = stamp;
}

void ScaleDetector::finish(Findings& out) {
  if (pending_) out.add(*std::move(pending_));
  pending_.reset();
}

}  // namespace toxvol::quality
