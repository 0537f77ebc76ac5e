#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

#include <arrow/api.h>
#include <arrow/io/interfaces.h>
#include <fmt/format.h>
#include <parquet/exception.h>

#include "toxvol/columnar/market_file.hpp"
#include "toxvol/core/error.hpp"

namespace toxvol::columnar {

/// Arrow's idea of a file around a sink. An exception of the sink waits in `failure`, because
/// Arrow's code is not asked to be passed through by foreign exceptions.
class SinkStream final : public arrow::io::OutputStream {
 public:
  explicit SinkStream(ByteSink sink) : sink_{std::move(sink)} {}

  arrow::Status Write(const void* data, std::int64_t bytes) override {
    if (failure_) return arrow::Status::IOError("earlier failure");
    try {
      sink_({static_cast<const std::byte*>(data), static_cast<std::size_t>(bytes)});
    } catch (const std::exception&) {
      failure_ = std::current_exception();
      return arrow::Status::IOError("sink");
    }
    position_ += bytes;
    return arrow::Status::OK();
  }
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  arrow::Result<std::int64_t> Tell() const override { return position_; }
  bool closed() const override { return closed_; }

  /// Throws the sink's own exception, if there was one.
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }
  /// Runs `work`; throws the sink's own exception, or Arrow's as `Error`.
  template <class Work>
  void guard(Work&& work) {
    try {
      work();
    } catch (const parquet::ParquetException& error) {
      rethrow();
      throw Error{fmt::format("writing Parquet: {}", error.what())};
    }
  }

 private:
  ByteSink sink_;
  std::int64_t position_ = 0;
  bool closed_ = false;
  std::exception_ptr failure_;
};

}  // namespace toxvol::columnar
