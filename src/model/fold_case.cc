#include "model/fold_case.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/ascii.h"

namespace shakehook {
namespace {

// Letters that Unicode does not decompose, spelled as in CLDR's transliteration from Latin to ASCII, in the order of
// their code points.
struct PlainLetter {
  utf8proc_int32_t letter;
  std::string_view plain;
};
constexpr auto kPlain = std::to_array<PlainLetter>(
    {{0xe6, "ae"}, {0xf0, "d"},  {0xf8, "o"},   {0xfe, "th"}, {0x111, "d"}, {0x127, "h"}, {0x131, "i"}, {0x138, "k"},
     {0x142, "l"}, {0x14b, "n"}, {0x153, "oe"}, {0x167, "t"}, {0x180, "b"}, {0x183, "b"}, {0x188, "c"}, {0x18c, "d"},
     {0x192, "f"}, {0x199, "k"}, {0x19a, "l"},  {0x19e, "n"}, {0x1a5, "p"}, {0x1ad, "t"}, {0x1b4, "y"}, {0x1b6, "z"},
     {0x1dd, "e"}, {0x1e5, "g"}, {0x221, "d"},  {0x225, "z"}, {0x234, "l"}, {0x235, "n"}, {0x236, "t"}, {0x237, "j"},
     {0x23c, "c"}, {0x23f, "s"}, {0x240, "z"},  {0x247, "e"}, {0x249, "j"}, {0x24b, "q"}, {0x24d, "r"}, {0x24f, "y"},
     {0x253, "b"}, {0x254, "o"}, {0x256, "d"},  {0x257, "d"}, {0x259, "e"}, {0x25b, "e"}, {0x260, "g"}, {0x268, "i"},
     {0x269, "i"}, {0x26b, "l"}, {0x272, "n"},  {0x275, "o"}, {0x288, "t"}, {0x289, "u"}, {0x28b, "v"}, {0x2c65, "a"},
     {0x2c66, "t"}});

constexpr auto kApostrophes = std::to_array<utf8proc_int32_t>(
    {'`', 0xb4, 0x2b9, 0x2bb, 0x2bc, 0x2bd, 0x2c8, 0x2018, 0x2019, 0x201b, 0x2032, 0x2035, 0xa78c, 0xff07, 0xff40});
constexpr utf8proc_int32_t kMinus = 0x2212;
constexpr utf8proc_int32_t kTatweel = 0x640;  // lengthens an Arabic word, and says nothing
constexpr auto kDecompose =
    static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
constexpr auto kComposeCase = static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);

bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Appends a character of folded text. Spaces and controls separate words.
void AppendAscii(std::string& out, char c) {
  if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) {
    if (!out.empty() && out.back() != ' ') out += ' ';
  } else {
    out += c == '`' ? '\'' : ToLowerAscii(c);
  }
}

// Appends the text, after a space if `out` is not empty.
void AppendFoldedBytes(std::string& out, std::string_view text) {
  if (!out.empty()) out += ' ';
  for (const char c : text) AppendAscii(out, c);
  if (out.ends_with(' ')) out.pop_back();
}

// Called before the decomposition, which would split these into a space and a mark.
utf8proc_int32_t PlainApostrophe(utf8proc_int32_t c, void*) {
  return std::ranges::find(kApostrophes, c) != kApostrophes.end() ? '\'' : c;
}

// Tells whether a mark is an accent (or an optional vowel point of Hebrew, Arabic or Syriac), by its combining class.
// The others are letters of their scripts.
bool IsAccent(const utf8proc_property_t& property) {
  const auto combining = property.combining_class;
  return combining == 1 || (combining >= 10 && combining <= 36) || (combining >= 200 && combining <= 240);
}

// Unicode has decimal digits only in runs of ten.
char DecimalDigit(utf8proc_int32_t c) {
  utf8proc_int32_t zero = c;
  while (zero > 0 && c - zero < 9 && utf8proc_category(zero - 1) == UTF8PROC_CATEGORY_ND) --zero;
  return static_cast<char>('0' + (c - zero));
}

// Appends a decomposed code point in its folded form, or nothing if it is an accent or invisible.
void AppendFolded(std::vector<utf8proc_int32_t>& out, utf8proc_int32_t c) {
  if (c < 0x80) {
    if (c <= ' ' || c == 0x7f) {
      if (!out.empty() && out.back() != ' ') out.push_back(' ');
    } else {
      out.push_back(c);
    }
    return;
  }
  const utf8proc_property_t& property = *utf8proc_get_property(c);
  if (IsAccent(property) || c == kTatweel) return;
  switch (property.category) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
      if (!out.empty() && out.back() != ' ') out.push_back(' ');
      return;
    case UTF8PROC_CATEGORY_CF:
      return;
    case UTF8PROC_CATEGORY_PD:
      out.push_back('-');
      return;
    case UTF8PROC_CATEGORY_ND:
      out.push_back(DecimalDigit(c));
      return;
    default:
      break;
  }
  if (c == kMinus) {
    out.push_back('-');
    return;
  }
  const auto* const plain = std::ranges::lower_bound(kPlain, c, {}, &PlainLetter::letter);
  if (plain != kPlain.end() && plain->letter == c) {
    out.insert(out.end(), plain->plain.begin(), plain->plain.end());
  } else {
    out.push_back(c);
  }
}

void AppendEncoded(std::string& out, const std::vector<utf8proc_int32_t>& points) {
  for (const utf8proc_int32_t c : points) {
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(c, bytes.data());
    for (utf8proc_ssize_t i = 0; i < size; ++i) out += static_cast<char>(bytes[static_cast<std::size_t>(i)]);
  }
}

// Returns nullopt if the text is not UTF-8. `before`: see utf8proc.
std::optional<std::vector<utf8proc_int32_t>> Decompose(std::string_view text, utf8proc_option_t options,
                                                       utf8proc_custom_func before) {
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  std::vector<utf8proc_int32_t> points(text.size() + 16);
  for (;;) {
    const auto needed = utf8proc_decompose_custom(
        bytes, size, points.data(), static_cast<utf8proc_ssize_t>(points.size()), options, before, nullptr);
    if (needed < 0) return std::nullopt;
    const bool fits = static_cast<std::size_t>(needed) <= points.size();
    points.resize(static_cast<std::size_t>(needed));
    if (fits) return points;
  }
}

void Compose(std::vector<utf8proc_int32_t>& points) {
  const auto left = utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(points.size()),
                                             static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (left >= 0) points.resize(static_cast<std::size_t>(left));
}

}  // namespace

std::string FoldCase(std::string_view text) {
  if (IsAscii(text)) return LowerAscii(text);
  auto points = Decompose(text, kComposeCase, nullptr);
  if (!points) return LowerAscii(text);
  Compose(*points);
  std::string folded;
  AppendEncoded(folded, *points);
  return folded;
}

std::string FoldText(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  AppendFoldedText(folded, text);
  return folded;
}

void AppendFoldedText(std::string& out, std::string_view text) {
  if (IsAscii(text)) return AppendFoldedBytes(out, text);
  const auto decomposed = Decompose(text, kDecompose, PlainApostrophe);
  if (!decomposed) return AppendFoldedBytes(out, text);
  std::vector<utf8proc_int32_t> points;
  points.reserve(decomposed->size());
  for (const utf8proc_int32_t c : *decomposed) AppendFolded(points, PlainApostrophe(c, nullptr));
  if (!points.empty() && points.back() == ' ') points.pop_back();
  Compose(points);
  if (!out.empty() && !points.empty()) out += ' ';
  AppendEncoded(out, points);
}

}  // namespace shakehook
