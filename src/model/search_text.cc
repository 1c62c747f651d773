#include "model/search_text.h"

#include <algorithm>
#include <array>
#include <span>

#include "model/fold_case.h"
#include "model/phone_digits.h"

namespace shakehook {
namespace {

enum class Part { kName, kPlain, kPhone };
struct SearchedField {
  std::string_view name;
  Part part;
};
constexpr auto kAccountFields = std::to_array<SearchedField>({{"name", Part::kName}, {"legal_name", Part::kName}});
constexpr auto kContactFields = std::to_array<SearchedField>({{"first_name", Part::kName},
                                                              {"last_name", Part::kName},
                                                              {"email", Part::kPlain},
                                                              {"phone", Part::kPhone},
                                                              {"landline_phone", Part::kPhone}});

// Marks that people write in a name or leave out.
constexpr std::string_view kNameMarks = "-'.";

bool IsAsciiDigit(char c) { return c >= '0' && c <= '9'; }

std::string Without(std::string_view text, std::string_view marks) {
  std::string left;
  std::ranges::copy_if(text, std::back_inserter(left), [marks](char c) { return !marks.contains(c); });
  return left;
}

std::vector<std::string_view> Split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(by, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

void Append(std::string& text, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += ' ';
  text += part;
}

// The words of a name that have marks, without them.
std::string UnmarkedWords(std::string_view name) {
  std::string unmarked;
  if (name.find_first_of(kNameMarks) == std::string_view::npos) return unmarked;
  for (const std::string_view word : Split(name, ' ')) {
    if (word.find_first_of(kNameMarks) != std::string_view::npos) Append(unmarked, Without(word, kNameMarks));
  }
  return unmarked;
}

// A word with this many digits is a number of its own, unless a country's code comes before it.
constexpr std::size_t kWholeNumber = 9;

// Tells whether words of digits are looked for as one phone number.
bool IsNumber(std::span<const std::string_view> words, std::string_view together) {
  const std::size_t digits = CountDigits(together);
  if (IsInternational(together)) return together.contains('+') ? digits > 2 : digits > kPhoneDigitsMin + 1;
  if (words.size() == 1) return digits >= kPhoneDigitsMin;
  // If each word has four digits or more, as two years have, the words are searched for one by one as well.
  const bool long_words = std::ranges::all_of(words, [](std::string_view word) { return CountDigits(word) > 3; });
  return digits > kPhoneDigitsMin + 1 && !long_words;
}

// Enough for a usual name, e-mail and phones; a longer text grows beyond it.
constexpr std::size_t kUsualBytes = 160;

}  // namespace

std::string SearchTextOf(const Resource& resource) {
  std::string text;
  text.reserve(kUsualBytes);
  std::string more;
  const auto fields = resource.kind == ResourceKind::kAccount ? std::span<const SearchedField>(kAccountFields)
                                                              : std::span<const SearchedField>(kContactFields);
  for (const auto& [name, part] : fields) {
    const auto value = resource.Text(name);
    if (!value) continue;
    const std::size_t begin = text.size();
    AppendFoldedText(text, *value);
    const std::string_view folded = std::string_view(text).substr(begin);
    if (part == Part::kName) Append(more, UnmarkedWords(folded));
    if (part == Part::kPhone) Append(more, StoredPhoneDigits(folded));
  }
  AppendFoldedText(text, resource.id.text);
  Append(text, more);
  return text;
}

SearchQuery::SearchQuery(std::string_view text) {
  const std::string folded = FoldText(text);
  const auto words = Split(folded, ' ');
  // If some words have letters or digits, words of marks alone are ignored.
  const auto says = [](std::string_view word) { return word.find_first_not_of("-'.,;:/()+&\"") != word.npos; };
  const bool any_says = std::ranges::any_of(words, says);
  for (std::size_t i = 0; i < words.size() && terms_.size() < kSearchWordsMax; ++i) {
    if (!IsPhoneWord(words[i])) {
      if (says(words[i]) || !any_says) AddWord(words[i]);
      continue;
    }
    // A number may be typed in several words.
    const auto from = [&](std::size_t end) {
      return std::string_view(words[i].data(), static_cast<std::size_t>(words[end - 1].end() - words[i].begin()));
    };
    std::size_t end = i + 1;
    while (end < words.size() && IsPhoneWord(words[end]) && CountDigits(from(end + 1)) <= kPhoneDigitsMax + 3) {
      const bool begun = IsInternational(from(end)) && CountDigits(from(end)) < kPhoneDigitsMin;
      if (CountDigits(words[end]) >= kWholeNumber && !begun) break;
      ++end;
    }
    if (IsNumber(std::span(words).subspan(i, end - i), from(end))) {
      AddPhone(from(end));
      i = end - 1;
    } else if (says(words[i]) || !any_says) {
      AddWord(Without(words[i], "()"));
    }
  }
}

bool SearchQuery::Finds(std::string_view text) const {
  return std::ranges::all_of(terms_, [text](const Term& term) {
    return std::ranges::any_of(term, [text](const std::string& each) { return text.contains(each); });
  });
}

// "jean-pierre" is two words, and so is every word of letters with a dash in it; an id or an e-mail stays one.
void SearchQuery::AddWord(std::string_view word) {
  const bool name = std::ranges::none_of(word, [](char c) { return IsAsciiDigit(c) || c == '@' || c == '_'; });
  if (!name || word.find_first_of(kNameMarks) == std::string_view::npos) {
    terms_.push_back({std::string(word)});
    return;
  }
  const auto parts = Split(word, '-');
  const bool parted =
      !parts.empty() && std::ranges::all_of(parts, [](std::string_view part) { return part.size() > 1; });
  if (!parted) return AddNamePart(word);
  for (const std::string_view part : parts) AddNamePart(part);
}

// "o'neil" may be written oneil, or as two words.
void SearchQuery::AddNamePart(std::string_view part) {
  Term term{std::string(part)};
  if (part.find_first_of(kNameMarks) != std::string_view::npos) {
    std::string without = Without(part, kNameMarks);
    std::string spaced(part);
    std::ranges::replace_if(spaced, [](char c) { return kNameMarks.contains(c); }, ' ');
    if (without.size() > 1) term.push_back(std::move(without));
    if (const std::string words = FoldText(spaced); words.contains(' ')) term.push_back(words);
  }
  terms_.push_back(std::move(term));
}

void SearchQuery::AddPhone(std::string_view typed) {
  Term term{std::string(typed)};
  for (std::string& digits : SoughtPhoneDigits(typed)) term.push_back(std::move(digits));
  terms_.push_back(std::move(term));
}

}  // namespace shakehook
