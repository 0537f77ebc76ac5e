#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/columnar/table_writer.hpp"
#include "toxvol/core/fixed.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/fingerprint.hpp"

namespace toxvol::run {

/// A table being written and hashed by the same calls, so that the two cannot differ.
class HashedTable {
 public:
  HashedTable(std::string path, const columnar::Schema& schema)
      : digest_{schema}, writer_{std::in_place, std::move(path), schema} {}
  /// Hashed and counted alone.
  explicit HashedTable(const columnar::Schema& schema) : digest_{schema} {}

  void put_null() {
    if (writer_) writer_->put_null();
    digest_.put_null();
  }
  void put(Timestamp ts) {
    if (writer_) writer_->put(ts);
    digest_.put_integer(to_ns(ts));
  }
  void put(double value) {
    if (writer_) writer_->put(value);
    digest_.put_real(value);
  }
  void put(bool value) {
    if (writer_) writer_->put(value);
    digest_.put_integer(value ? 1 : 0);
  }
  void put(std::string_view text) {
    if (writer_) writer_->put(text);
    digest_.put_text(text);
  }
  void put(const std::string& text) { put(std::string_view{text}); }
  void put(const char* text) = delete;
  template <class Tag>
  void put(Fixed<Tag> value) {
    if (writer_) writer_->put(value);
    digest_.put_integer(value.raw());
  }
  template <std::signed_integral T>
  void put(T value) {
    if (writer_) writer_->put(value);
    digest_.put_integer(static_cast<std::int64_t>(value));
  }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value) {
      put(*value);
    } else {
      put_null();
    }
  }
  /// Null where the text is empty: our vocabularies name "none" so.
  void put_name(std::string_view text) {
    if (text.empty()) {
      put_null();
    } else {
      put(text);
    }
  }
  void end_row() {
    ++rows_;
    if (writer_) writer_->end_row();
  }

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  void close() {
    if (writer_) writer_->close();
  }
  [[nodiscard]] std::string digest_hex() { return digest_.hex(); }

 private:
  TableDigest digest_;
  std::optional<columnar::TableWriter> writer_;
  std::int64_t rows_ = 0;
};

}  // namespace toxvol::run
