#include "net/connection_pool.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <utility>

namespace shakehook {
namespace {

constexpr Milliseconds kSweepInterval{1000};
constexpr std::size_t kIdleRequestBytesMax = 4 * 1024;  // a larger buffer is not kept for the next request

// Tells whether nothing has come since the last response, not even the end.
bool IsQuiet(Connection& connection) {
  if (connection.tls && connection.tls->HasUnread()) return false;
  char byte;
  const ssize_t got = recv(connection.socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

}  // namespace

ConnectionPool::~ConnectionPool() {
  if (timer_) loop_.Cancel(*timer_);
}

std::unique_ptr<Connection> ConnectionPool::Take(const TargetUrl& url) {
  Origins& origins = OriginsOf(url);
  const auto found = origins.find(std::string_view(url.host_header));
  if (found == origins.end()) return nullptr;
  std::vector<Idle>& idle = found->second;
  const SteadyTime now = loop_.clock().Steady();
  while (!idle.empty()) {
    Idle last = std::move(idle.back());
    idle.pop_back();
    --idle_;
    if (now < last.usable_until && IsQuiet(*last.connection)) return std::move(last.connection);
  }
  return nullptr;
}

void ConnectionPool::Give(const TargetUrl& url, std::unique_ptr<Connection> connection) {
  const SteadyTime now = loop_.clock().Steady();
  ResponseReader& reader = connection->reader;
  Milliseconds time = kIdleTimeMax;
  if (reader.keep_alive_timeout()) time = std::min(time, *reader.keep_alive_timeout() - kIdleTimeMargin);
  if (!reader.reusable() || time <= Milliseconds(0) || now - connection->opened_at >= kAgeMax) return;

  reader.Reset();
  if (connection->out.capacity() > kIdleRequestBytesMax) connection->out = {};
  Origins& origins = OriginsOf(url);
  auto found = origins.find(std::string_view(url.host_header));
  if (found == origins.end()) found = origins.emplace(url.host_header, std::vector<Idle>()).first;
  if (found->second.size() >= kIdleOfOriginMax) return;
  if (idle_ >= kIdleMax) CloseOne();
  found->second.push_back({.connection = std::move(connection), .usable_until = now + time});
  ++idle_;
  SetTimer();
}

void ConnectionPool::CloseOne() {
  for (Origins& origins : origins_) {
    const auto any = std::ranges::find_if(origins, [](const auto& origin) { return !origin.second.empty(); });
    if (any == origins.end()) continue;
    any->second.erase(any->second.begin());
    --idle_;
    return;
  }
}

void ConnectionPool::SetTimer() {
  if (!timer_) timer_ = loop_.CallAt(loop_.clock().Steady() + kSweepInterval, [this] { Sweep(); });
}

void ConnectionPool::Sweep() {
  timer_.reset();
  const SteadyTime now = loop_.clock().Steady();
  for (Origins& origins : origins_) {
    for (auto origin = origins.begin(); origin != origins.end();) {
      std::vector<Idle>& idle = origin->second;
      idle_ -= std::erase_if(idle, [now](const Idle& each) { return each.usable_until <= now; });
      origin = idle.empty() ? origins.erase(origin) : std::next(origin);
    }
  }
  if (idle_ > 0) SetTimer();
}

}  // namespace shakehook
