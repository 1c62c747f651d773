// The words of the full-text table (search_index.h): what stands there for a gram and for the beginning of a name, and
// the question to the table for a search.
//
// A question asks for some grams of the searched words only. Each gram costs a walk through all records that have it,
// and each record that has all of them is read; so the question takes few grams, the rarest ones, and leaves out words
// that would exclude next to nothing. How rare they are is estimated from a sample of the searched texts.
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

// Returns the question for a search; nothing where the table is of no use, because all words of the search have one or
// two letters and are frequent. `sample`: texts of records, in no order.
std::optional<std::string> SearchWordsOf(const SearchQuery& query, const std::vector<std::string>& sample);

}  // namespace shakehook::sqlite
