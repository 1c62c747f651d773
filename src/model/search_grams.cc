#include "model/search_grams.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr int kWeightOfGram = 3;

// U+3000 and all behind it: kana, Chinese, Korean syllables, and what Unicode has beyond its first plane.
constexpr unsigned char kFirstWideLead = 0xe3;

struct Letter {
  std::size_t bytes;
  int weight;
};

Letter LetterAt(std::string_view text, std::size_t begin) {
  const auto lead = static_cast<unsigned char>(text[begin]);
  if (lead < 0x80) return {1, 1};
  const std::size_t bytes = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (begin + bytes > text.size()) return {1, 1};
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  if (!std::ranges::all_of(text.substr(begin + 1, bytes - 1), continues)) return {1, 1};
  return {bytes, lead >= kFirstWideLead ? 2 : 1};
}

constexpr std::array<std::size_t, 4> kBeginningLetters = {3, 4, 5, 6};
// The letters behind the first word and its space.
constexpr std::array<std::size_t, 3> kLettersBehindWord = {0, 1, 4};

// Answers where the text begins that is too short for a gram.
std::size_t AddGrams(std::string_view text, std::vector<std::string_view>& grams) {
  std::size_t end = 0;
  int weight = 0;  // the weight of the letters from begin to end
  std::size_t begin = 0;
  while (begin < text.size()) {
    while (weight < kWeightOfGram && end < text.size()) {
      const Letter letter = LetterAt(text, end);
      end += letter.bytes;
      weight += letter.weight;
    }
    if (weight < kWeightOfGram) break;
    grams.push_back(text.substr(begin, end - begin));
    const Letter first = LetterAt(text, begin);
    begin += first.bytes;
    weight -= first.weight;
  }
  return begin;
}

// Adds the beginnings of the text up to as many letters behind `end`. Returns whether it has so many.
bool AddBeginnings(std::string_view text, std::size_t end, std::span<const std::size_t> letters,
                   std::vector<std::string_view>& beginnings) {
  std::size_t passed = 0;
  for (const std::size_t wanted : letters) {
    for (; passed < wanted; ++passed) {
      if (end == text.size()) return false;
      end += LetterAt(text, end).bytes;
    }
    beginnings.push_back(text.substr(0, end));
  }
  return true;
}

}  // namespace

std::vector<std::string_view> SearchGramsOf(std::string_view text) {
  std::vector<std::string_view> grams;
  AddGrams(text, grams);
  return grams;
}

std::vector<std::string_view> SearchGramsAndEndsOf(std::string_view text) {
  std::vector<std::string_view> pieces;
  pieces.reserve(text.size());
  for (std::size_t begin = AddGrams(text, pieces); begin < text.size(); begin += LetterAt(text, begin).bytes) {
    pieces.push_back(text.substr(begin));
  }
  return pieces;
}

std::string_view FirstLetterOf(std::string_view text) {
  CHECK(!text.empty());
  return text.substr(0, LetterAt(text, 0).bytes);
}

NameBeginnings NameBeginningsOf(std::string_view name) {
  NameBeginnings beginnings;
  std::vector<std::string_view>& texts = beginnings.texts;
  const bool has_letters = AddBeginnings(name, 0, kBeginningLetters, texts);
  const std::size_t space = name.find(' ');
  const bool has_word = space != std::string_view::npos && AddBeginnings(name, space + 1, kLettersBehindWord, texts);
  std::ranges::sort(texts, {}, &std::string_view::size);
  const auto same = std::ranges::unique(texts, {}, &std::string_view::size);
  texts.erase(same.begin(), same.end());
  beginnings.has_longest = has_letters && has_word;
  return beginnings;
}

std::vector<std::string_view> SomeSearchGramsOf(std::string_view text, std::size_t most) {
  CHECK(most > 1);
  const std::vector<std::string_view> all = SearchGramsOf(text);
  if (all.size() <= most) return all;
  std::vector<std::string_view> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[i * (all.size() - 1) / (most - 1)]);
  return some;
}

}  // namespace shakehook
