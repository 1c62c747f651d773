// ServerCertificate is what the server shows to clients that speak TLS: a certificate with its chain, and the key to
// it, ready for handshakes. TLS 1.2 and 1.3, http/1.1 alone by ALPN, no renegotiation; no session is resumed, because
// clients keep their connections, and the keys for resuming would have to be renewed to keep recorded traffic secret.
//
// Threads: immutable; from any thread.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <string>

#include "base/time.h"

namespace shakehook {

class ServerCertificate {
 public:
  // Both in PEM form.
  struct Files {
    std::string certificate;  // the server's own first, then those between it and the authority
    std::string key;          // without a passphrase
  };
  struct Failure {
    enum class Of : std::uint8_t { kCertificate, kKey };
    Of of = Of::kCertificate;
    std::string reason;  // names the file
  };

  static std::expected<std::shared_ptr<const ServerCertificate>, Failure> Load(const Files& files);

  // Returns when clients cease to accept it: the earliest end of its chain.
  Timestamp expires_at() const { return expires_at_; }
  // Tells whether it is made out for the host, a lowercase name or an address.
  bool Covers(const std::string& host) const;

  SSL_CTX* context() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  using Context = std::unique_ptr<SSL_CTX, Free>;

  ServerCertificate(Context context, Timestamp expires_at) : context_(std::move(context)), expires_at_(expires_at) {}

  const Context context_;
  const Timestamp expires_at_;
};

}  // namespace shakehook
