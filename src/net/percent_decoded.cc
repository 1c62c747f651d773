#include "net/percent_decoded.h"

#include <algorithm>

#include "base/encoding.h"

namespace shakehook {

std::optional<std::string> PercentDecoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    std::string hex(text.substr(i + 1, 2));
    std::ranges::transform(hex, hex.begin(),
                           [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    const auto byte = FromHex(hex);
    if (!byte || byte->size() != 1) return std::nullopt;
    decoded += static_cast<char>((*byte)[0]);
    i += 2;
  }
  return decoded;
}

}  // namespace shakehook
