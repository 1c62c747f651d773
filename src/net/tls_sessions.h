// TlsSessions keeps the data for resuming a TLS session with a server, so that the next connection to it costs one
// round trip and no certificate less. Sessions are kept by origin and used once, as RFC 8446 advises.
//
// Threads: lives on its loop.
// Loss:    a cache; forgetting costs a full handshake.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <unordered_map>

namespace shakehook {

struct FreeTlsSession {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using TlsSession = std::unique_ptr<SSL_SESSION, FreeTlsSession>;

class TlsSessions {
 public:
  static constexpr std::size_t kSessionsMax = 1024;

  // `origin` is the host and port that the session's certificate was verified for. The newest is kept.
  void Put(const std::string& origin, TlsSession session);
  // Returns null if there is none.
  TlsSession Take(const std::string& origin);

 private:
  std::unordered_map<std::string, TlsSession> sessions_;
};

}  // namespace shakehook
