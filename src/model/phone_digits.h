// Phone numbers as digits, so that the same number is found however it is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

inline constexpr std::size_t kPhoneDigitsMin = 6;   // a number with fewer is not compared as a phone number
inline constexpr std::size_t kPhoneDigitsMax = 15;  // E.164, with the country's code

// Tells whether a word has only characters that phone numbers are written with: digits, + ( ) . / -.
bool IsPhoneWord(std::string_view folded);
std::size_t CountDigits(std::string_view text);
// Tells whether it begins with + or 00 and a country's code, perhaps after a parenthesis.
bool IsInternational(std::string_view folded);

// Returns the digits that are stored for a phone field, separated by spaces; "" if the text itself has them all. An
// international number is also stored as it is written in its own country, with a leading 0.
std::string StoredPhoneDigits(std::string_view folded);

// Returns the digits to look for, for a number or the beginning of one; a record matches if it contains any of them.
// Never empty if the text has a digit.
std::vector<std::string> SoughtPhoneDigits(std::string_view folded);

}  // namespace shakehook
