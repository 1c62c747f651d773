// Grams: the short pieces that a text is looked up by in an index. Who contains a word contains all of its grams, so
// that an index of grams finds every record whose text contains the word, and some others.
//
// A gram begins at any letter, and is as long as it takes to say something: three letters, or two of a script in which
// a letter is a syllable or a word (Chinese, Japanese, Korean). Spaces count as letters.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace shakehook {

// Which version of these rules an index was made by: raise it whenever they give other grams for any text.
inline constexpr int kSearchGramForm = 3;

// All grams of the text, as pieces of it, in order; one that comes twice is given twice. None: it is too short.
// `text`: of FoldText. Bytes that are not UTF-8 are letters of one byte.
std::vector<std::string_view> SearchGramsOf(std::string_view text);

// The grams of the text, and behind them its ends that are too short for one. Whatever is too short for a gram begins
// one of these where the text contains it.
std::vector<std::string_view> SearchGramsAndEndsOf(std::string_view text);

// The first letter of a text that is not empty.
std::string_view FirstLetterOf(std::string_view text);

// The beginnings of a name by which it is looked up, the shortest first: its first 3, 4, 5 and 6 letters, its first
// word with the space behind it, and that with 1 and 4 further letters, as far as it has so many. All names that begin
// with such a text have it among theirs.
struct NameBeginnings {
  std::vector<std::string_view> texts;
  bool has_longest = false;  // no name that begins with the last one has a longer one
};
NameBeginnings NameBeginningsOf(std::string_view name);

// At most `most` of them, spread over the text, with the first and the last. most > 1.
std::vector<std::string_view> SomeSearchGramsOf(std::string_view text, std::size_t most);

}  // namespace shakehook
