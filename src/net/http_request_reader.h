// HttpRequestReader makes requests of a connection's bytes, in whatever pieces they come, one after the other: bytes
// after one request begin the next.
//
// Use: Next() for each request; while it is kMore, read into Space() and tell Commit() how much came. kHead asks for
// ReadBody() with the limit for this request. After kBad nothing more can be read, because the start of the next
// request is not known.
//
// Ownership: its buffer, which it keeps small between requests.
// Threads:   none of its own; touches no socket.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "net/chunked_body.h"
#include "net/http_request_head.h"

namespace shakehook {

class HttpRequestReader {
 public:
  enum class Progress : std::uint8_t {
    kMore,  // needs more bytes
    kHead,  // the head is whole and a body follows, or more of it than the first limit: call ReadBody()
    kDone,  // the request is whole: Take() it
    kBad,   // problem() says why
  };

  explicit HttpRequestReader(std::size_t head_bytes_max) : head_bytes_max_(head_bytes_max) {}

  Progress Next();
  std::span<char> Space();
  Progress Commit(std::size_t bytes);
  // Says what happens to a body at its limit: it is too large; or, if it is chunked, the caller is asked for a limit
  // again.
  enum class AtLimit : std::uint8_t { kRefuse, kAskAgain };
  Progress ReadBody(std::size_t body_bytes_max, AtLimit at_limit = AtLimit::kRefuse);

  // Tells whether any byte of the request is there.
  bool started() const { return stage_ != Stage::kStart || begin_ != end_; }
  // Tells whether any byte of the body is there, so that the client does not wait for a 100.
  bool body_started() const { return body_seen_ > 0; }
  // Valid after kHead or kDone, until Next().
  const RequestHead& head() const { return head_; }
  HttpRequest Take() { return std::move(head_.request); }
  const RequestProblem& problem() const { return problem_; }
  // Returns the memory for the bytes so far, beyond that of every connection; for a request that was taken: 0.
  std::size_t held_bytes() const;
  // Frees the memory. Nothing more can be read.
  void Discard();

 private:
  enum class Stage : std::uint8_t { kStart, kHead, kBodyLimit, kBody, kDone, kBad };

  std::size_t BodyBufferBytes() const;
  Progress ReadHead();
  // Skips empty lines before the request line, and looks at its first byte. Returns nullopt if the head has begun.
  std::optional<Progress> BeginHead();
  // Returns how many bytes the head has; 0 if it is not whole, nullopt after Bad().
  std::optional<std::size_t> FindHeadEnd();
  Progress ReadLength();
  Progress ReadChunks();
  Progress Bad(int status, std::string detail);
  Progress TooLarge();
  std::string_view unread() const { return {buffer_.get() + begin_, end_ - begin_}; }

  std::size_t head_bytes_max_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0, end_ = 0;  // the bytes that were read and not used yet
  std::size_t searched_ = 0;         // bytes from begin_ on that contain no further end of a line
  std::size_t line_ = 0;             // the offset from begin_ of the line that is being read
  int empty_lines_ = 0;              // before the request line

  Stage stage_ = Stage::kDone;
  RequestHead head_;
  std::size_t body_bytes_max_ = 0;
  AtLimit at_limit_ = AtLimit::kRefuse;
  std::uint64_t body_seen_ = 0;  // bytes of the body as it came, chunk sizes included
  ChunkedBody chunked_;
  RequestProblem problem_;
};

}  // namespace shakehook
