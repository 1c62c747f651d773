// TlsStream is TLS over a connected socket: it verifies the server's certificate for the URL's host, resumes sessions,
// and says in plain words why a handshake failed.
//
// Ownership: the socket, the trust and the sessions outlive it.
// Threads:   lives on its connection's loop.
#pragma once

#include <openssl/ssl.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <string>

#include "base/loop.h"
#include "net/http_client.h"
#include "net/target_url.h"
#include "net/tls_sessions.h"

namespace shakehook {

class TlsStream {
 public:
  using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

  // Sets up a context so that streams can be made from it. Once for each context.
  static void SetUp(SSL_CTX* context);

  // Says who is at the other end: a server whose certificate is verified, or this very server, by an address that its
  // certificate need not be made out for.
  enum class Peer : std::uint8_t { kOther, kThisServer };

  TlsStream(Socket& socket, TlsTrust& trust, TlsSessions& sessions, const TargetUrl& url, Peer peer);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // Used by handshake, read and write.
  asio::ssl::stream<Socket&>& stream() { return stream_; }

  // Tells whether bytes came that were not read yet, apart from those that are still in the socket.
  bool HasUnread();

  // Returns why the handshake, or a later read, ended with `error`.
  std::string Explain(const boost::system::error_code& error) const;

 private:
  static int OnVerify(int accepted, X509_STORE_CTX* store);
  static int OnNewSession(SSL* ssl, SSL_SESSION* session);

  asio::ssl::stream<Socket&> stream_;
  TlsSessions& sessions_;
  const std::string host_;
  const std::string origin_;
  const std::uint16_t port_;
  std::string certificate_failure_;
};

}  // namespace shakehook
