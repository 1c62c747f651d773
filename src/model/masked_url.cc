#include "model/masked_url.h"

#include <algorithm>

namespace shakehook {
namespace {

constexpr std::string_view kMask = "***";
constexpr std::size_t kWordCharactersMax = 24;
constexpr std::size_t kVersionCharactersMax = 4;

bool IsLowercase(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsPlainWord(std::string_view segment) {
  if (segment.starts_with('v') && segment.size() > 1 && segment.size() <= kVersionCharactersMax) {
    return std::ranges::all_of(segment.substr(1), [](char c) { return IsDigit(c) || c == '.'; });
  }
  return segment.size() <= kWordCharactersMax &&
         std::ranges::all_of(segment, [](char c) { return IsLowercase(c) || c == '-' || c == '_' || c == '.'; });
}

}  // namespace

std::string MaskedUrl(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
  std::size_t kept = std::min(url.find_first_of("/?#", host), url.size());
  while (kept < url.size() && url[kept] == '/') {
    const std::size_t end = std::min(url.find_first_of("/?#", kept + 1), url.size());
    if (!IsPlainWord(url.substr(kept + 1, end - kept - 1))) {
      ++kept;  // the slash
      break;
    }
    kept = end;
  }
  std::string masked(url.substr(0, kept));
  if (kept == url.size()) return masked;
  if (url[kept] == '?') masked += '?';
  masked += kMask;
  return masked;
}

}  // namespace shakehook
