#include "store/sqlite/tables/search_words.h"

#include <algorithm>
#include <cstdint>
#include <tuple>
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
// has is looked up by it: where nothing else says what is found, and beside other words.
constexpr std::size_t kShortOneOf = 50;
constexpr std::size_t kShortOneOfBeside = 100;
// To read a record costs as much as to walk past it so many times in the table.
constexpr double kWalkedForARead = SearchWords::kWalkedForARead;
// To gather a record in memory costs as much as to walk past it so many times.
constexpr std::size_t kWalkedForAGathered = 4;
// A gram that no text of the sample has is taken to be in this part of a text.
constexpr double kUnseen = 0.1;

constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
constexpr char kNameMark = '1';
constexpr std::uint32_t kCodes = 1024;
// Odd, so that letters of one byte keep codes of their own. The table's own hash is slow for words that differ little.
constexpr std::uint32_t kSpread = 389;
// Records with another beginning that has the same word would be missed (SearchCandidates::Named::kOtherwise), so it
// tells much: seven bits in each of its bytes behind the mark. The table's tokenizer takes any byte from this on as a
// letter.
constexpr std::size_t kBytesOfNameWord = 7;
constexpr unsigned kBitsOfByte = 7;
constexpr unsigned kFirstByte = 0x80;

// FNV-1a.
std::uint32_t Hash(std::string_view bytes) {
  std::uint32_t hash = 2'166'136'261U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return hash ^ (hash >> 15U);
}

std::uint64_t LongHash(std::string_view bytes) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211U;
  return hash ^ (hash >> 33U);
}

void AppendLetters(std::string& word, std::uint64_t number, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i, number >>= 5U) word += kLetters[number & 31U];
}

using Sample = std::vector<std::string>;
using Texts = std::vector<std::string_view>;

std::size_t CountIn(const Sample& sample, std::string_view piece) {
  return static_cast<std::size_t>(
      std::ranges::count_if(sample, [piece](const std::string& text) { return text.contains(piece); }));
}

// A gram, or what is too short for one.
struct Piece {
  std::size_t count;  // texts of the sample that contain it
  std::string_view text;

  auto operator<=>(const Piece&) const = default;
};

std::vector<Piece> RarestFirst(std::string_view part, const Sample& sample) {
  std::vector<Piece> pieces;
  for (const std::string_view gram : SomeSearchGramsOf(part, kGramsConsidered)) {
    pieces.push_back({CountIn(sample, gram), gram});
  }
  std::ranges::sort(pieces);
  const auto same = std::ranges::unique(pieces);
  pieces.erase(same.begin(), same.end());
  return pieces;
}

// Tells whether it pays to ask for words that so many texts of the sample have, because that excludes some more.
bool Pays(std::size_t count, std::size_t excluded) {
  return static_cast<double>(count) < kWalkedForARead * std::max(kUnseen, static_cast<double>(excluded));
}

std::string And(std::string words, const std::string& more) {
  return words.empty() ? more : std::move(words) + " AND " + more;
}

// Takes some grams of the part; beside other terms (not `is_first`), as many as pay. `wrong`: texts that are found so
// far, but should not be; those that the grams exclude are taken out.
std::vector<Piece> ChooseGrams(std::string_view part, const Sample& sample, bool is_first, Texts& wrong) {
  std::vector<Piece> chosen;
  for (const Piece& piece : RarestFirst(part, sample)) {
    const auto excluded = std::erase_if(wrong, [&piece](std::string_view text) { return !text.contains(piece.text); });
    const bool pays = chosen.size() < kGramsEnough ? is_first || Pays(piece.count, excluded) : excluded > 0;
    if (!chosen.empty() && !pays) continue;
    chosen.push_back(piece);
    if (chosen.size() == kGramsAPart) break;
  }
  return chosen;
}

// The words that find a term, or a part of one, and the number of times that texts of the sample have one of them.
struct Clause {
  std::string words;
  std::size_t word_count = 0;
  std::size_t walked = 0;
  bool gathers = false;  // it looks up what a gram begins with
};

Clause ClauseOf(const std::vector<Piece>& pieces) {
  Clause clause;
  for (const Piece& piece : pieces) {
    clause.words = And(std::move(clause.words), SearchWordOf(piece.text));
    clause.walked += piece.count;
    ++clause.word_count;
  }
  return clause;
}

// Tells whether who contains the part contains another one of the term as well, so that the other does for both.
bool HasOther(const SearchQuery::Term& term, const std::string& part) {
  return std::ranges::any_of(
      term, [&part](const std::string& other) { return part.contains(other) && (part != other || &other < &part); });
}

