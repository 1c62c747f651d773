// The ASCII letters and blanks of protocols and formats, the same in every locale. What people write is compared by
// model/fold_case.h.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace shakehook {

constexpr bool IsLowerAscii(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool IsUpperAscii(char c) { return c >= 'A' && c <= 'Z'; }

// Returns a letter in lowercase, and any other byte as it is.
constexpr char ToLowerAscii(char c) { return IsUpperAscii(c) ? static_cast<char>(c - 'A' + 'a') : c; }

// Returns the text with its ASCII letters in lowercase.
inline std::string LowerAscii(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), ToLowerAscii);
  return lower;
}

// Compares names as protocols do: in any case.
constexpr bool EqualIgnoringCase(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, {}, ToLowerAscii, ToLowerAscii);
}

inline constexpr std::string_view kSpacesAndTabs = " \t";

// Returns the text without `blanks` at its beginning and end.
constexpr std::string_view Trimmed(std::string_view text, std::string_view blanks = kSpacesAndTabs) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace shakehook
