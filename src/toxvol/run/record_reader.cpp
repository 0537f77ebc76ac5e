#include "toxvol/run/record_reader.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include "toxvol/columnar/table_reader.hpp"
#include "toxvol/columnar/table_schema.hpp"
#include "toxvol/core/error.hpp"
#include "toxvol/core/held.hpp"
#include "toxvol/core/time.hpp"
#include "toxvol/run/columns.hpp"
#include "toxvol/run/schema.hpp"
#include "toxvol/strategy/decision.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {

namespace {

namespace fs = std::filesystem;

/// Takes the values of one row in schema order.
template <class Record>
class Taker {
 public:
  Taker(const std::string& path, const columnar::TableBlock& block, std::size_t row, Record& record)
      : path_{path}, block_{block}, row_{row}, record_{record} {}

  template <class Member>
  void column(std::string_view name, const Member& member, const About& /*about*/) {
    take(name, std::invoke(member, record_));
    ++at_;
  }
  template <class Member, class Code>
  void text(std::string_view name, const Member& member, const Code& code, const About& /*about*/) {
    take_text(name, std::invoke(member, record_), code);
    ++at_;
  }
  template <class Get, class Set>
  void computed(std::string_view name, const Get& /*get*/, const Set& set, const About& /*about*/) {
    std::remove_cvref_t<std::invoke_result_t<const Get&, const Record&>> value{};
    take(name, value);
    ++at_;
    set(record_, value);
  }

 private:
  [[nodiscard]] const columnar::ColumnBlock& here() const { return block_.columns[at_]; }

  template <class T>
  void take(std::string_view name, T& value) {
    if constexpr (trading::Vocabulary<T>) {
      const std::string_view word = here().text(row_).value_or("");
      const auto known = trading::parse<T>(word);
      if (!known) unknown(name, word);
      value = *known;
    } else if constexpr (std::is_same_v<T, std::string>) {
      value = held(here().text(row_));
    } else if constexpr (std::is_same_v<T, double>) {
      value = held(here().real(row_));
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      value = from_ns(held(here().integer(row_)));
    } else if constexpr (std::is_integral_v<T>) {
      value = static_cast<T>(held(here().integer(row_)));
    } else {
      value = T::from_raw(held(here().integer(row_)));
    }
  }
  template <class T>
  void take(std::string_view name, std::optional<T>& value) {
    if (here().is_null(row_)) {
      value.reset();
    } else {
      take(name, value.emplace());
    }
  }

  template <class T, class Code>
  void take_text(std::string_view name, T& value, const Code& code) {
    const std::string_view text = held(here().text(row_));
    if (!code.parse(text, value)) unknown(name, text);
  }
  template <class T, class Code>
  void take_text(std::string_view name, std::optional<T>& value, const Code& code) {
    if (here().is_null(row_)) {
      value.reset();
    } else {
      take_text(name, value.emplace(), code);
    }
  }

  [[noreturn]] void unknown(std::string_view name, std::string_view text) const {
    throw Error("cannot read " + path_ + ": column " + std::string{name} + ": unknown value '" +
                    std::string{text} + "'",
                ErrorCode::Corrupt);
  }

  const std::string& path_;
  const columnar::TableBlock& block_;
  std::size_t row_;
  Record& record_;
  std::size_t at_ = 0;
};

/// What the files say against the contract, or nothing.
void check_schema(const std::string& path, const columnar::Schema& is,
                  const columnar::Schema& wanted) {
  for (std::size_t i = 0; i < std::max(is.size(), wanted.size()); ++i) {
    const std::string a = i < is.size() ? columnar::to_string(is[i]) : "nothing";
    const std::string b = i < wanted.size() ? columnar::to_string(wanted[i]) : "nothing";
    if (a != b) {
      throw Error(fmt::format("cannot read {}: column {} is {}, should be {}", path, i + 1, a, b),
                  ErrorCode::Corrupt);
    }
  }
}

}  // namespace

template <class Record>
RecordRows<Record>::RecordRows(const fs::path& run)
    : path_{(run / (std::string{table_of<Record>()} + ".parquet")).string()}, reader_{path_} {
  check_schema(path_, reader_.schema(), table_schema(table_of<Record>()));
}

template <class Record>
std::optional<Record> RecordRows<Record>::next() {
  while (!block_ || row_ >= block_->rows) {
    block_ = reader_.next();
    row_ = 0;
    if (!block_) return std::nullopt;
  }
  Record record;
  Taker<Record> taker{path_, *block_, row_++, record};
  columns(std::type_identity<Record>{}, taker);
  return record;
}

template <class Record>
void for_each_record(const fs::path& run, const std::function<void(const Record&)>& use) {
  RecordRows<Record> rows{run};
  while (const auto record = rows.next()) use(*record);
}

template <class Record>
std::vector<Record> read_records(const fs::path& run) {
  std::vector<Record> records;
  for_each_record<Record>(run, [&](const Record& record) { records.push_back(record); });
  return records;
}

template class RecordRows<strategy::DecisionRow>;
template void for_each_record(const fs::path&,
                              const std::function<void(const strategy::DecisionRow&)>&);
template void for_each_record(const fs::path&,
                              const std::function<void(const trading::OrderRecord&)>&);
template void for_each_record(const fs::path&,
                              const std::function<void(const trading::FillRecord&)>&);
template void for_each_record(const fs::path&,
                              const std::function<void(const trading::PositionRecord&)>&);
template void for_each_record(const fs::path&,
                              const std::function<void(const trading::EquityRecord&)>&);
template std::vector<trading::OrderRecord> read_records(const fs::path&);
template std::vector<trading::CommandRecord> read_records(const fs::path&);
template std::vector<trading::FillRecord> read_records(const fs::path&);
template std::vector<trading::PositionRecord> read_records(const fs::path&);

}  // namespace toxvol::run
