#include "model/search_grams.h"

#include <algorithm>

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
  const std::size_t bytes = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (begin + bytes > text.size()) return {1, 1};
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  if (!std::ranges::all_of(text.substr(begin + 1, bytes - 1), continues)) return {1, 1};
  return {bytes, lead >= kFirstWideLead ? 2 : 1};
}

}  // namespace

std::vector<std::string_view> SearchGramsOf(std::string_view text) {
  std::vector<std::string_view> grams;
  std::size_t end = 0;
  int weight = 0;  // the weight of the letters from begin to end
  for (std::size_t begin = 0; begin < text.size();) {
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
  return grams;
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
