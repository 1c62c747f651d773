// The head of an answer as one string, and the Date that goes into it.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "net/http_server.h"

namespace shakehook {

// "Date: Wed, 13 Nov 2024 10:30:00 GMT\r\n" (RFC 9110, section 5.6.7), written once a second.
//
// Threads: an object belongs to one thread.
class DateHeader {
 public:
  const std::string& At(Timestamp now);

 private:
  std::chrono::sys_seconds second_{std::chrono::seconds(-1)};
  std::string text_;
};

struct ResponseFraming {
  enum class Body : std::uint8_t { kLength, kChunked, kUntilClose };
  enum class Connection : std::uint8_t { kKeep, kKeepSaid, kClose };  // kKeepSaid: as HTTP/1.0 must be told

  Body body = Body::kLength;
  Connection connection = Connection::kKeep;
};

// Appends the head with its empty line. What a header's value carries of control bytes becomes a space, so that it
// cannot end the line.
void AppendResponseHead(std::string& out, const HttpResponse& response, ResponseFraming framing,
                        const std::string& date_header);

}  // namespace shakehook