bool Contains(std::string_view text, const SearchQuery::Term& term) {
  return std::ranges::any_of(term, [text](const std::string& part) { return text.contains(part); });
}

// Chooses the words for a search, term by term.
class Question {
 public:
  Question(const SearchQuery& query, const Sample& sample, ShortWords short_words)
      : sample_(sample), short_words_(short_words) {
    for (const std::string& text : sample) {
      if (!query.Finds(text)) wrong_.push_back(text);
    }
  }

  void Add(const SearchQuery::Term& term) {
    std::vector<std::string_view> parts;
    for (const std::string& part : term) {
      if (!HasOther(term, part)) parts.push_back(part);
    }
    Texts wrong = wrong_;
    const auto clause = parts.size() == 1 ? ClauseOfOne(parts.front(), wrong) : ClauseOfSome(parts, term, wrong);
    if (!clause || word_count_ + clause->word_count > kWordsMax) return;
    const std::size_t excluded = wrong_.size() - wrong.size();
    if (!words_.empty() && !sample_.empty() && !Pays(clause->walked, excluded)) return;
    word_count_ += clause->word_count;
    walked_ += clause->walked;
    gathers_ = gathers_ || clause->gathers;
    words_ = And(std::move(words_), "(" + clause->words + ")");
    wrong_ = std::move(wrong);
  }

  std::optional<SearchWords> Words() const {
    if (words_.empty()) return std::nullopt;
    const auto records = static_cast<double>(std::max<std::size_t>(1, sample_.size()));
    return SearchWords{.words = words_, .walked_a_record = static_cast<double>(walked_) / records, .gathers = gathers_};
  }

 private:
  // Returns nothing if the records that contain the part cannot be looked up.
  std::optional<Clause> ClauseOfOne(std::string_view part, Texts& wrong) const {
    if (!SearchGramsOf(part).empty()) return ClauseOf(ChooseGrams(part, sample_, words_.empty(), wrong));
    const std::size_t count = CountIn(sample_, part);
    const bool is_all = short_words_ == ShortWords::kFrequentToo && words_.empty();
    if (count * (is_all ? kShortOneOf : kShortOneOfBeside) > sample_.size()) return std::nullopt;
    std::erase_if(wrong, [part](std::string_view text) { return !text.contains(part); });
    return Clause{
        .words = SearchWordOf(part) + "*", .word_count = 1, .walked = count * kWalkedForAGathered, .gathers = true};
  }

  std::optional<Clause> ClauseOfSome(const std::vector<std::string_view>& parts, const SearchQuery::Term& term,
                                     Texts& wrong) const {
    Clause all;
    for (const std::string_view part : parts) {
      Texts wrong_of_part = wrong_;
      const auto clause = ClauseOfOne(part, wrong_of_part);
      if (!clause) return std::nullopt;
      all.words += (all.words.empty() ? "(" : " OR (") + clause->words + ")";
      all.word_count += clause->word_count;
      all.walked += clause->walked;
      all.gathers = all.gathers || clause->gathers;
    }
    std::erase_if(wrong, [&term](std::string_view text) { return !Contains(text, term); });
    return all;
  }

  const Sample& sample_;
  const ShortWords short_words_;
  Texts wrong_;  // texts of the sample that are found so far, though the search does not find them
  std::string words_;
  std::size_t word_count_ = 0;
  std::size_t walked_ = 0;
  bool gathers_ = false;
};

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
  std::uint64_t hash = LongHash(beginning);
  for (std::size_t i = 0; i < kBytesOfNameWord; ++i, hash >>= kBitsOfByte) {
    word += static_cast<char>(kFirstByte | (hash & (kFirstByte - 1)));
  }
  return word;
}

std::optional<SearchWords> SearchWordsOf(const SearchQuery& query, const std::vector<std::string>& sample,
                                         ShortWords short_words) {
  struct Found {
    bool is_short;
    std::ptrdiff_t count;
    const SearchQuery::Term* term;
  };
  std::vector<Found> rarest_first;
  for (const SearchQuery::Term& term : query.terms()) {
    rarest_first.push_back(
        {.is_short = std::ranges::any_of(term, [](const std::string& part) { return SearchGramsOf(part).empty(); }),
         .count = std::ranges::count_if(sample, [&term](const std::string& text) { return Contains(text, term); }),
         .term = &term});
  }
  std::ranges::sort(rarest_first, {},
                    [](const Found& each) { return std::tuple(each.is_short, each.count, each.term); });
  Question question(query, sample, short_words);
  for (const Found& each : rarest_first) question.Add(*each.term);
  return question.Words();
}

}  // namespace shakehook::sqlite
