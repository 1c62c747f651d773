#include "model/fold_case.h"

#include <array>
#include <cstdint>

namespace shakehook {
namespace {

// What the letters from U+00DF to U+017F are without their marks, where they are lowercase; "" for those that are not.
constexpr std::uint32_t kFirstPlain = 0xdf;
constexpr std::array<std::string_view, 161> kPlain = {
    "ss",                                                                                 // ß
    "a",  "a", "a", "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",   // à-ï
    "d",  "n", "o", "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y",   // ð-ÿ
    "",   "a", "",  "a",  "",  "a", "",   "c", "",  "c", "",  "c", "",  "c", "",   "d",   // Ā-ď
    "",   "d", "",  "e",  "",  "e", "",   "e", "",  "e", "",  "e", "",  "g", "",   "g",   // Đ-ğ
    "",   "g", "",  "g",  "",  "h", "",   "h", "",  "i", "",  "i", "",  "i", "",   "i",   // Ġ-į
    "",   "i", "",  "ij", "",  "j", "",   "k", "k", "",  "l", "",  "l", "",  "l",  "",    // İ-Ŀ
    "l",  "",  "l", "",   "n", "",  "n",  "",  "n", "n", "",  "n", "",  "o", "",   "o",   // ŀ-ŏ
    "",   "o", "",  "oe", "",  "r", "",   "r", "",  "r", "",  "s", "",  "s", "",   "s",   // Ő-ş
    "",   "s", "",  "t",  "",  "t", "",   "t", "",  "u", "",  "u", "",  "u", "",   "u",   // Š-ů
    "",   "u", "",  "u",  "",  "w", "",   "y", "",  "",  "z", "",  "z", "",  "z",  "s"};  // Ű-ſ

// Of a code point that UTF-8 writes in two bytes.
std::uint32_t LowerOf(std::uint32_t c) {
  if (c >= 0xc0 && c <= 0xde && c != 0xd7) return c + 0x20;                                     // À-Þ
  if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177)) return c == 0x130 ? c : c | 1;  // Ā-ķ, Ŋ-ŷ
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e)) return c % 2 == 1 ? c + 1 : c;  // Ĺ-ň, Ź-ž
  if (c == 0x178) return 0xff;                                                                  // Ÿ
  if (c >= 0x391 && c <= 0x3ab) return c + 0x20;                                                // Α-Ϋ
  if (c >= 0x410 && c <= 0x42f) return c + 0x20;                                                // А-Я
  if (c >= 0x400 && c <= 0x40f) return c + 0x50;                                                // Ѐ-Џ
  return c;
}

}  // namespace

void AppendFoldedCase(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<std::uint8_t>(text[i]);
    if (first >= 'A' && first <= 'Z') {
      out += static_cast<char>(first + ('a' - 'A'));
    } else if (first >= 0xc3 && first <= 0xd0 && i + 1 < text.size()) {
      const std::uint32_t lower = LowerOf((first & 0x1fu) << 6 | (static_cast<std::uint8_t>(text[++i]) & 0x3fu));
      out += static_cast<char>(0xc0 | lower >> 6);
      out += static_cast<char>(0x80 | (lower & 0x3f));
    } else {
      out += text[i];
    }
  }
}

std::string FoldCase(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  AppendFoldedCase(folded, text);
  return folded;
}

std::string FoldAccents(std::string_view text) {
  const std::string folded = FoldCase(text);
  std::string plain;
  plain.reserve(folded.size());
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const auto first = static_cast<std::uint8_t>(folded[i]);
    if (first >= 0xc3 && first <= 0xc5 && i + 1 < folded.size()) {
      const std::uint32_t letter = (first & 0x1fu) << 6 | (static_cast<std::uint8_t>(folded[i + 1]) & 0x3fu);
      if (letter >= kFirstPlain && !kPlain[letter - kFirstPlain].empty()) {
        plain += kPlain[letter - kFirstPlain];
        ++i;
        continue;
      }
    }
    plain += folded[i];
  }
  return plain;
}

}  // namespace shakehook
