#include "net/server_certificate.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "base/check.h"
#include "base/result.h"

namespace shakehook {
namespace {

using Failure = ServerCertificate::Failure;
using Of = Failure::Of;

constexpr std::size_t kFileBytesMax = 1024 * 1024;
constexpr std::size_t kChainMax = 16;
// Suites of TLS 1.2 without forward secrecy or authenticated encryption are left out; those of 1.3 all have both.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr unsigned char kHttp11[] = "\x08http/1.1";

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

std::expected<std::string, std::string> ReadFile(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::unexpected("cannot read " + path + ": " + std::strerror(errno));
  std::string text(kFileBytesMax + 1, '\0');
  std::size_t bytes = 0;
  ssize_t got = 1;
  while (got > 0 && bytes < text.size()) {
    got = ::read(file, text.data() + bytes, text.size() - bytes);
    if (got > 0) bytes += static_cast<std::size_t>(got);
  }
  const int error = errno;
  ::close(file);
  if (got < 0) return std::unexpected("cannot read " + path + ": " + std::strerror(error));
  if (bytes > kFileBytesMax) return std::unexpected(path + " is larger than 1 MiB");
  text.resize(bytes);
  return text;
}

Bio BioOf(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

// No terminal is asked for a passphrase.
int NoPassphrase(char*, int, int, void*) { return -1; }

Timestamp EndOf(const X509* certificate) {
  std::tm time{};
  CHECK(ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) == 1);
  return FromUnixMs(static_cast<std::int64_t>(::timegm(&time)) * 1000);
}

std::string LastReason() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason != nullptr ? " (" + std::string(reason) + ")" : "";
}

// Gives the certificates of the file to the context. Returns the earliest end of them.
std::expected<Timestamp, std::string> UseCertificates(SSL_CTX* context, const std::string& path) {
  const auto text = ReadFile(path);
  if (!text) return std::unexpected(text.error());
  const Bio bio = BioOf(*text);
  Timestamp end = Timestamp::max();
  std::size_t count = 0;
  for (; count < kChainMax; ++count) {
    const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
    if (!certificate) break;
    const int used = count == 0 ? SSL_CTX_use_certificate(context, certificate.get())
                                : static_cast<int>(SSL_CTX_add1_chain_cert(context, certificate.get()));
    if (used != 1) return std::unexpected("the certificate in " + path + " cannot be used" + LastReason());
    end = std::min(end, EndOf(certificate.get()));
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count == 0) return std::unexpected(path + " holds no certificate in PEM form");
  if (!at_end) return std::unexpected("a certificate in " + path + " cannot be read" + LastReason());
  return end;
}

std::expected<Done, std::string> UseKey(SSL_CTX* context, const ServerCertificate::Files& files) {
  auto text = ReadFile(files.key);
  if (!text) return std::unexpected(text.error());
  const bool encrypted = text->find("ENCRYPTED") != std::string::npos;
  const Key key(PEM_read_bio_PrivateKey(BioOf(*text).get(), nullptr, NoPassphrase, nullptr));
  OPENSSL_cleanse(text->data(), text->size());
  if (!key && encrypted) {
    return std::unexpected("the key in " + files.key + " is encrypted: it must be without a passphrase");
  }
  if (!key) return std::unexpected(files.key + " holds no private key in PEM form");
  // The certificate's key was of another kind, or is another one of the same kind.
  if (X509_check_private_key(SSL_CTX_get0_certificate(context), key.get()) != 1) {
    return std::unexpected("the key in " + files.key + " does not belong to the certificate in " + files.certificate);
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    return std::unexpected("the key in " + files.key + " cannot be used" + LastReason());
  }
  return Done{};
}

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* chosen_bytes, const unsigned char* offered,
                   unsigned offered_bytes, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, chosen_bytes, kHttp11, sizeof kHttp11 - 1, offered, offered_bytes) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

void SetUp(SSL_CTX* context) {
  CHECK(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
  CHECK(SSL_CTX_set_cipher_list(context, kCiphers) == 1);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // A read returns after each record that carries no data: a client that sends nothing else gets no turn of its own.
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
}

}  // namespace

std::expected<std::shared_ptr<const ServerCertificate>, Failure> ServerCertificate::Load(const Files& files) {
  ERR_clear_error();
  Context context(SSL_CTX_new(TLS_server_method()));
  CHECK(context != nullptr);
  SetUp(context.get());
  const auto expires_at = UseCertificates(context.get(), files.certificate);
  ERR_clear_error();
  if (!expires_at) return std::unexpected(Failure{Of::kCertificate, expires_at.error()});
  auto used = UseKey(context.get(), files);
  ERR_clear_error();
  if (!used) return std::unexpected(Failure{Of::kKey, std::move(used.error())});
  return std::shared_ptr<const ServerCertificate>(new ServerCertificate(std::move(context), *expires_at));
}

bool ServerCertificate::Covers(const std::string& host) const {
  X509* const certificate = SSL_CTX_get0_certificate(context_.get());
  if (X509_check_ip_asc(certificate, host.c_str(), 0) == 1) return true;
  return X509_check_host(certificate, host.data(), host.size(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS, nullptr) == 1;
}

}  // namespace shakehook
