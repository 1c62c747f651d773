// Connection is one TCP connection to an origin, plain or TLS, with the buffers that its requests and responses use.
//
// Ownership: its socket and buffers. The running exchange owns its connection, the pool owns idle ones.
// Threads:   lives on one loop.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <utility>

#include "base/loop.h"
#include "net/response_reader.h"
#include "net/tls_stream.h"

namespace shakehook {

struct Connection {
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

  explicit Connection(Socket connected) : socket(std::move(connected)) {}

  Socket socket;
  std::unique_ptr<TlsStream> tls;  // null: plain
  std::string out;                 // the request's head; with TLS the body too
  ResponseReader reader;
  SteadyTime opened_at;
};

}  // namespace shakehook
