// A TLS client on the connection of a RawClient, for the tests of HttpServer, and certificates in files. For tests
// only.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_server_fixture.h"
#include "net/server_certificate.h"
#include "testing/certificates.h"
#include "testing/temporary_folder.h"

namespace shakehook {

// A folder with a certificate and its key.
class CertificateFiles {
 public:
  explicit CertificateFiles(const TlsIdentity& identity) {
    Write(files.certificate, identity.certificate);
    Write(files.key, identity.key);
  }

  static void Write(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::trunc | std::ios::binary) << text;
  }
  std::shared_ptr<const ServerCertificate> Load() const { return ServerCertificate::Load(files).value(); }

  TemporaryFolder folder;
  ServerCertificate::Files files{.certificate = folder.File("server.pem"), .key = folder.File("server.key")};
};

class TlsClient {
 public:
  struct Options {
    int version_max = 0;    // 0: the newest
    std::string protocols;  // ALPN, as it goes over the wire
  };

  explicit TlsClient(HttpService& service) : TlsClient(service, Options()) {}
  TlsClient(HttpService& service, const Options& options) : raw(service), context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_max_proto_version(context_.get(), options.version_max);
    if (!options.protocols.empty()) {
      SSL_CTX_set_alpn_protos(context_.get(), reinterpret_cast<const unsigned char*>(options.protocols.data()),
                              static_cast<unsigned>(options.protocols.size()));
    }
    ssl_.reset(SSL_new(context_.get()));
    in_ = BIO_new(BIO_s_mem());
    out_ = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl_.get(), in_, out_);
    SSL_set_connect_state(ssl_.get());
  }

  // Returns false if the server ended the connection, or said nothing more.
  bool Handshake() {
    for (int flights = 0; flights < 8; ++flights) {
      ERR_clear_error();
      const bool done = SSL_do_handshake(ssl_.get()) == 1;
      Flush();
      if (done) return true;
      const std::string came = raw.Receive();
      if (came.empty()) return false;
      BIO_write(in_, came.data(), static_cast<int>(came.size()));
    }
    return false;
  }
  void Send(std::string_view text) {
    SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    Flush();
  }
  // Returns the bytes on the wire in place of sending them.
  std::string Encrypt(std::string_view text) {
    SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size()));
    return Encrypted();
  }
  // All that comes until the server closes or nothing more comes.
  std::string Receive() {
    const std::string came = raw.Receive();
    BIO_write(in_, came.data(), static_cast<int>(came.size()));
    std::string text;
    std::array<char, 16 * 1024> piece;
    for (;;) {
      ERR_clear_error();
      const int bytes = SSL_read(ssl_.get(), piece.data(), piece.size());
      if (bytes <= 0) return text;
      text.append(piece.data(), static_cast<std::size_t>(bytes));
    }
  }
  std::string Ask(std::string_view request) {
    Send(request);
    return Receive();
  }
  // The server has said that nothing more comes.
  bool told_end() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
  SSL* ssl() { return ssl_.get(); }
  // "CN = shakehook.test"
  std::string CommonName() const {
    const std::unique_ptr<X509, void (*)(X509*)> shown(SSL_get1_peer_certificate(ssl_.get()), X509_free);
    std::array<char, 256> name{};
    if (shown) X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name.data(), name.size());
    return name.data();
  }
  void Flush() { raw.Send(Encrypted()); }

  RawClient raw;

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  std::string Encrypted() {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(out_, &bytes);
    std::string encrypted(bytes, static_cast<std::size_t>(size));
    BIO_reset(out_);
    return encrypted;
  }

  const std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  BIO *in_ = nullptr, *out_ = nullptr;  // the SSL owns them
};

}  // namespace shakehook
