#include "toxvol/run/record_writer.hpp"

#include <functional>
#include <optional>
#include <string_view>
#include <type_traits>

#include "toxvol/run/columns.hpp"
#include "toxvol/run/hashed_table.hpp"
#include "toxvol/trading/enums.hpp"

namespace toxvol::run {

namespace {

template <class Record>
class Putter {
 public:
  Putter(HashedTable& table, const Record& record) : table_{table}, record_{record} {}

  template <class Member>
  void column(std::string_view /*name*/, const Member& member, const About& /*about*/) {
    put(std::invoke(member, record_));
  }
  template <class Member, class Code>
  void text(std::string_view /*name*/, const Member& member, const Code& code,
            const About& /*about*/) {
    put_text(std::invoke(member, record_), code);
  }
  template <class Get, class Set>
  void computed(std::string_view /*name*/, const Get& get, const Set& /*set*/,
                const About& /*about*/) {
    table_.put(get(record_));
  }

 private:
  template <class T>
  void put(const T& value) {
    table_.put(value);
  }
  template <trading::Vocabulary Enum>
  void put(const Enum& value) {
    table_.put_name(trading::name(value));
  }
  template <trading::Vocabulary Enum>
  void put(const std::optional<Enum>& value) {
    table_.put(value ? std::optional{trading::name(*value)} : std::nullopt);
  }

  template <class T, class Code>
  void put_text(const T& value, const Code& code) {
    table_.put(code.text(value));
  }
  template <class T, class Code>
  void put_text(const std::optional<T>& value, const Code& code) {
    table_.put(value ? std::optional{code.text(*value)} : std::nullopt);
  }

  HashedTable& table_;
  const Record& record_;
};

}  // namespace

template <class Record>
void put_row(HashedTable& table, const Record& record) {
  Putter<Record> putter{table, record};
  columns(std::type_identity<Record>{}, putter);
  table.end_row();
}

template void put_row(HashedTable&, const factors::FactorRow&);
template void put_row(HashedTable&, const strategy::DecisionRow&);
template void put_row(HashedTable&, const trading::OrderRecord&);
template void put_row(HashedTable&, const trading::CommandRecord&);
template void put_row(HashedTable&, const trading::FillRecord&);
template void put_row(HashedTable&, const trading::PositionRecord&);
template void put_row(HashedTable&, const trading::EquityRecord&);

}  // namespace toxvol::run
