#pragma once

#include <string>

#include "toxvol/core/error.hpp"
#include "toxvol/quality/finding.hpp"

namespace toxvol::catalog {

/// The file cannot be used at all: skipped whole, the rest goes on.
class SourceError : public Error {
 public:
  SourceError(quality::Code code, const std::string& what)
      : Error{what, ErrorCode::Corrupt}, code_{code} {}
  [[nodiscard]] quality::Code code() const { return code_; }

 private:
  quality::Code code_;
};

}  // namespace toxvol::catalog
