#include "http_stream.h"

#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace shakehook::bench {
namespace {

constexpr std::size_t kPieceBytes = 16 * 1024;

}  // namespace

void Fail(std::string_view what) {
  std::fprintf(stderr, "bench_load: %.*s: %s\n", static_cast<int>(what.size()), what.data(), std::strerror(errno));
  std::_Exit(1);
}

std::string_view HttpMessage::Header(std::string_view name) const {
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
    const std::size_t line = at + 2;
    at = head.find("\r\n", line);
    if (at - line <= name.size() || head[line + name.size()] != ':') continue;
    if (strncasecmp(head.data() + line, name.data(), name.size()) != 0) continue;
    std::string_view value = head.substr(line + name.size() + 1, at - line - name.size() - 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return {};
}

HttpStream::~HttpStream() { ::close(descriptor_); }

bool HttpStream::Read() {
  in_.erase(0, std::exchange(taken_, 0));
  const std::size_t before = in_.size();
  in_.resize(before + kPieceBytes);
  const ssize_t read = ::recv(descriptor_, in_.data() + before, kPieceBytes, MSG_DONTWAIT);
  in_.resize(before + static_cast<std::size_t>(read > 0 ? read : 0));
  return read > 0 || (read < 0 && (errno == EAGAIN || errno == EINTR));
}

std::optional<HttpMessage> HttpStream::Next() {
  const std::string_view rest = std::string_view(in_).substr(taken_);
  const std::size_t end = rest.find("\r\n\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  HttpMessage message{.head = rest.substr(0, end + 4)};
  const std::string_view digits = message.Header("content-length");
  std::size_t length = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  if (rest.size() < message.head.size() + length) return std::nullopt;
  message.body = rest.substr(message.head.size(), length);
  taken_ += message.head.size() + length;
  return message;
}

void HttpStream::Write(std::string_view bytes) {
  if (out_.empty()) {
    const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  out_ += bytes;
}

void HttpStream::Flush() {
  if (out_.empty()) return;
  const ssize_t sent = ::send(descriptor_, out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
}

}  // namespace shakehook::bench
