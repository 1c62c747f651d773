#include "base/log_line.h"

#include <algorithm>

#include "base/inert_text.h"
#include "base/json.h"

namespace shakehook {
namespace {

void AppendQuoted(std::string& out, std::string_view text) {
  std::string quoted;
  AppendJsonText(quoted, text);
  out += InertText(quoted);
}

bool NeedsNoQuotes(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '='; });
}

}  // namespace

std::string TextLogLine(std::string_view message, std::span<const LogField> fields) {
  std::string line = InertText(message);
  for (const auto& [key, value] : fields) {
    line.push_back(' ');
    line += key;
    line.push_back('=');
    if (NeedsNoQuotes(value)) {
      line += value;
    } else {
      AppendQuoted(line, value);
    }
  }
  return line;
}

std::string JsonLogLine(std::string_view message, std::span<const LogField> fields) {
  std::string line = "\"message\":";
  AppendQuoted(line, message);
  for (const auto& [key, value] : fields) {
    line.push_back(',');
    AppendQuoted(line, key);
    line.push_back(':');
    AppendQuoted(line, value);
  }
  return line;
}

}  // namespace shakehook
