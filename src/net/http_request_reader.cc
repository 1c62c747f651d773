#include "net/http_request_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr std::size_t kBufferBytes = 2 * 1024;         // enough for most requests, and cheap where thousands are idle
constexpr std::size_t kIdleBufferBytesMax = 8 * 1024;  // a larger one is not kept for the next request
constexpr std::size_t kBodyBufferBytes = 64 * 1024;    // for bodies that do not fit into the buffer
constexpr std::size_t kBodyReservedMax = 1024 * 1024;  // memory given for a length that is only announced
constexpr std::size_t kUncountedBodyBytesMax = 4 * 1024;
constexpr int kEmptyLinesMax = 4;  // before a request line (RFC 9112, section 2.2)
// The most bytes of chunk sizes, extensions and trailers: an honest sender never has more of them than of the body.
constexpr std::uint64_t kChunkFramingBytesMax = 16 * 1024;
constexpr std::uint64_t kChunkFramingPerBodyByte = 16;

}  // namespace

HttpRequestReader::Progress HttpRequestReader::Next() {
  CHECK(stage_ == Stage::kDone);
  if (begin_ == end_ && capacity_ > kIdleBufferBytesMax) {
    buffer_.reset();
    capacity_ = begin_ = end_ = 0;
  }
  stage_ = Stage::kStart;
  searched_ = line_ = 0;
  empty_lines_ = 0;
  body_seen_ = 0;
  chunked_ = {};
  return ReadHead();
}

std::span<char> HttpRequestReader::Space() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == capacity_ && begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  std::size_t wanted = capacity_;
  if (end_ == capacity_) wanted = capacity_ == 0 ? kBufferBytes : capacity_ * 2;
  if (stage_ == Stage::kBody) wanted = std::max(wanted, BodyBufferBytes());
  if (wanted > capacity_) {
    // Only an unfinished head fills the buffer; ReadHead() ends a request whose head reaches the limit.
    CHECK(wanted <= std::max(kBodyBufferBytes, 2 * (head_bytes_max_ + kBufferBytes)));
    auto larger = std::make_unique_for_overwrite<char[]>(wanted);
    if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
    buffer_ = std::move(larger);
    capacity_ = wanted;
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

// A short rest of a body needs no large buffer.
std::size_t HttpRequestReader::BodyBufferBytes() const {
  const std::uint64_t rest =
      head_.framing == RequestHead::Framing::kLength ? head_.body_bytes - body_seen_ : body_bytes_max_;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(rest, kBufferBytes, kBodyBufferBytes));
}

std::size_t HttpRequestReader::held_bytes() const {
  const std::size_t body = head_.request.body.capacity();
  return (capacity_ > kIdleBufferBytesMax ? capacity_ : 0) + (body > kUncountedBodyBytesMax ? body : 0);
}

void HttpRequestReader::Discard() {
  buffer_.reset();
  capacity_ = begin_ = end_ = 0;
  head_ = {};
  stage_ = Stage::kBad;
}

HttpRequestReader::Progress HttpRequestReader::Commit(std::size_t bytes) {
  end_ += bytes;
  if (stage_ == Stage::kStart || stage_ == Stage::kHead) return ReadHead();
  CHECK(stage_ == Stage::kBody);
  return head_.framing == RequestHead::Framing::kLength ? ReadLength() : ReadChunks();
}

HttpRequestReader::Progress HttpRequestReader::ReadHead() {
  if (stage_ == Stage::kStart) {
    if (const auto ended = BeginHead()) return *ended;
  }
  const auto head_bytes = FindHeadEnd();
  if (!head_bytes) return Progress::kBad;
  const std::size_t bytes_so_far = *head_bytes == 0 ? unread().size() : *head_bytes;
  if (bytes_so_far > head_bytes_max_) {
    return Bad(431, "The request's head is larger than " + std::to_string(head_bytes_max_) + " bytes.");
  }
  if (*head_bytes == 0) return Progress::kMore;

  auto head = ParseRequestHead(unread().substr(0, *head_bytes));
  if (!head) return Bad(head.error().status, std::move(head.error().detail));
  head_ = std::move(*head);
  begin_ += *head_bytes;
  if (head_.framing == RequestHead::Framing::kNone) {
    stage_ = Stage::kDone;
    return Progress::kDone;
  }
  stage_ = Stage::kBodyLimit;
  return Progress::kHead;
}

