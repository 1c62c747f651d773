#include "net/response_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr std::size_t kBufferBytes = 4 * 1024;          // enough for most answers
constexpr std::size_t kIdleBufferBytesMax = 16 * 1024;  // a larger one is not kept for the next answer
constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kProtocol = "HTTP/";
constexpr char kTlsAlert = 0x15;  // the type of the record that a TLS server sends on plain text

// Returns why the bytes cannot be a head; empty while they may become one. `checked` is set once the first line is
// whole.
std::string WhyNotHttp(std::string_view text, bool& checked) {
  if (text.starts_with(kTlsAlert)) return "The port speaks TLS, but the URL says http://.";
  const std::size_t compared = std::min(text.size(), kProtocol.size());
  if (text.substr(0, compared) != kProtocol.substr(0, compared)) return "The response is not HTTP.";
  const std::size_t line_feed = text.find('\n');
  if (line_feed == std::string_view::npos) return {};
  checked = true;
  return text[line_feed - 1] == '\r' ? "" : "The response's lines do not end in CR LF.";
}

}  // namespace

void ResponseReader::Reset() {
  if (capacity_ > kIdleBufferBytesMax) {
    buffer_.reset();
    capacity_ = 0;
  }
  begin_ = end_ = searched_ = 0;
  line_checked_ = false;
  bytes_ = head_bytes_ = body_read_ = 0;
  head_done_ = complete_ = keep_alive_ = dropped_ = false;
  keep_alive_timeout_.reset();
  framing_ = ResponseHead::Framing::kNone;
  remaining_ = 0;
  chunked_ = {};
  response_ = {};
  failure_.clear();
}

std::span<char> ResponseReader::Space() {
  if (begin_ == end_) begin_ = end_ = 0;
  if (end_ == capacity_) {
    if (begin_ > 0) {
      std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
      end_ -= begin_;
      begin_ = 0;
    } else {
      // Only an unfinished head fills the buffer; Commit() ends a response whose head reaches the limit.
      const std::size_t grown = capacity_ == 0 ? kBufferBytes : capacity_ * 2;
      CHECK(grown <= 2 * kResponseHeadBytesMax);
      auto larger = std::make_unique_for_overwrite<char[]>(grown);
      if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
      buffer_ = std::move(larger);
      capacity_ = grown;
    }
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

ResponseReader::Progress ResponseReader::Commit(std::size_t bytes) {
  end_ += bytes;
  bytes_ += bytes;
  return head_done_ ? ReadBody() : ReadHeads();
}

ResponseReader::Progress ResponseReader::ReadHeads() {
  for (;;) {
    const std::string_view text(buffer_.get() + begin_, end_ - begin_);
    if (!line_checked_) {
      if (std::string failure = WhyNotHttp(text, line_checked_); !failure.empty()) return Bad(std::move(failure));
    }
    const std::size_t found = text.find(kHeadEnd, searched_);
    const std::size_t head_bytes = found == std::string_view::npos ? text.size() : found + kHeadEnd.size();
    if (head_bytes_ + head_bytes > kResponseHeadBytesMax) return Bad("The response's headers are larger than 64 KiB.");
    if (found == std::string_view::npos) {
      searched_ = text.size() < kHeadEnd.size() ? 0 : text.size() - (kHeadEnd.size() - 1);
      return Progress::kMore;
    }

    auto head = ParseResponseHead(text.substr(0, head_bytes));
    if (!head) return Bad(std::move(head.error()));
    begin_ += head_bytes;
    head_bytes_ += head_bytes;
    searched_ = 0;
    line_checked_ = false;
    if (head->status == 101) return Bad("The response switches to another protocol (101), which was not asked for.");
    if (head->status >= 200) return BeginResponse(*head);
    if (begin_ == end_) return Progress::kMore;
  }
}

ResponseReader::Progress ResponseReader::BeginResponse(const ResponseHead& head) {
  head_done_ = true;
  response_.status = head.status;
  response_.reason = head.reason;
  response_.headers = head.headers;
  framing_ = head.framing;
  remaining_ = head.body_bytes;
  keep_alive_ = head.keep_alive;
  keep_alive_timeout_ = head.keep_alive_timeout;
  return ReadBody();
}

ResponseReader::Progress ResponseReader::ReadBody() {
  std::string_view input(buffer_.get() + begin_, end_ - begin_);
  const std::size_t came = input.size();
  bool ended = false;
  switch (framing_) {
    case ResponseHead::Framing::kNone:
      ended = true;
      break;
    case ResponseHead::Framing::kLength: {
      const auto piece = input.substr(0, std::min<std::uint64_t>(remaining_, input.size()));
      Keep(piece);
      remaining_ -= piece.size();
      input.remove_prefix(piece.size());
      ended = remaining_ == 0;
      break;
    }
    case ResponseHead::Framing::kChunked:
      for (auto piece = chunked_.Next(input); !piece.empty(); piece = chunked_.Next(input)) Keep(piece);
      ended = chunked_.done();
      break;
    case ResponseHead::Framing::kUntilClose:
      Keep(input);
      input = {};
      break;
  }
  begin_ = end_ - input.size();
  body_read_ += came - input.size();
  if (ended) complete_ = true;
  const bool enough = body_read_ >= kReadBodyBytesMax || chunked_.malformed();
  return ended || enough ? Progress::kDone : Progress::kMore;
}

ResponseReader::Progress ResponseReader::End() {
  if (head_done_) {
    if (framing_ == ResponseHead::Framing::kUntilClose) complete_ = true;
    return Progress::kDone;
  }
  return Bad(started() ? "The connection was closed in the middle of the response's headers."
                       : "The connection was closed without a response.");
}

ResponseReader::Progress ResponseReader::Bad(std::string failure) {
  failure_ = std::move(failure);
  return Progress::kBad;
}

void ResponseReader::Keep(std::string_view piece) {
  const std::size_t room = kKeptBodyBytes - response_.body.size();
  response_.body += piece.substr(0, room);
  if (piece.size() > room) dropped_ = true;
}

PostResponse ResponseReader::TakeResponse() {
  CHECK(head_done_);
  response_.truncated = dropped_ || !complete_;
  return std::move(response_);
}

}  // namespace shakehook
