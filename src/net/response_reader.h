// ResponseReader makes a PostResponse of a connection's bytes, in whatever pieces they come: it skips 1xx, decides at
// the end of the final head, and keeps the first bytes of the body. A fault in the body never takes back the response.
//
// Use: read into Space(), tell Commit() how much came, until the progress is not kMore; End() when the peer closes.
//
// Ownership: its buffer, which it keeps from answer to answer.
// Threads:   none of its own; touches no socket.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "net/chunked_body.h"
#include "net/response_head.h"
#include "net/transport.h"

namespace shakehook {

class ResponseReader {
 public:
  enum class Progress : std::uint8_t {
    kMore,  // needs more bytes
    kDone,  // whole, or as much of the body as is read
    kBad,   // there is no valid response head; failure() says why
  };

  // Starts the next response on the same connection.
  void Reset();

  std::span<char> Space();
  Progress Commit(std::size_t bytes);
  // Says that the peer sends no more.
  Progress End();

  // Tells whether any byte came, even if only a part of a head.
  bool started() const { return bytes_ > 0; }
  bool has_head() const { return head_done_; }
  const std::string& failure() const { return failure_; }

  // Precondition: has_head(). The response is marked as truncated if the body did not end.
  PostResponse TakeResponse();

  // Tells whether the response ended where its head said, and the peer keeps the connection open.
  bool reusable() const { return complete_ && keep_alive_ && begin_ == end_; }
  std::optional<Milliseconds> keep_alive_timeout() const { return keep_alive_timeout_; }

 private:
  Progress ReadHeads();
  Progress BeginResponse(const ResponseHead& head);
  Progress ReadBody();
  Progress Bad(std::string failure);
  void Keep(std::string_view piece);

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0, end_ = 0;  // the bytes that were read and not used yet
  std::size_t searched_ = 0;         // bytes from begin_ on that contain no end of a head
  bool line_checked_ = false;        // the head that is being read begins as one

  std::size_t bytes_ = 0;       // read in all
  std::size_t head_bytes_ = 0;  // the size of finished heads, 1xx included
  std::size_t body_read_ = 0;   // the size of the body as it came, chunk sizes included
  bool head_done_ = false;
  bool complete_ = false;
  bool keep_alive_ = false;
  std::optional<Milliseconds> keep_alive_timeout_;
  ResponseHead::Framing framing_ = ResponseHead::Framing::kNone;
  std::uint64_t remaining_ = 0;  // with kLength: the rest of the body
  ChunkedBody chunked_;
  bool dropped_ = false;  // some of the body was not kept

  PostResponse response_;
  std::string failure_;
};

}  // namespace shakehook
