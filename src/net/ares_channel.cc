#include "net/ares_channel.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <span>
#include <utility>

namespace shakehook {
namespace {

constexpr std::size_t kAddressesMax = 32;
constexpr Milliseconds kTimeToLiveMax = std::chrono::hours(24);

int TypeNumber(DnsType type) {
  switch (type) {
    case DnsType::kA:
      return 1;
    case DnsType::kAaaa:
      return 28;
    case DnsType::kNameServers:
      return 2;
  }
  return 1;
}

Milliseconds TimeToLive(int seconds) {
  return std::clamp<Milliseconds>(std::chrono::seconds(seconds), Milliseconds(0), kTimeToLiveMax);
}

AresChannel::Answer Read(DnsType type, std::span<const unsigned char> bytes) {
  AresChannel::Answer answer{.time_to_live = kTimeToLiveMax};
  const int size = static_cast<int>(bytes.size());
  int count = kAddressesMax;
  if (type == DnsType::kA) {
    std::array<ares_addrttl, kAddressesMax> found{};
    answer.status = ares_parse_a_reply(bytes.data(), size, nullptr, found.data(), &count);
    for (const ares_addrttl& each : std::span(found).first(answer.status == ARES_SUCCESS ? count : 0)) {
      answer.addresses.push_back(asio::ip::address_v4(ntohl(each.ipaddr.s_addr)));
      answer.time_to_live = std::min(answer.time_to_live, TimeToLive(each.ttl));
    }
  } else if (type == DnsType::kAaaa) {
    std::array<ares_addr6ttl, kAddressesMax> found{};
    answer.status = ares_parse_aaaa_reply(bytes.data(), size, nullptr, found.data(), &count);
    for (const ares_addr6ttl& each : std::span(found).first(answer.status == ARES_SUCCESS ? count : 0)) {
      asio::ip::address_v6::bytes_type address;
      std::memcpy(address.data(), &each.ip6addr, address.size());
      answer.addresses.push_back(asio::ip::address_v6(address));
      answer.time_to_live = std::min(answer.time_to_live, TimeToLive(each.ttl));
    }
  }
  if (type != DnsType::kNameServers && answer.status == ARES_SUCCESS && answer.addresses.empty()) {
    answer.status = ARES_ENODATA;
  }
  return answer;
}

}  // namespace

struct AresChannel::Query {
  AresChannel& channel;
  DnsType type;
  Done done;

  static void OnDone(void* argument, int status, int /*timeouts*/, unsigned char* bytes, int size) {
    const std::unique_ptr<Query> query(static_cast<Query*>(argument));
    if (query->channel.closing_) return;
    Answer answer{.status = status};
    if (status == ARES_SUCCESS) answer = Read(query->type, {bytes, static_cast<std::size_t>(size)});
    query->done(std::move(answer));
  }
};

AresChannel::AresChannel(Loop& loop, const ResolverSettings::Server& server, Protocol protocol) : loop_(loop) {
  static std::once_flag once;
  std::call_once(once, [] { ares_library_init(ARES_LIB_INIT_ALL); });

  ares_options options = {};
  // Answers are passed on as they are: one server's failure is not hidden behind "no more servers".
  options.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP;
  if (protocol == Protocol::kTcp) options.flags |= ARES_FLAG_USEVC;
  options.timeout = static_cast<int>(kAnswerTime.count());
  options.tries = 1;
  options.sock_state_cb_data = this;
  options.sock_state_cb = [](void* self, ares_socket_t socket, int readable, int writable) {
    static_cast<AresChannel*>(self)->OnSocketState(socket, readable != 0, writable != 0);
  };
  char lookups[] = "b";  // the server, no file
  char no_settings[] = "/dev/null";
  options.lookups = lookups;
  options.resolvconf_path = no_settings;
  status_ = ares_init_options(&channel_, &options,
                              ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB |
                                  ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF);
  if (status_ != ARES_SUCCESS) {
    channel_ = nullptr;
    return;
  }
  ares_addr_port_node node = {};
  node.udp_port = node.tcp_port = server.port;
  if (server.address.is_v4()) {
    node.family = AF_INET;
    const auto bytes = server.address.to_v4().to_bytes();
    std::memcpy(&node.addr, bytes.data(), bytes.size());
  } else {
    node.family = AF_INET6;
    const auto bytes = server.address.to_v6().to_bytes();
    std::memcpy(&node.addr, bytes.data(), bytes.size());
    zone_ = static_cast<unsigned>(server.address.to_v6().scope_id());
  }
  status_ = ares_set_servers_ports(channel_, &node);
  if (zone_ == 0) return;
  ares_set_socket_configure_callback(
      channel_,
      [](ares_socket_t socket, int /*type*/, void* self) {
        return static_cast<const AresChannel*>(self)->BindToZone(socket);
      },
      this);
}

AresChannel::~AresChannel() {
  closing_ = true;
  if (timer_) loop_.Cancel(*timer_);
  if (channel_ != nullptr) ares_destroy(channel_);  // closes the sockets, through OnSocketState
}

void AresChannel::Ask(const std::string& name, DnsType type, Done done) {
  if (status_ != ARES_SUCCESS) return done({.status = status_});
  auto query = std::make_unique<Query>(*this, type, std::move(done));
  ares_query(channel_, name.c_str(), 1, TypeNumber(type), &Query::OnDone, query.release());
  SetTimer();
}

// c-ares gives connect() no zone; a socket that is bound to the interface needs none.
int AresChannel::BindToZone(ares_socket_t socket) const {
  const auto index = static_cast<int>(zone_);
  return ::setsockopt(socket, SOL_SOCKET, SO_BINDTOIFINDEX, &index, sizeof index);
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
