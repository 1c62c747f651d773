// RequestRecorder listens on a free loopback port and keeps the very bytes of each request. It answers 204.
//
// Threads: lives on its loop, and is destroyed before it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "base/loop.h"

namespace shakehook {

class RequestRecorder {
 public:
  explicit RequestRecorder(Loop& loop);

  std::uint16_t port() const { return port_; }
  // Whole requests, head and body, in the order they came.
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

  Async<> Accept();
  Async<> Serve(Socket socket);

  Loop& loop_;
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> acceptor_;
  std::uint16_t port_;
  std::vector<std::string> requests_;
};

}  // namespace shakehook
