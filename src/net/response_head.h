// ResponseHead is the head of an HTTP/1 response, read for what a client must know: the status, the framing of the
// body, and whether the connection may carry another request. Beast's parser checks the grammar; where it is too strict
// for real receivers (a status line that ends after the number), the head is corrected first.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace shakehook {

struct ResponseHead {
  enum class Framing : std::uint8_t { kNone, kLength, kChunked, kUntilClose };

  int status = 0;  // 100 to 999
  std::string_view reason;
  std::string_view headers;  // the lines after the status line, each with its CRLF
  Framing framing = Framing::kNone;
  std::uint64_t body_bytes = 0;  // with kLength
  bool keep_alive = false;
  std::optional<Milliseconds> keep_alive_timeout;  // "Keep-Alive: timeout=N"
};

// `text` is everything up to and with the empty line; the result points into it. The error is a reason for a person.
std::expected<ResponseHead, std::string> ParseResponseHead(std::string_view text);

}  // namespace shakehook
