// The columns of a statement with their types, declared once: the text of the SELECT is made of them, and reading a
// column that is not among them does not compile. How a value is read is each database's own (select.h).
//
//   struct SessionColumns : Columns<Column<"user", UserId>, Column<"max(epoch) AS newest", std::int64_t>> {};
//
// Threads: any; these are constants.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "model/ids.h"

namespace shakehook {

// A column as a statement writes it, known to the compiler.
template <std::size_t kSize>
struct ColumnText {
  char characters[kSize];

  consteval ColumnText(const char (&text)[kSize]) { std::copy_n(text, kSize, characters); }
  constexpr std::string_view view() const { return {characters, kSize - 1}; }
};

// Returns the name of a column: what follows AS, or the part after the table, or all of it.
consteval std::string_view ColumnName(std::string_view text) {
  constexpr std::string_view kAs = " AS ";
  if (const auto as = text.rfind(kAs); as != std::string_view::npos) return text.substr(as + kAs.size());
  return text.substr(text.rfind('.') + 1);
}

template <ColumnText kText, class T>
struct Column {
  using Type = T;
  static constexpr std::string_view kColumn = kText.view();
  static constexpr std::string_view kName = ColumnName(kText.view());
};

template <class... Each>
struct Columns {
  static constexpr int kCount = sizeof...(Each);
  template <int kIndex>
  using TypeAt = std::tuple_element_t<static_cast<std::size_t>(kIndex), std::tuple<typename Each::Type...>>;

  // Returns the place of the column with this name; -1 if there is none, or more than one.
  static consteval int IndexOf(std::string_view name) {
    int index = 0;
    int found = -1;
    int count = 0;
    ((Each::kName == name ? (found = index, ++count) : 0, ++index), ...);
    return count == 1 ? found : -1;
  }
  static constexpr std::array<std::string_view, sizeof...(Each)> Names() { return {Each::kName...}; }
  // Returns the columns as a statement names them.
  static std::string Text() {
    std::string text;
    ((text += text.empty() ? "" : ", ", text += Each::kColumn), ...);
    return text;
  }
};

// Returns false where a webhook would be bound after a position: swapped, or in pieces of what is one key.
template <class... Values>
consteval bool AreInKeyOrder() {
  bool position_seen = false;
  bool in_order = true;
  const auto look = [&](bool is_webhook, bool is_position) {
    if (is_webhook && position_seen) in_order = false;
    if (is_position) position_seen = true;
  };
  (look(std::is_same_v<Values, WebhookNumber>, std::is_same_v<Values, Position>), ...);
  return in_order;
}

}  // namespace shakehook
