#include "store/sqlite/tables/search_words.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "model/search_grams.h"

namespace shakehook::sqlite {
namespace {

// Some grams of a word leave next to nothing that has not the word.
constexpr std::size_t kGramsConsidered = 8;
constexpr std::size_t kGramsEnough = 3;
constexpr std::size_t kGramsAPart = 5;
constexpr std::size_t kWordsMax = 64;
// The table gathers in memory all records that have a beginning of a gram, so only what at most one record of this many
// has is looked up by it.
constexpr std::size_t kShortOneOf = 100;

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
constexpr char kNameMark = '1';
constexpr std::uint32_t kCodes = 1024;
// Odd, so that letters of one byte keep codes of their own. The table's own hash is slow for words that differ little.
constexpr std::uint32_t kSpread = 389;
constexpr std::size_t kLettersOfNameWord = 5;

// FNV-1a.
std::uint32_t Hash(std::string_view bytes) {
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return hash ^ (hash >> 15U);
}

void AppendLetters(std::string& word, std::uint32_t number, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, number >>= 5U) word += kLetters[number & 31U];
}

// The table finds the records that contain all of these pieces of a part of a term.
struct Pieces {
  std::vector<std::string_view> pieces;
  std::string words;

  bool AreIn(std::string_view text) const {
    return std::ranges::all_of(pieces, [text](std::string_view piece) { return text.contains(piece); });
  }
};

// For a term it finds the records that have one of these.
struct Clause {
  std::vector<Pieces> any;
  std::size_t word_count = 0;
  std::size_t found = 0;  // in the sample

  bool Finds(std::string_view text) const {
    return std::ranges::any_of(any, [text](const Pieces& pieces) { return pieces.AreIn(text); });
  }
};

using Sample = std::vector<std::string>;

std::size_t CountIn(const Sample& sample, std::string_view piece) {
  return static_cast<std::size_t>(
      std::ranges::count_if(sample, [piece](const std::string& text) { return text.contains(piece); }));
}

std::vector<std::string_view> RarestFirst(std::string_view part, const Sample& sample) {
  std::vector<std::pair<std::size_t, std::string_view>> counted;
  for (const std::string_view gram : SomeSearchGramsOf(part, kGramsConsidered)) {
    counted.emplace_back(CountIn(sample, gram), gram);
  }
  std::ranges::sort(counted);
  std::vector<std::string_view> grams;
  for (const auto& [count, gram] : counted) {
    if (grams.empty() || grams.back() != gram) grams.push_back(gram);
  }
  return grams;
}

// Returns nothing if the records that contain the part cannot be looked up.
std::optional<Pieces> PiecesOf(std::string_view part, const Sample& sample) {
  const auto grams = RarestFirst(part, sample);
  if (grams.empty()) {
    if (CountIn(sample, part) * kShortOneOf > sample.size()) return std::nullopt;
    return Pieces{.pieces = {part}, .words = SearchWordOf(part) + "*"};
  }
  Pieces chosen;
  std::vector<std::string_view> wrong;  // found so far, though they do not contain the part
  for (const std::string& text : sample) {
    if (!text.contains(part)) wrong.push_back(text);
  }
  for (const std::string_view gram : grams) {
    const auto excluded = std::erase_if(wrong, [gram](std::string_view text) { return !text.contains(gram); });
    if (chosen.pieces.size() >= kGramsEnough && excluded == 0) continue;
    chosen.pieces.push_back(gram);
    chosen.words += (chosen.words.empty() ? "" : " AND ") + SearchWordOf(gram);
    if (chosen.pieces.size() == kGramsAPart) break;
  }
  return chosen;
}

// Tells whether who contains the part contains another one of the term as well, so that the other does for both.
bool HasOther(const SearchQuery::Term& term, const std::string& part) {
  return std::ranges::any_of(
      term, [&part](const std::string& other) { return part.contains(other) && (part != other || &other < &part); });
}

// Returns nothing if records that contain the term would be missed.
std::optional<Clause> ClauseOf(const SearchQuery::Term& term, const Sample& sample) {
  Clause clause;
  for (const std::string& part : term) {
    if (HasOther(term, part)) continue;
    auto pieces = PiecesOf(part, sample);
    if (!pieces) return std::nullopt;
    clause.word_count += pieces->pieces.size();
    clause.any.push_back(*std::move(pieces));
  }
  clause.found = static_cast<std::size_t>(
      std::ranges::count_if(sample, [&clause](const std::string& text) { return clause.Finds(text); }));
  return clause;
}

std::string Written(const Clause& clause) {
  std::string any;
  for (const Pieces& pieces : clause.any) any += (any.empty() ? "(" : " OR (") + pieces.words + ")";
  return "(" + any + ")";
}

}  // namespace

void AppendSearchWord(std::string& words, std::string_view gram) {
  while (!gram.empty()) {
    const std::string_view letter = FirstLetterOf(gram);
    gram.remove_prefix(letter.size());
    const std::uint32_t number = letter.size() == 1 ? static_cast<unsigned char>(letter.front()) : Hash(letter);
    AppendLetters(words, number * kSpread % kCodes, 2);
  }
}

std::string SearchWordOf(std::string_view gram) {
  std::string word;
  AppendSearchWord(word, gram);
  return word;
}

std::string NameWordOf(std::string_view beginning) {
  std::string word(1, kNameMark);
  AppendLetters(word, Hash(beginning), kLettersOfNameWord);
  return word;
}

std::optional<std::string> SearchWordsOf(const SearchQuery& query, const std::vector<std::string>& sample) {
  std::vector<Clause> clauses;
  for (const SearchQuery::Term& term : query.terms()) {
    if (auto clause = ClauseOf(term, sample)) clauses.push_back(*std::move(clause));
  }
  std::ranges::sort(clauses, {}, &Clause::found);
  std::vector<std::string_view> wrong;  // found so far, though the search does not find them
  for (const std::string& text : sample) {
    if (!query.Finds(text)) wrong.push_back(text);
  }
  std::string all;
  std::size_t count = 0;
  for (const Clause& clause : clauses) {
    if (count + clause.word_count > kWordsMax) continue;
    const auto excluded = std::erase_if(wrong, [&clause](std::string_view text) { return !clause.Finds(text); });
    if (!all.empty() && excluded == 0 && !sample.empty()) continue;
    count += clause.word_count;
    all += (all.empty() ? "" : " AND ") + Written(clause);
  }
  if (all.empty()) return std::nullopt;
  return all;
}

}  // namespace shakehook::sqlite
