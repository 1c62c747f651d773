#include "records/cell_text.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

namespace shakehook {
namespace {

constexpr std::array<std::string_view, 23> kSpaces = {" ",
                                                      "\t",
                                                      "\r",
                                                      "\n",
                                                      "\v",
                                                      "\f",
                                                      "\xc2\x85",
                                                      "\xc2\xa0",  // U+00A0, no-break
                                                      "\xe1\x9a\x80",
                                                      "\xe2\x80\x80",
                                                      "\xe2\x80\x81",
                                                      "\xe2\x80\x82",
                                                      "\xe2\x80\x83",
                                                      "\xe2\x80\x84",
                                                      "\xe2\x80\x85",
                                                      "\xe2\x80\x86",
                                                      "\xe2\x80\x87",
                                                      "\xe2\x80\x88",
                                                      "\xe2\x80\x89",
                                                      "\xe2\x80\x8a",  // U+2000 to U+200A
                                                      "\xe2\x80\xaf",  // U+202F, narrow no-break
                                                      "\xe2\x81\x9f",
                                                      "\xe3\x80\x80"};

constexpr std::array<std::string_view, 18> kWithoutWidth = {
    "\xe2\x80\x8b", "\xe2\x80\x8c", "\xe2\x80\x8d", "\xe2\x80\x8e", "\xe2\x80\x8f",                  // U+200B to U+200F
    "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",  // U+2028 to
    "\xe2\x80\xae",                                                                                  // U+202E
    "\xe2\x81\xa0", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xef\xbb\xbf"};

// Returns the space or mark that the text begins with; empty: none.
std::string_view LeadingOf(std::string_view text, const auto& list) {
  const auto found = std::ranges::find_if(list, [&](std::string_view each) { return text.starts_with(each); });
  return found == list.end() ? std::string_view() : *found;
}

std::string_view Leading(std::string_view text) {
  const std::string_view space = LeadingOf(text, kSpaces);
  return space.empty() ? LeadingOf(text, kWithoutWidth) : space;
}

std::size_t TrailingBytes(std::string_view text) {
  for (const std::string_view each : kSpaces) {
    if (text.ends_with(each)) return each.size();
  }
  for (const std::string_view each : kWithoutWidth) {
    if (text.ends_with(each)) return each.size();
  }
  return 0;
}

bool IsVisibleAscii(char c) { return c > ' ' && c < 0x7f; }

}  // namespace

std::string_view TrimmedCell(std::string_view cell) {
  while (!cell.empty() && !IsVisibleAscii(cell.front())) {
    const std::string_view leading = Leading(cell);
    if (leading.empty()) break;
    cell.remove_prefix(leading.size());
  }
  while (!cell.empty() && !IsVisibleAscii(cell.back())) {
    const std::size_t bytes = TrailingBytes(cell);
    if (bytes == 0) break;
    cell.remove_suffix(bytes);
  }
  return cell;
}

bool HoldsSpace(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(1)) {
    if (!IsVisibleAscii(text.front()) && !Leading(text).empty()) return true;
  }
  return false;
}

std::string WithPlainSpaces(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const std::string_view space = LeadingOf(text, kSpaces);
    const std::string_view mark = space.empty() ? LeadingOf(text, kWithoutWidth) : space;
    if (!space.empty()) plain += ' ';
    if (mark.empty()) plain += text.front();
    text.remove_prefix(std::max<std::size_t>(mark.size(), 1));
  }
  return plain;
}

bool HoldsReplacement(std::string_view text) { return text.find(kReplacementCharacter) != std::string_view::npos; }

}  // namespace shakehook
