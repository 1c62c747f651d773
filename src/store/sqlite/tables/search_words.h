// The words of the full-text table (search_index.h): what stands there for a gram and for the beginning of a name, and
// the question to the table for a search.
//
// A question asks for some grams of the searched words only. Each gram costs a walk through all records that have it,
// and each record that has all of them is read; so the question takes few grams, the rarest ones, and no more of them
// than save more reads than they cost. How rare they are is estimated from a sample of the searched texts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/search_text.h"

namespace shakehook::sqlite {

// Returns the word for a gram, or for an end that is too short for one: two letters for each letter of the gram, so
// that what a gram begins with begins its word as well. Some grams share a word.
std::string SearchWordOf(std::string_view gram);
void AppendSearchWord(std::string& words, std::string_view gram);
// Most words are as long as this, with the space behind them.
inline constexpr std::size_t kSearchWordBytes = 7;

// Returns the word for the beginning of a name (NameBeginningsOf); it is no gram's word.
std::string NameWordOf(std::string_view beginning);

// Tells which words of one or two letters are looked up: those that a hundredth of the records have at most, or, where
// the search has no others, those that a fiftieth have as well. The table gathers all who have them, each time that it
// is asked.
enum class ShortWords { kRare, kFrequentToo };

// A question to the table.
struct SearchWords {
  // To read a record costs as much as to walk past so many in the table.
  static constexpr double kWalkedForARead = 300;

  std::string words;
  double walked_a_record = 0;  // about how many the table walks past, for each record that there is
  bool gathers = false;        // it gathers all that it finds before it gives the first
};

// Returns the question for a search; nothing where the table is of no use, because all words of the search have one or
// two letters and are frequent. `sample`: texts of records, in no order.
std::optional<SearchWords> SearchWordsOf(const SearchQuery& query, const std::vector<std::string>& sample,
                                         ShortWords short_words = ShortWords::kRare);

}  // namespace shakehook::sqlite
