// TlsServerStream is the server's side of TLS over an accepted socket that does not block. It reads and writes what the
// socket has and takes at once, and tells what to wait for; the connection waits.
//
// OpenSSL reads and writes the socket itself, with no buffers between: a connection that is idle holds those of nobody.
//
// Ownership: the socket outlives it. A socket that was closed meanwhile is a connection that has ended.
// Threads:   lives on its connection's loop.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/loop.h"
#include "net/server_certificate.h"

namespace shakehook {

class TlsServerStream {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
  static constexpr std::size_t kRecordBytesMax = 16 * 1024;  // RFC 8446, section 5.1

  enum class State : std::uint8_t {
    kDone,       // some of it, or the handshake, is done
    kAwaitRead,  // to be called again when the socket can be read
    kAwaitWrite,
    kEnd,  // the client has ended the connection, or it has failed
  };
  struct Progress {
    State state = State::kEnd;
    std::size_t bytes = 0;  // with kDone
  };

  // Throws std::bad_alloc.
  TlsServerStream(Socket& socket, const ServerCertificate& certificate);

  State Handshake();
  // Tells whether the handshake failed because the client speaks HTTP without TLS.
  bool client_speaks_http() const { return client_speaks_http_; }

  // Tells whether OpenSSL holds a record that has not come whole, after a Read that returned kAwaitRead.
  bool HasPartOfRecord() const { return SSL_has_pending(ssl_.get()) == 1; }

  // `space` is not empty.
  Progress Read(std::span<char> space);
  // Writes one record. If it cannot, the next call is for the same bytes. Precondition: `bytes` is not empty.
  Progress Write(std::string_view bytes);
  // Tells the client that nothing more comes, so that it can tell the end from a connection that was cut.
  void SayEnd();

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  State StateAfter(int returned);

  const std::unique_ptr<SSL, Free> ssl_;
  bool failed_ = false;
  bool client_speaks_http_ = false;
};

}  // namespace shakehook
