// AresChannel runs c-ares on a Loop: it watches the sockets that c-ares opens, and calls it when one is ready or a
// query's time is up. A silent name server costs 1 s, then 2 s at the second try.
//
// Ownership: the Loop outlives it.
// Threads:   lives on its loop, is destroyed after that loop ended.
#pragma once

#include <ares.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <expected>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/loop.h"

namespace shakehook {

class AresChannel {
 public:
  struct Found {
    std::vector<asio::ip::address> addresses;  // not empty; IPv4 first
    Milliseconds time_to_live{0};              // the shortest
  };
  // The error is a status of c-ares (ARES_ENOTFOUND and so on).
  using Result = std::expected<Found, int>;
  using Done = std::move_only_function<void(Result)>;

  // `servers` is "127.0.0.1:5353,..."; empty: the system's.
  AresChannel(Loop& loop, const std::string& servers);
  ~AresChannel();
  AresChannel(const AresChannel&) = delete;
  AresChannel& operator=(const AresChannel&) = delete;

  // Both address families. Calls `done` once, possibly before it returns; drops it unused when the channel is
  // destroyed. `done` must not destroy the channel.
  void Lookup(const std::string& name, Done done);

 private:
  using Descriptor = asio::posix::basic_stream_descriptor<Executor>;
  // A socket of c-ares. The number tells it from one that had the same descriptor before.
  struct Watch {
    Descriptor descriptor;
    std::uint64_t number;
    bool wants_read = false, wants_write = false;  // of c-ares
    bool reading = false, writing = false;         // a wait is under way
  };
  struct Query;

  void OnSocketState(ares_socket_t socket, bool readable, bool writable);
  void Arm(ares_socket_t socket);
  void OnReady(ares_socket_t socket, std::uint64_t number, Descriptor::wait_type what);
  void SetTimer();

  Loop& loop_;
  ares_channel channel_ = nullptr;
  int status_ = ARES_SUCCESS;  // of setting the channel up
  bool closing_ = false;
  std::map<ares_socket_t, Watch> watches_;
  std::uint64_t watches_made_ = 0;
  std::optional<Loop::TimerKey> timer_;
};

}  // namespace shakehook
