// MailMessage is an e-mail of plain text, and how it is written out: RFC 5322's headers, with a subject in any language
// (RFC 2047), and a body in quoted-printable (RFC 2045), so that every line is short and ASCII. Text from elsewhere
// cannot add a header or end the message: control characters of the subject become spaces, those of the body are
// encoded. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace shakehook {

struct MailMessage {
  std::string from_name;  // ASCII letters
  std::string from;       // an address, as are those in `to`
  std::vector<std::string> to;
  std::string id;  // "left@right", as RFC 5322 asks for
  Timestamp date;
  std::string subject;  // UTF-8
  std::string text;     // UTF-8, its lines end with "\n"
};

inline constexpr std::size_t kMailAddressBytesMax = 254;  // RFC 5321, section 4.5.3.1.3

// Tells whether the text is an address such as "ops@example.com": a dot-atom, @, and a name of ASCII labels. Quoted
// local parts, address literals and international addresses are none.
bool IsMailAddress(std::string_view text);

// Returns the message with lines that end with "\r\n".
std::string WriteMail(const MailMessage& message);

// Returns what follows SMTP's DATA: the message with each dot at the beginning of a line doubled, and the line that
// ends it (RFC 5321, section 4.5.2). Precondition: `message` is from WriteMail.
std::string DotStuffed(std::string_view message);

}  // namespace shakehook
