// Searching accounts and contacts: only this file says what a search compares. SearchTextOf makes the text that is
// stored of each record, SearchQuery the words that somebody searches for; both go through FoldText, and no other code
// folds.
//
// A search finds a record whose text contains every word of the question, in any order, each also as a part of a word.
// Accents, case and Unicode forms do not count (fold_case.h). Beside that:
// - Names: O’Neil is found by oneil, o neil and o'neil; Jean-Pierre by jean pierre and jeanpierre, and the other way.
// - Phones: spaces, dots, dashes and parentheses do not count, and 06 12…, +33 6 12…, 0033 6 12… and +33 (0)6 12… are
//   the same number. Without an international prefix nobody knows the country: a number of ten digits or more is then
//   compared by its last nine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"

namespace shakehook {

// The version of these rules and of sort_name.h's, kept with each stored text. Texts of an older version are made again
// when a database is opened: raise it whenever a rule gives another text for any record.
inline constexpr int kSearchTextForm = 1;

// Returns the text to search in: a contact's names, e-mail, phones and id; an account's names and id.
std::string SearchTextOf(const Resource& resource);

// Further words of a query are ignored, so the records that it finds contain the first ones.
inline constexpr std::size_t kSearchWordsMax = 16;

// The words and numbers that a search looks for. An empty query, or one without a visible character, finds everything.
class SearchQuery {
 public:
  SearchQuery() = default;
  explicit SearchQuery(std::string_view text);

  bool empty() const { return terms_.empty(); }
  // `text`: a result of SearchTextOf.
  bool Finds(std::string_view text) const;

  // A text matches a term if it contains any of these.
  using Term = std::vector<std::string>;
  // A text matches if it matches all of these. For an index to look them up.
  const std::vector<Term>& terms() const { return terms_; }

 private:
  void AddWord(std::string_view word);
  void AddNamePart(std::string_view part);
  void AddPhone(std::string_view typed);

  std::vector<Term> terms_;
};

}  // namespace shakehook
