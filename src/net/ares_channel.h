// AresChannel asks one name server, with c-ares on a Loop: it watches the sockets that c-ares opens, and calls it when
// one is ready or a query's time is up. NameServers decides which server is asked, when, and what its silence means.
//
// Ownership: the Loop outlives it.
// Threads:   lives on its loop, is destroyed after that loop ended, or outside of its own callbacks.
#pragma once

#include <ares.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.h"
#include "net/resolver_settings.h"

namespace shakehook {

enum class DnsType { kA, kAaaa, kNameServers };

class AresChannel {
 public:
  struct Answer {
    int status = ARES_SUCCESS;                 // a c-ares status; ARES_ETIMEOUT: no answer came within kAnswerTime
    std::vector<asio::ip::address> addresses;  // not empty if `status` is ARES_SUCCESS and addresses were asked for
    Milliseconds time_to_live{0};              // the shortest
  };
  using Done = std::move_only_function<void(Answer)>;

  static constexpr Milliseconds kAnswerTime{3000};

  enum class Protocol { kUdp, kTcp };  // an answer that does not fit into UDP is asked for over TCP
  AresChannel(Loop& loop, const ResolverSettings::Server& server, Protocol protocol);
  ~AresChannel();
  AresChannel(const AresChannel&) = delete;
  AresChannel& operator=(const AresChannel&) = delete;

  // Sends one question once, with `name` as it is. Calls `done` once, possibly before it returns; drops it unused when
  // the channel is destroyed. `done` must not destroy the channel.
  void Ask(const std::string& name, DnsType type, Done done);

 private:
  using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
  // A socket of c-ares. The number distinguishes it from an earlier socket with the same descriptor.
  struct Watch {
    Descriptor descriptor;
    std::uint64_t number;
    bool wants_read = false, wants_write = false;  // as c-ares asks for
    bool reading = false, writing = false;         // a wait is under way
  };
  struct Query;

  int BindToZone(ares_socket_t socket) const;
  void OnSocketState(ares_socket_t socket, bool readable, bool writable);
  void Arm(ares_socket_t socket);
  void OnReady(ares_socket_t socket, std::uint64_t number, Descriptor::wait_type what);
  void SetTimer();

  Loop& loop_;
  ares_channel channel_ = nullptr;
  int status_ = ARES_SUCCESS;  // the result of setting the channel up
  unsigned zone_ = 0;          // the interface that a link-local server is behind; 0: none
  bool closing_ = false;
  std::map<ares_socket_t, Watch> watches_;
  std::uint64_t watches_made_ = 0;
  std::optional<Loop::TimerKey> timer_;
};

}  // namespace shakehook
