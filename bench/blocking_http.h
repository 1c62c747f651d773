// Just enough HTTP/1.1 over blocking sockets to measure with: no loop, no timer and no allocation worth speaking of
// stand between the kernel and the clock. What goes wrong ends the program.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace shakehook::bench {

using Time = std::chrono::steady_clock::time_point;

// Says what failed, with errno's reason, and exits.
[[noreturn]] void Fail(std::string_view what);

// One message as it came.
struct Message {
  std::string head;  // with its empty line
  std::string body;
  Time came;  // its first byte was there
};

// A connected socket. Blocking; one thread.
class Socket {
 public:
  explicit Socket(int descriptor);
  Socket(Socket&& other) noexcept : descriptor_(other.descriptor_), rest_(std::move(other.rest_)) {
    other.descriptor_ = -1;
  }
  Socket& operator=(Socket&&) = delete;
  ~Socket();

  static Socket Connect(std::uint16_t port);

  void Write(std::string_view bytes);
  // The next message, its body by Content-Length. Its head is empty when the other side has closed.
  Message Read();

 private:
  bool ReadMore();

  int descriptor_;
  std::string rest_;
};

// Listens on a free loopback port.
class Listener {
 public:
  Listener();
  std::uint16_t port() const { return port_; }
  Socket Accept();

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace shakehook::bench
