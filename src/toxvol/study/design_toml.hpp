#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "toxvol/study/design.hpp"

/// Tables of a design's TOML, read with the place of each value. Included by this room only.
namespace toxvol::study {

[[nodiscard]] int line_of(const toml::node& node);

/// TOML's spelling of a value on one line.
[[nodiscard]] std::string spelling(const toml::node& node);

/// A file that sets one key of the configuration, on line `line`: what `config::parse` says of it
/// then names the design's own line.
[[nodiscard]] std::string one_key_file(const std::string& key, const std::string& text, int line);

/// A word and what it means.
template <class T>
struct Word {
  std::string_view text;
  T value;
};
/// One table. Names that nobody may ask for are an error at once.
class TomlTable {
 public:
  /// `what` names the table in messages: `[[axis]]`. `table` and `file` outlive this.
  TomlTable(const toml::table& table, const std::string& file, std::string what,
            std::initializer_list<std::string_view> names);

  [[noreturn]] void fail(int line, const std::string& problem) const;
  /// "name = value: expected …".
  [[noreturn]] void fail_value(std::string_view name, const toml::node& node,
                               std::string_view expected) const;

  [[nodiscard]] int line() const { return line_; }
  /// Null where there is none.
  [[nodiscard]] const toml::node* find(std::string_view name) const { return table_.get(name); }
  /// Fails where there is none.
  [[nodiscard]] const toml::node& need(std::string_view name, std::string_view such_as) const;

  [[nodiscard]] std::string text(std::string_view name, const toml::node& node) const;
  [[nodiscard]] std::int64_t whole(std::string_view name, const toml::node& node, std::int64_t low,
                                   std::int64_t high) const;
  [[nodiscard]] bool flag(std::string_view name, const toml::node& node) const;
  /// A decimal number, bare or in quotes, in units of 1e-8.
  [[nodiscard]] std::int64_t decimal(std::string_view name, const toml::node& node) const;
  [[nodiscard]] const toml::array& array(std::string_view name, const toml::node& node,
                                         std::string_view such_as) const;
  /// Keys of the configuration with their values: `{ "exit.k_stop" = 3, … }`.
  [[nodiscard]] std::vector<Assignment> assignments(std::string_view name) const;
  /// The tables of `[[name]]`.
  [[nodiscard]] std::vector<const toml::table*> tables(std::string_view name) const;
  /// Text that is a key of the configuration.
  [[nodiscard]] std::string key(std::string_view name, const toml::node& node) const;
  void check_key(const std::string& key, int line) const;

  /// The value of the word that `node` is; fails with the nearest one.
  template <class T, std::size_t kCount>
  [[nodiscard]] T word(std::string_view name, const toml::node& node,
                       const Word<T> (&words)[kCount]) const {
    const std::string asked = text(name, node);
    std::vector<std::string> all;
    for (const auto& [spelling, value] : words) {
      if (spelling == asked) return value;
      all.emplace_back(spelling);
    }
    fail_word(name, node, asked, all);
  }

 private:
  [[noreturn]] void fail_word(std::string_view name, const toml::node& node,
                              const std::string& asked, const std::vector<std::string>& all) const;

  const toml::table& table_;
  const std::string& file_;
  std::string what_;
  int line_;
};

[[nodiscard]] WalkForward parse_walkforward(const toml::table& table, const std::string& file);
/// Each name with its value in TOML's spelling, which is also JSON's.
[[nodiscard]] std::vector<std::pair<std::string_view, std::string>> spelled(const WalkForward& w);

}  // namespace toxvol::study
