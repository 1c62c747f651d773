#include "api/search_text.h"

#include <array>
#include <cstdint>
#include <span>

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 2> kAccountFields = {"name", "legal_name"};
constexpr std::array<std::string_view, 5> kContactFields = {"first_name", "last_name", "email", "phone",
                                                            "landline_phone"};

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

void AppendFolded(std::string& out, std::string_view text) {
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

}  // namespace

std::string FoldCase(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  AppendFolded(folded, text);
  return folded;
}

std::string SearchTextOf(const Resource& resource) {
  constexpr std::size_t kUsualBytes = 128;
  std::string text;
  text.reserve(kUsualBytes);
  const auto fields = resource.kind == ResourceKind::kAccount ? std::span<const std::string_view>(kAccountFields)
                                                              : std::span<const std::string_view>(kContactFields);
  for (const std::string_view field : fields) {
    const auto value = resource.Text(field);
    if (!value) continue;
    AppendFolded(text, *value);
    text += ' ';
  }
  AppendFolded(text, resource.id.text);
  return text;
}

}  // namespace shakehook
