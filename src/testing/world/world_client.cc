#include "testing/world/world_client.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/ascii.h"
#include "base/check.h"

namespace shakehook {
namespace {

// In real time: the kernel hands bytes over within a call nearly always, and within microseconds else.
constexpr int kWaitMs = 1;
constexpr int kQuietMax = 5;

// Less than a socket holds, so that the server's side has room for each piece.
constexpr std::size_t kPieceBytes = 16 * 1024;

constexpr std::string_view kHeadEnd = "\r\n\r\n";

}  // namespace

WorldClient::WorldClient(World& world) : world_(world) {
  CHECK(world_.listener() != nullptr);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  CHECK(socket_ >= 0);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(world_.listener()->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  world_.Settle();
}

WorldClient::~WorldClient() { HangUp(); }

void WorldClient::HangUp() {
  if (socket_ < 0) return;
  ::close(std::exchange(socket_, -1));
  closed_ = true;
}

std::string WorldClient::Request(std::string_view method, std::string_view path, std::string_view body,
                                 const Headers& headers) {
  std::string text;
  text.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: world\r\n");
  for (const auto& [name, value] : headers) text.append(name).append(": ").append(value).append("\r\n");
  if (!body.empty()) text += "Content-Type: application/json\r\n";
  if (!body.empty() || method != "GET") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text.append("\r\n").append(body);
  return text;
}

void WorldClient::Send(std::string_view bytes) {
  while (!bytes.empty() && !closed_) {
    const std::size_t part = std::min(bytes.size(), kPieceBytes);
    SendAlone(bytes.substr(0, part));
    bytes.remove_prefix(part);
    world_.Settle();
  }
}

void WorldClient::SendAlone(std::string_view bytes) {
  for (int quiet = 0; !bytes.empty() && quiet < kQuietMax;) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else {
      ++quiet;
      ::poll(nullptr, 0, kWaitMs);
    }
  }
  // The server can read what the kernel of its side has acknowledged.
  for (int quiet = 0; quiet < kQuietMax; ++quiet) {
    int unacknowledged = 0;
    if (::ioctl(socket_, SIOCOUTQ, &unacknowledged) != 0 || unacknowledged == 0) return;
    ::poll(nullptr, 0, kWaitMs);
  }
}

bool WorldClient::Read() {
  bool any = false;
  std::array<char, kPieceBytes> piece;
  while (socket_ >= 0 && !closed_) {
    const ssize_t bytes = ::recv(socket_, piece.data(), piece.size(), MSG_DONTWAIT);
    if (bytes < 0 && errno == EAGAIN) break;
    if (bytes <= 0) {
      closed_ = true;
      break;
    }
    received_.append(piece.data(), static_cast<std::size_t>(bytes));
    any = true;
  }
  return any;
}

bool WorldClient::AwaitBytes(int& quiet) const {
  if (quiet++ >= kQuietMax) return false;
  pollfd watched{.fd = socket_, .events = POLLIN, .revents = 0};
  ::poll(&watched, 1, kWaitMs);
  return true;
}

std::optional<World::Response> WorldClient::ReceiveNow() {
  for (int quiet = 0;;) {
    world_.Settle();
    Read();
    if (auto response = TakeResponse()) return response;
    if (closed_ || world_.listener()->in_flight() > 0 || !AwaitBytes(quiet)) return std::nullopt;
  }
}

std::optional<World::Response> WorldClient::ReceiveAlone() {
  Read();
  return TakeResponse();
}

std::optional<World::Response> WorldClient::Receive() {
  for (;;) {
    if (auto response = ReceiveNow()) return response;
    if (closed_) return std::nullopt;
    world_.PassToNextTimer();
  }
}

World::Response WorldClient::Call(std::string_view method, std::string_view path, std::string_view body,
                                  const Headers& headers) {
  Send(Request(method, path, body, headers));
  auto response = Receive();
  CHECK(response);
  return *std::move(response);
}

std::optional<World::Response> WorldClient::TakeResponse() {
  const auto end = received_.find(kHeadEnd);
  if (end == std::string::npos) return std::nullopt;
  std::string_view head = std::string_view(received_).substr(0, end);
  World::Response response;
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  CHECK(head.starts_with(kVersion));
  std::from_chars(head.data() + kVersion.size(), head.data() + head.size(), response.status);
  std::size_t length = 0;
  for (auto line = head.find("\r\n"); line != std::string_view::npos;) {
    head.remove_prefix(line + 2);
    line = head.find("\r\n");
    const std::string_view header = head.substr(0, line);
    const auto colon = header.find(": ");
    CHECK(colon != std::string_view::npos);
    response.headers.emplace_back(header.substr(0, colon), header.substr(colon + 2));
    const auto& [name, value] = response.headers.back();
    if (LowerAscii(name) == "content-length") std::from_chars(value.data(), value.data() + value.size(), length);
  }
  if (received_.size() < end + kHeadEnd.size() + length) return std::nullopt;
  response.body = received_.substr(end + kHeadEnd.size(), length);
  received_.erase(0, end + kHeadEnd.size() + length);
  return response;
}

}  // namespace shakehook
