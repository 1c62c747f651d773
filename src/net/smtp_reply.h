// SmtpReplyReader reads a mail server's replies (RFC 5321, section 4.2) from the bytes as they come: "250-first line",
// "250 last line". A reply is bounded, however much the server sends. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shakehook {

struct SmtpReply {
  int code = 0;
  std::vector<std::string> lines;  // without the code; at least one

  bool operator==(const SmtpReply&) const = default;
  bool positive() const { return code / 100 == 2; }
  // Returns "550 No such user", on one line, cut where it is long, for a person.
  std::string ToString() const;
};

class SmtpReplyReader {
 public:
  static constexpr std::size_t kReplyBytesMax = 16 * 1024;

  enum class Progress : std::uint8_t {
    kMore,
    kWhole,
    kInvalid,  // it is no reply, or too long
  };

  // Takes bytes, and then Read says how far the next reply is.
  void Add(std::string_view bytes) { unread_ += bytes; }
  Progress Read();
  // Precondition: Read returned kWhole.
  SmtpReply Take();
  // Tells whether bytes came that belong to no reply read so far.
  bool HasUnread() const { return !unread_.empty(); }

 private:
  std::string unread_;
  SmtpReply reply_;
  std::size_t reply_bytes_ = 0;
};

}  // namespace shakehook
