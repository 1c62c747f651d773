// The head of a request, read strictly (RFC 9112): the request line, the fields, and the framing of the body. Texts
// that two parsers could read differently are refused, because request smuggling works by them: both a length and a
// transfer coding, several lengths, folded lines, bare line feeds, a missing or second Host.
//
// Boost.Beast's parser checks the grammar; the framing is decided here (Beast takes an unknown transfer coding for no
// body at all).
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "net/http_server.h"

namespace shakehook {

inline constexpr std::size_t kRequestHeadersMax = 200;

// Headers that may have only one value, apart from those that frame the request. Two lines with different values are
// refused: if a proxy checked one of them and a server believed the other, the proxy could be bypassed.
inline constexpr std::array<std::string_view, 5> kSingleHeaders = {"authorization", "content-type", "idempotency-key",
                                                                   "origin", "x-csrf-token"};

// A RequestProblem is why something is not a request: the status of the response and a sentence for a person.
struct RequestProblem {
  int status = 400;
  std::string detail;

  bool operator==(const RequestProblem&) const = default;
};

struct RequestHead {
  enum class Framing : std::uint8_t { kNone, kLength, kChunked };

  HttpRequest request;  // the body is empty
  Framing framing = Framing::kNone;
  std::uint64_t body_bytes = 0;  // with kLength
  int minor_version = 1;         // the 1 in HTTP/1.1
  bool keep_alive = true;
  bool expects_continue = false;
};

// `text` is a whole head, up to and with the empty line. The caller refuses faults between the lines (bare line feeds,
// folds), because it sees every line end anyway.
std::expected<RequestHead, RequestProblem> ParseRequestHead(std::string_view text);

}  // namespace shakehook
