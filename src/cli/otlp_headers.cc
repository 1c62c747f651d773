#include "cli/otlp_headers.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ascii.h"
#include "cli/key_file.h"

namespace shakehook {
namespace {

// These headers the request has anyway, or they belong to the connection.
constexpr std::array<std::string_view, 7> kOwnNames = {
    "host", "content-type", "content-length", "content-encoding", "user-agent", "connection", "transfer-encoding"};

// RFC 9110, section 5.6.2.
bool IsToken(std::string_view name) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

std::string_view Trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// Returns what is wrong with a line; empty: nothing.
std::string FaultOf(std::string_view name, std::string_view value) {
  if (!IsToken(name)) return "is not \"Name: value\"";
  if (std::ranges::find(kOwnNames, LowerAscii(name)) != kOwnNames.end()) {
    return "names a header that the server sets itself";
  }
  if (value.empty()) return "has no value";
  if (!std::ranges::all_of(value, [](char c) { return c >= ' ' && c <= '~'; })) {
    return "has a value with other characters than visible ASCII and spaces";
  }
  return "";
}

}  // namespace

std::expected<std::string, std::string> ReadOtlpHeaders(const std::string& path) {
  const auto text = ReadKeyFile(path);
  if (!text) return std::unexpected(text.error());
  std::string lines;
  int number = 0;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t bytes = std::min(rest.find('\n'), rest.size());
    const std::string_view line = Trim(rest.substr(0, bytes));
    rest.remove_prefix(std::min(bytes + 1, rest.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = colon < line.size() ? Trim(line.substr(colon + 1)) : std::string_view();
    if (const std::string fault = FaultOf(name, value); !fault.empty()) {
      return std::unexpected(path + " line " + std::to_string(number) + ": the line " + fault);
    }
    lines.append(name).append(": ").append(value).append("\r\n");
  }
  return lines;
}

}  // namespace shakehook
