#include "model/phone_digits.h"

#include <algorithm>
#include <array>

namespace shakehook {
namespace {

// Where the country is unknown, this many last digits tell numbers apart: the digits before them are a country's code,
// or a prefix for calls inside a country (0, 06, 8).
constexpr std::size_t kLastDigits = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

std::string DigitsOf(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), IsDigit);
  return digits;
}

// E.164: the codes of one and two digits; all others have three.
std::size_t CountryCodeLength(std::string_view digits) {
  constexpr auto kOfTwo = std::to_array<std::string_view>(
      {"20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46",
       "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63",
       "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"});
  if (digits.starts_with('1') || digits.starts_with('7')) return 1;
  return std::ranges::find(kOfTwo, digits.substr(0, 2)) != kOfTwo.end() ? 2 : 3;
}

struct Number {
  std::string digits;    // with the country's code if it is international
  std::string national;  // without the country's code and a leading 0
  bool international = false;
};

Number Read(std::string_view folded) {
  Number number{.international = IsInternational(folded)};
  if (!number.international) {
    number.digits = DigitsOf(folded);
    number.national = number.digits.starts_with('0') ? number.digits.substr(1) : number.digits;
    return number;
  }
  // +33 (0)6: the 0 is for callers inside the country.
  std::string text(folded);
  if (const auto zero = text.find("(0)"); zero != std::string::npos) text.erase(zero, 3);
  number.digits = DigitsOf(text);
  if (text.find('+') == std::string::npos) number.digits.erase(0, 2);
  const std::string_view all = number.digits;
  number.national = all.substr(std::min(all.size(), CountryCodeLength(all)));
  if (number.national.starts_with('0')) number.national.erase(0, 1);
  return number;
}

void Add(std::vector<std::string>& sought, std::string digits) {
  if (!digits.empty() && std::ranges::find(sought, digits) == sought.end()) sought.push_back(std::move(digits));
}

// A field may hold several numbers: "06 12 34 56 78, 01 45 67 89 01", "06… (office) 01…".
std::vector<std::string_view> NumbersIn(std::string_view folded) {
  std::vector<std::string_view> numbers;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= folded.size(); ++i) {
    const bool part = i < folded.size() && (folded[i] == ' ' || IsPhoneWord(folded.substr(i, 1)));
    // A + begins another number.
    const bool another = part && folded[i] == '+' && CountDigits(folded.substr(begin, i - begin)) > 0;
    if (part && !another) continue;
    if (CountDigits(folded.substr(begin, i - begin)) > 0) numbers.push_back(folded.substr(begin, i - begin));
    begin = another ? i : i + 1;
  }
  return numbers;
}

}  // namespace

bool IsPhoneWord(std::string_view folded) {
  return std::ranges::all_of(folded, [](char c) { return IsDigit(c) || std::string_view("+().-/").contains(c); });
}

std::size_t CountDigits(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, IsDigit));
}

bool IsInternational(std::string_view folded) {
  const auto begin = folded.find_first_not_of(" (");
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = folded.substr(begin);
  // No country's code begins with 0.
  const std::size_t code = rest.find_first_not_of(" ()", rest.starts_with('+') ? 1 : rest.starts_with("00") ? 2 : 0);
  return code > 0 && code != std::string_view::npos && rest[code] >= '1' && rest[code] <= '9' &&
         (rest.starts_with('+') || rest.starts_with("00"));
}

std::string StoredPhoneDigits(std::string_view folded) {
  std::string stored;
  const auto add = [&](std::string_view digits) {
    if (digits.empty() || folded.contains(digits) || stored.contains(digits)) return;
    if (!stored.empty()) stored += ' ';
    stored += digits;
  };
  for (const std::string_view each : NumbersIn(folded)) {
    const Number number = Read(each);
    add(number.digits);
    if (number.international) add("0" + number.national);
  }
  return stored;
}

std::vector<std::string> SoughtPhoneDigits(std::string_view folded) {
  const Number number = Read(folded);
  std::vector<std::string> sought;
  Add(sought, number.digits);
  if (number.international && !number.national.empty()) Add(sought, "0" + number.national);
  if (number.national.size() >= kPhoneDigitsMin) Add(sought, number.national);
  if (number.digits.size() > kLastDigits) Add(sought, number.digits.substr(number.digits.size() - kLastDigits));
  if (sought.empty()) Add(sought, DigitsOf(folded));
  return sought;
}

}  // namespace shakehook
