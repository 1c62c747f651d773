#include "receiver.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <tuple>
#include <utility>

#include "base/encoding.h"

namespace shakehook::bench {
namespace {

constexpr int kBacklog = 4096;
constexpr int kEventsMax = 256;

// On all of 127.0.0.0/8, because an origin is an address and a port; nothing else reaches a test machine's loopback.
int Listen(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(descriptor, kBacklog) != 0) {
    Fail("cannot listen on port " + std::to_string(port));
  }
  return descriptor;
}

}  // namespace

Receiver::Receiver(Options options)
    : options_(std::move(options)),
      arrivals_(options_.contacts_max),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      listener_(Listen(options_.port)) {
  for (const auto& [path, secret] : options_.secrets) {
    webhooks_.emplace(path, Webhook{HmacKey(secret), std::vector<bool>(options_.contacts_max)});
  }
  if (options_.silent_port) silent_listener_ = Listen(*options_.silent_port);
  for (const int listener : {listener_, silent_listener_}) {
    if (listener < 0) continue;
    epoll_event event{.events = EPOLLIN, .data = {.fd = listener}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener, &event);
  }
  std::thread([this] { Run(); }).detach();
}

std::optional<SteadyTime> Receiver::ArrivalOf(std::size_t number) const {
  const std::int64_t at = arrivals_[number];
  if (at == 0) return std::nullopt;
  return SteadyTime(SteadyTime::duration(at));
}

void Receiver::Accept(int listener) {
  for (;;) {
    const int descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0) return;
    if (listener == silent_listener_) {
      silent_.push_back(descriptor);
      continue;
    }
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    streams_[descriptor] = std::make_unique<HttpStream>(descriptor);
    epoll_event event{.events = EPOLLIN, .data = {.fd = descriptor}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }
}

void Receiver::Run() {
  std::array<epoll_event, kEventsMax> events;
  for (;;) {
    const int ready = ::epoll_wait(epoll_, events.data(), kEventsMax, -1);
    for (int i = 0; i < ready; ++i) {
      const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
      if (descriptor == listener_ || descriptor == silent_listener_) {
        Accept(descriptor);
        continue;
      }
      HttpStream& stream = *streams_[descriptor];
      const bool open = stream.Read();
      const SteadyTime now = std::chrono::steady_clock::now();
      while (const auto request = stream.Next()) {
        stream.Write("HTTP/1.1 204 No Content\r\n\r\n");
        Check(*request, now);
      }
      if (!open) streams_.erase(descriptor);
    }
  }
}

void Receiver::Check(const HttpMessage& request, SteadyTime came) {
  const std::size_t path = request.head.find(' ') + 1;
  const auto webhook = webhooks_.find(request.head.substr(path, request.head.find(' ', path) - path));
  if (webhook == webhooks_.end() ||
      request.Header("bookingshake-signature") != ToHex(webhook->second.key.Sign(request.body))) {
    ++wrongly_signed_;
    return;
  }
  if (!keys_.emplace(request.Header("idempotency-key")).second) ++came_twice_;
  const std::size_t at = request.body.find(kNumberedName);
  const std::size_t number = at == std::string_view::npos
                                 ? options_.contacts_max
                                 : std::strtoul(request.body.data() + at + kNumberedName.size(), nullptr, 10);
  if (number < options_.contacts_max) {
    if (webhook->second.came[number]) ++came_twice_;
    webhook->second.came[number] = true;
    std::int64_t never = 0;
    arrivals_[number].compare_exchange_strong(never, came.time_since_epoch().count());
  }
  ++arrived_;
}

}  // namespace shakehook::bench
