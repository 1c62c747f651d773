// The head of a response as one string, and the Date in it.
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

// Appends the head with its empty line. Control bytes in a header's value become spaces, so that they cannot end the
// line.
void AppendResponseHead(std::string& out, const HttpResponse& response, ResponseFraming framing,
                        const std::string& date_header);

}  // namespace shakehook
