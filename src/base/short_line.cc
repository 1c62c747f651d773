#include "base/short_line.h"

#include "base/utf8.h"

namespace shakehook {

std::string ShortLine(std::string_view text, std::size_t bytes_max) {
  std::string line(CutUtf8(text, bytes_max));
  if (line.size() < text.size()) line += "…";
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return line;
}

}  // namespace shakehook
