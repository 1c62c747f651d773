#include "net/ares_channel.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <mutex>
#include <utility>

namespace shakehook {
namespace {

constexpr int kTryMs = 1000;
constexpr int kTries = 2;
constexpr Milliseconds kTimeToLiveMax = std::chrono::hours(24);

AresChannel::Found Collect(const ares_addrinfo& info) {
  AresChannel::Found found{.time_to_live = kTimeToLiveMax};
  std::vector<asio::ip::address> addresses_v6;
  const auto shorten = [&](int seconds) {
    found.time_to_live = std::min<Milliseconds>(found.time_to_live, std::chrono::seconds(std::max(seconds, 0)));
  };
  for (const ares_addrinfo_node* node = info.nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family == AF_INET) {
      sockaddr_in address;
      std::memcpy(&address, node->ai_addr, sizeof address);
      found.addresses.push_back(asio::ip::address_v4(ntohl(address.sin_addr.s_addr)));
    } else if (node->ai_family == AF_INET6) {
      sockaddr_in6 address;
      std::memcpy(&address, node->ai_addr, sizeof address);
      asio::ip::address_v6::bytes_type bytes;
      std::memcpy(bytes.data(), &address.sin6_addr, bytes.size());
      addresses_v6.push_back(asio::ip::address_v6(bytes));
    }
    shorten(node->ai_ttl);
  }
  for (const ares_addrinfo_cname* alias = info.cnames; alias != nullptr; alias = alias->next) shorten(alias->ttl);
  std::ranges::copy(addresses_v6, std::back_inserter(found.addresses));
  return found;
}

}  // namespace

struct AresChannel::Query {
  AresChannel& channel;
  Done done;

  static void OnDone(void* argument, int status, int /*timeouts*/, ares_addrinfo* info) {
    const std::unique_ptr<Query> query(static_cast<Query*>(argument));
    const std::unique_ptr<ares_addrinfo, void (*)(ares_addrinfo*)> owned(info, ares_freeaddrinfo);
    if (query->channel.closing_) return;
    if (status == ARES_SUCCESS && info != nullptr) {
      Found found = Collect(*info);
      if (!found.addresses.empty()) return query->done(std::move(found));
      status = ARES_ENODATA;
    }
    query->done(std::unexpected(status));
  }
};

AresChannel::AresChannel(Loop& loop, const std::string& servers) : loop_(loop) {
  static std::once_flag once;
  std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });

  ares_options options = {};
  options.timeout = kTryMs;
  options.tries = kTries;
  options.sock_state_cb_data = this;
  options.sock_state_cb = [](void* self, ares_socket_t socket, int readable, int writable) {
    static_cast<AresChannel*>(self)->OnSocketState(socket, readable != 0, writable != 0);
  };
  status_ = ares_init_options(&channel_, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
  if (status_ != ARES_SUCCESS) channel_ = nullptr;
  if (channel_ != nullptr && !servers.empty()) status_ = ares_set_servers_ports_csv(channel_, servers.c_str());
}

AresChannel::~AresChannel() {
  closing_ = true;
  if (timer_) loop_.Cancel(*timer_);
  if (channel_ != nullptr) ares_destroy(channel_);  // closes the sockets, through OnSocketState
}

void AresChannel::Lookup(const std::string& name, Done done) {
  if (status_ != ARES_SUCCESS) return done(std::unexpected(status_));
  ares_addrinfo_hints hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;  // else every address comes once for each kind of socket
  hints.ai_flags = ARES_AI_NOSORT;  // sorting opens a socket per address
  auto query = std::make_unique<Query>(*this, std::move(done));
  ares_getaddrinfo(channel_, name.c_str(), nullptr, &hints, &Query::OnDone, query.release());
  SetTimer();
}

void AresChannel::OnSocketState(ares_socket_t socket, bool readable, bool writable) {
  auto found = watches_.find(socket);
  if (!readable && !writable) {
    if (found == watches_.end()) return;
    found->second.descriptor.release();  // c-ares closes it
    watches_.erase(found);
    return;
  }
  if (found == watches_.end()) {
    found = watches_.emplace(socket, Watch{Descriptor(loop_.executor(), socket), ++watches_made_}).first;
  }
  found->second.wants_read = readable;
  found->second.wants_write = writable;
  Arm(socket);
}

void AresChannel::Arm(ares_socket_t socket) {
  const auto found = watches_.find(socket);
  if (found == watches_.end()) return;
  Watch& watch = found->second;
  const auto wait = [&](Descriptor::wait_type what) {
    watch.descriptor.async_wait(what,
                                [this, socket, number = watch.number, what](const boost::system::error_code& error) {
                                  if (error != asio::error::operation_aborted) OnReady(socket, number, what);
                                });
  };
  if (watch.wants_read && !std::exchange(watch.reading, true)) wait(Descriptor::wait_read);
  if (watch.wants_write && !std::exchange(watch.writing, true)) wait(Descriptor::wait_write);
}

void AresChannel::OnReady(ares_socket_t socket, std::uint64_t number, Descriptor::wait_type what) {
  const auto found = watches_.find(socket);
  if (found == watches_.end() || found->second.number != number) return;
  const bool read = what == Descriptor::wait_read;
  (read ? found->second.reading : found->second.writing) = false;
  ares_process_fd(channel_, read ? socket : ARES_SOCKET_BAD, read ? ARES_SOCKET_BAD : socket);
  Arm(socket);
  SetTimer();
}

void AresChannel::SetTimer() {
  if (timer_) loop_.Cancel(*timer_);
  timer_.reset();
  timeval wait = {};
  if (ares_timeout(channel_, nullptr, &wait) == nullptr) return;
  const auto delay = std::chrono::seconds(wait.tv_sec) + Microseconds(wait.tv_usec) + Milliseconds(1);
  timer_ = loop_.CallAt(loop_.clock().Steady() + delay, [this] {
    timer_.reset();
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    SetTimer();
  });
}

}  // namespace shakehook
