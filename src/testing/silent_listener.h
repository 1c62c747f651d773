// SilentListener is a TCP port that neither accepts a connection nor refuses one: its queue is full.
//
// Threads: it has none; it only holds sockets.
#pragma once

#include <array>
#include <cstdint>

namespace shakehook {

class SilentListener {
 public:
  // `address` is an IPv4 text; port 0 is any free one.
  SilentListener(const char* address, std::uint16_t port);
  ~SilentListener();
  SilentListener(const SilentListener&) = delete;
  SilentListener& operator=(const SilentListener&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  int listener_;
  std::array<int, 4> fill_;  // connections that nobody accepts
  std::uint16_t port_ = 0;
};

}  // namespace shakehook
