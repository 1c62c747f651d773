#include "net/mail_message.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/ascii.h"
#include "base/encoding.h"
#include "base/utf8.h"

namespace shakehook {
namespace {

constexpr std::size_t kLocalPartBytesMax = 64;
constexpr std::size_t kLabelBytesMax = 63;
// A line of a body has 76 characters at most (RFC 2045, section 6.7), and so has one with an encoded word.
constexpr std::size_t kBodyLineMax = 76;
// A subject that is longer is encoded, because only an encoded one can be folded anywhere.
constexpr std::size_t kPlainSubjectMax = 66;
// In base64, between "=?UTF-8?B?" and "?=", and behind "Subject: ", these make 73 characters.
constexpr std::size_t kWordBytesMax = 39;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetterOrDigit(char c) { return IsLowerAscii(c) || IsUpperAscii(c) || IsDigit(c); }
bool IsAtomCharacter(char c) {  // RFC 5322, section 3.2.3
  return IsLetterOrDigit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
}

// Calls `accepts` with each part between dots; returns whether it accepted all of them.
template <class Accepts>
bool AllParts(std::string_view text, const Accepts& accepts) {
  for (;;) {
    const std::size_t dot = text.find('.');
    if (!accepts(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool IsLabel(std::string_view text) {
  return !text.empty() && text.size() <= kLabelBytesMax && !text.starts_with('-') && !text.ends_with('-') &&
         std::ranges::all_of(text, [](char c) { return IsLetterOrDigit(c) || c == '-'; });
}

bool IsVisible(char c) { return c > ' ' && c <= '~'; }

std::string WithoutControls(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return line;
}

std::string SubjectText(std::string_view subject) {
  const std::string line = WithoutControls(subject);
  const bool plain = line.size() <= kPlainSubjectMax && !line.contains("=?") && !line.starts_with(' ') &&
                     std::ranges::all_of(line, [](char c) { return c == ' ' || IsVisible(c); });
  if (plain) return line;
  std::string words;
  for (std::string_view rest = line; !rest.empty();) {
    const std::string_view piece = CutUtf8(rest, kWordBytesMax);
    rest.remove_prefix(piece.size());
    if (!words.empty()) words += "\r\n ";
    words += "=?UTF-8?B?" + ToBase64(AsBytes(piece)) + "?=";
  }
  return words;
}

// RFC 5322, section 3.3; the names are those of no locale.
std::string DateText(Timestamp date) {
  constexpr std::array<const char*, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const time_t seconds = UnixMs(date) / 1000;
  tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %d %02d:%02d:%02d +0000",
                kDays[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                kMonths[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900, parts.tm_hour, parts.tm_min,
                parts.tm_sec);
  return text.data();
}

std::string Encoded(char c) {
  const auto byte = static_cast<unsigned char>(c);
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'=', kDigits[byte >> 4], kDigits[byte & 0x0f]};
}

void WriteBodyLine(std::string_view line, std::string& out) {
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool last = i + 1 == line.size();
    const bool as_it_is = (IsVisible(c) && c != '=') || (c == ' ' && !last);
    const std::string text = as_it_is ? std::string(1, c) : Encoded(c);
    if (column + text.size() > kBodyLineMax - (last ? 0 : 1)) {
      out += "=\r\n";
      column = 0;
    }
    out += text;
    column += text.size();
  }
  out += "\r\n";
}

std::string Body(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    WriteBodyLine(text.substr(0, end), out);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

bool IsMailAddress(std::string_view text) {
  const std::size_t at = text.find('@');
  if (text.size() > kMailAddressBytesMax || at == std::string_view::npos || at > kLocalPartBytesMax) return false;
  const auto is_atom = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, IsAtomCharacter);
  };
  return AllParts(text.substr(0, at), is_atom) && AllParts(text.substr(at + 1), IsLabel);
}

std::string WriteMail(const MailMessage& message) {
  std::string out = "Date: " + DateText(message.date) + "\r\n";
  out += "From: " + message.from_name + " <" + message.from + ">\r\n";
  out += "To: ";
  for (std::size_t i = 0; i < message.to.size(); ++i) out += (i == 0 ? "" : ",\r\n ") + message.to[i];
  out += "\r\nMessage-ID: <" + message.id + ">\r\n";
  out += "Subject: " + SubjectText(message.subject) + "\r\n";
  out += "MIME-Version: 1.0\r\n";
  out += "Content-Type: text/plain; charset=utf-8\r\n";
  out += "Content-Transfer-Encoding: quoted-printable\r\n";
  out += "Auto-Submitted: auto-generated\r\n\r\n";  // RFC 3834: no out-of-office answers
  return out + Body(message.text);
}

std::string DotStuffed(std::string_view message) {
  std::string out;
  bool line_begins = true;
  for (const char c : message) {
    if (line_begins && c == '.') out += '.';
    out += c;
    line_begins = c == '\n';
  }
  return out + ".\r\n";
}

}  // namespace shakehook