std::optional<HttpRequestReader::Progress> HttpRequestReader::BeginHead() {
  while (unread().starts_with("\r\n")) {
    if (++empty_lines_ > kEmptyLinesMax) return Bad(400, "The request line is not valid.");
    begin_ += 2;
  }
  const std::string_view text = unread();
  if (text.empty() || text == "\r") return Progress::kMore;
  if (text[0] <= ' ' || text[0] > '~') {
    return Bad(400, text[0] == '\x16' ? "This port speaks plain HTTP, not TLS." : "The request line is not valid.");
  }
  stage_ = Stage::kHead;
  return std::nullopt;
}

// The head ends with the first empty line.
std::optional<std::size_t> HttpRequestReader::FindHeadEnd() {
  const std::string_view text = unread();
  for (;;) {
    const std::size_t line_feed = text.find('\n', searched_);
    if (line_feed == std::string_view::npos) {
      searched_ = text.size();
      return 0;
    }
    if (line_feed == 0 || text[line_feed - 1] != '\r') {
      Bad(400, "The request's lines do not end in CR LF.");
      return std::nullopt;
    }
    if (line_ > 0 && (text[line_] == ' ' || text[line_] == '\t')) {
      Bad(400, "The request has a folded header line.");
      return std::nullopt;
    }
    const bool is_empty = line_feed == line_ + 1;
    searched_ = line_ = line_feed + 1;
    if (is_empty) return line_feed + 1;
  }
}

HttpRequestReader::Progress HttpRequestReader::ReadBody(std::size_t body_bytes_max, AtLimit at_limit) {
  CHECK(stage_ == Stage::kBodyLimit);
  stage_ = Stage::kBody;
  body_bytes_max_ = body_bytes_max;
  at_limit_ = at_limit;
  if (head_.framing == RequestHead::Framing::kChunked) return ReadChunks();
  if (head_.body_bytes > body_bytes_max) return TooLarge();
  head_.request.body.reserve(std::min<std::uint64_t>(head_.body_bytes, kBodyReservedMax));
  return ReadLength();
}

HttpRequestReader::Progress HttpRequestReader::ReadLength() {
  const std::string_view piece =
      unread().substr(0, std::min<std::uint64_t>(head_.body_bytes - body_seen_, end_ - begin_));
  std::string& body = head_.request.body;
  // A body that has come so far gets all that it announced. Growing step by step would copy megabytes in one turn; the
  // system gives memory only where it is written to.
  if (body.capacity() < body.size() + piece.size()) body.reserve(head_.body_bytes);
  body += piece;
  begin_ += piece.size();
  body_seen_ += piece.size();
  if (body_seen_ < head_.body_bytes) return Progress::kMore;
  stage_ = Stage::kDone;
  return Progress::kDone;
}

HttpRequestReader::Progress HttpRequestReader::ReadChunks() {
  std::string& body = head_.request.body;
  const std::string_view came = unread();
  std::string_view input = came;
  bool at_limit = false;
  while (!at_limit) {
    if (body.size() > body_bytes_max_) return TooLarge();
    const std::string_view piece = chunked_.Next(input);
    if (piece.empty()) break;
    at_limit = piece.size() > body_bytes_max_ - body.size();
    if (at_limit && at_limit_ == AtLimit::kRefuse) return TooLarge();
    body += piece;
  }
  begin_ = end_ - input.size();
  body_seen_ += came.size() - input.size();
  if (chunked_.malformed()) return Bad(400, "The request's chunked body is not valid.");
  if (body_seen_ - body.size() > kChunkFramingBytesMax + kChunkFramingPerBodyByte * body.size()) {
    return Bad(400, "The request's chunked body has too little data for its framing.");
  }
  if (at_limit) {
    stage_ = Stage::kBodyLimit;
    return Progress::kHead;
  }
  if (!chunked_.done()) return Progress::kMore;
  stage_ = Stage::kDone;
  return Progress::kDone;
}

HttpRequestReader::Progress HttpRequestReader::Bad(int status, std::string detail) {
  stage_ = Stage::kBad;
  problem_ = {status, std::move(detail)};
  return Progress::kBad;
}

HttpRequestReader::Progress HttpRequestReader::TooLarge() {
  return Bad(413, "The body is larger than " + std::to_string(body_bytes_max_) + " bytes.");
}

}  // namespace shakehook
