#include "net/smtp_reply.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/inert_text.h"
#include "base/utf8.h"

namespace shakehook {
namespace {

constexpr std::size_t kShownBytesMax = 200;
constexpr std::size_t kCodeDigits = 3;

// Returns 0 if the line does not begin with a code and its end, a space or a hyphen.
int CodeOf(std::string_view line) {
  if (line.size() < kCodeDigits) return 0;
  int code = 0;
  for (const char c : line.substr(0, kCodeDigits)) {
    if (c < '0' || c > '9') return 0;
    code = code * 10 + (c - '0');
  }
  const bool ends = line.size() == kCodeDigits || line[kCodeDigits] == ' ' || line[kCodeDigits] == '-';
  return ends && code >= 200 && code <= 599 ? code : 0;
}

}  // namespace

std::string SmtpReply::ToString() const {
  std::string text = std::to_string(code);
  for (const std::string& line : lines) {
    if (const std::string_view trimmed = Trimmed(line); !trimmed.empty()) text.append(" ").append(trimmed);
  }
  const std::string inert = InertText(text);
  const std::string_view shown = CutUtf8(inert, kShownBytesMax);
  return std::string(shown) + (shown.size() < inert.size() ? "…" : "");
}

SmtpReplyReader::Progress SmtpReplyReader::Read() {
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (reply_bytes_ + std::min(end, unread_.size()) > kReplyBytesMax) return Progress::kInvalid;
    if (end == std::string::npos) return Progress::kMore;
    std::string line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    reply_bytes_ += end + 1;
    if (line.ends_with('\r')) line.pop_back();
    const int code = CodeOf(line);
    if (code == 0 || (!reply_.lines.empty() && code != reply_.code)) return Progress::kInvalid;
    reply_.code = code;
    reply_.lines.push_back(line.substr(std::min(line.size(), kCodeDigits + 1)));
    const bool goes_on = line.size() > kCodeDigits && line[kCodeDigits] == '-';
    if (!goes_on) return Progress::kWhole;
  }
}

SmtpReply SmtpReplyReader::Take() {
  reply_bytes_ = 0;
  return std::exchange(reply_, {});
}

}  // namespace shakehook
