#include "records/import_number.h"

#include <algorithm>
#include <cctype>

#include "records/cell_text.h"

namespace shakehook {
namespace {

constexpr std::string_view kMinus = "\xe2\x88\x92";       // U+2212
constexpr std::string_view kApostrophe = "\xe2\x80\x99";  // U+2019

bool IsDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

void Replace(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
}

// Removes `mark` where it separates groups of three digits, after a first group of one to three. Returns false if a
// mark is anywhere else.
bool TakeOutGroups(std::string& digits, char mark) {
  std::string joined;
  std::size_t group = 0;
  bool first = true;
  for (const char c : digits) {
    if (c == mark) {
      if (first ? group < 1 || group > 3 : group != 3) return false;
      first = false;
      group = 0;
    } else {
      joined += c;
      ++group;
    }
  }
  if (!first && group != 3) return false;
  digits = std::move(joined);
  return true;
}

// A number of a JSON text begins with one digit that is not 0, or with 0 and a point.
void TakeOutZeros(std::string& digits) {
  const std::size_t kept = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  digits.erase(0, kept);
}

}  // namespace

std::expected<Json, Complaint> ReadImportNumber(std::string_view text, char delimiter) {
  const std::unexpected<Complaint> not_a_number({"not_a_number", "must be a number"});
  std::string number = WithPlainSpaces(text);
  Replace(number, kMinus, "-");
  Replace(number, kApostrophe, "'");
  std::string sign;
  if (number.starts_with('-') || number.starts_with('+')) {
    if (number[0] == '-') sign = "-";
    number.erase(0, 1);
  }
  const std::size_t exponent_at = std::min(number.find_first_of("eE"), number.size());
  const std::string exponent = number.substr(exponent_at);
  std::string whole = number.substr(0, exponent_at);
  if (whole.empty() || !IsDigit(whole.front()) || !IsDigit(whole.back())) return not_a_number;

  const auto points = std::ranges::count(whole, '.');
  const auto commas = std::ranges::count(whole, ',');
  char decimal = 0;
  if (points > 0 && commas > 0) {
    decimal = whole[whole.find_last_of(".,")];
    if ((decimal == '.' ? points : commas) != 1) return not_a_number;
  } else if (points == 1 || commas == 1) {
    decimal = points == 1 ? '.' : ',';
  }
  std::string fraction;
  if (decimal != 0) {
    const std::size_t at = whole.find(decimal);
    fraction = whole.substr(at + 1);
    whole.resize(at);
    const bool plain = std::ranges::all_of(whole, IsDigit);
    if (decimal == ',' && points == 0 && delimiter == ',' && plain && fraction.size() == 3 && whole.size() <= 3) {
      return std::unexpected(
          Complaint("two_numbers", "can be read as two numbers; write 1200 or 1.2, without a comma"));
    }
  }
  for (const char mark : {' ', '\'', '.', ','}) {
    if (whole.find(mark) != std::string::npos && !TakeOutGroups(whole, mark)) return not_a_number;
  }
  if (whole.empty() || !std::ranges::all_of(whole, IsDigit) || !std::ranges::all_of(fraction, IsDigit))
    return not_a_number;
  TakeOutZeros(whole);
  auto json = ParseJson(sign + whole + (fraction.empty() ? "" : "." + fraction) + exponent);
  if (!json || json->number() == nullptr) return not_a_number;
  return *std::move(json);
}

}  // namespace shakehook
