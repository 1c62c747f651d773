#include "blocking_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace shakehook::bench {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr int kBacklog = 64;

sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

std::size_t ContentLength(std::string head) {
  std::ranges::transform(head, head.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::string_view kName = "\r\ncontent-length:";
  const std::size_t at = head.find(kName);
  if (at == std::string::npos) return 0;
  const std::size_t digits = head.find_first_not_of(' ', at + kName.size());
  std::size_t length = 0;
  std::from_chars(head.data() + digits, head.data() + head.size(), length);
  return length;
}

}  // namespace

void Fail(std::string_view what) {
  std::fprintf(stderr, "bench_latency: %.*s: %s\n", static_cast<int>(what.size()), what.data(), std::strerror(errno));
  std::exit(1);
}

Socket::Socket(int descriptor) : descriptor_(descriptor) {
  const int on = 1;
  if (descriptor < 0 || ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) Fail("socket");
}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Socket Socket::Connect(std::uint16_t port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = Loopback(port);
  if (::connect(socket.descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) Fail("connect");
  return socket;
}

void Socket::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0) Fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool Socket::ReadMore() {
  const std::size_t before = rest_.size();
  rest_.resize(before + kPieceBytes);
  const ssize_t read = ::recv(descriptor_, rest_.data() + before, kPieceBytes, 0);
  rest_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(read, 0)));
  return read > 0;
}

Message Socket::Read() {
  Message message;
  if (rest_.empty() && !ReadMore()) return message;
  message.came = std::chrono::steady_clock::now();
  std::size_t end = rest_.find("\r\n\r\n");
  for (; end == std::string::npos; end = rest_.find("\r\n\r\n")) {
    if (!ReadMore()) Fail("a message that ends in its head");
  }
  message.head = rest_.substr(0, end + 4);
  rest_.erase(0, end + 4);
  const std::size_t length = ContentLength(message.head);
  while (rest_.size() < length) {
    if (!ReadMore()) Fail("a message that ends in its body");
  }
  message.body = rest_.substr(0, length);
  rest_.erase(0, length);
  return message;
}

Listener::Listener() : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof address;
  auto* const pointer = reinterpret_cast<sockaddr*>(&address);
  if (descriptor_ < 0 || ::bind(descriptor_, pointer, size) != 0 || ::listen(descriptor_, kBacklog) != 0 ||
      ::getsockname(descriptor_, pointer, &size) != 0) {
    Fail("listen");
  }
  port_ = ntohs(address.sin_port);
}

Socket Listener::Accept() { return Socket(::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC)); }

}  // namespace shakehook::bench
