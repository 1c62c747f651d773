#include "net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <utility>

#include "base/check.h"
#include "net/certificate_failure.h"
#include "net/tls_trust.h"

namespace shakehook {
namespace {

constexpr unsigned char kProtocols[] = "\x08http/1.1";  // ALPN

// The index at which an SSL object keeps its TlsStream.
int StreamIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

}  // namespace

void TlsStream::SetUp(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, &TlsStream::OnNewSession);
  CHECK(SSL_CTX_set_alpn_protos(context, kProtocols, sizeof kProtocols - 1) == 0);
}

TlsStream::TlsStream(Socket& socket, TlsTrust& trust, TlsSessions& sessions, const TargetUrl& url, Peer peer)
    : stream_(socket, trust.state().context),
      sessions_(sessions),
      host_(url.host),
      origin_(url.host_header),
      port_(url.port) {
  SSL* ssl = stream_.native_handle();
  CHECK(SSL_set_ex_data(ssl, StreamIndex(), this) == 1);
  if (peer == Peer::kThisServer) return;
  SSL_set_verify(ssl, SSL_VERIFY_PEER, &TlsStream::OnVerify);
  if (AddressLiteral(host_)) {
    CHECK(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host_.c_str()) == 1);
  } else {
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    CHECK(SSL_set1_host(ssl, host_.c_str()) == 1);
    CHECK(SSL_set_tlsext_host_name(ssl, host_.c_str()) == 1);
  }
  if (const TlsSession session = sessions_.Take(origin_)) SSL_set_session(ssl, session.get());
}

// OpenSSL treats a connection that ends without a close_notify as broken, and does not resume its session.
TlsStream::~TlsStream() { SSL_set_shutdown(stream_.native_handle(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); }

int TlsStream::OnVerify(int accepted, X509_STORE_CTX* store) {
  if (accepted == 1) return 1;
  auto* ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto* self = static_cast<TlsStream*>(SSL_get_ex_data(ssl, StreamIndex()));
  self->certificate_failure_ = shakehook::Explain({.error = X509_STORE_CTX_get_error(store),
                                                   .depth = X509_STORE_CTX_get_error_depth(store),
                                                   .certificate = X509_STORE_CTX_get_current_cert(store),
                                                   .host = self->host_});
  return 0;
}

int TlsStream::OnNewSession(SSL* ssl, SSL_SESSION* session) {
  auto* self = static_cast<TlsStream*>(SSL_get_ex_data(ssl, StreamIndex()));
  self->sessions_.Put(self->origin_, TlsSession(session));
  return 1;  // the session is ours now
}

bool TlsStream::HasUnread() {
  SSL* ssl = stream_.native_handle();
  return SSL_has_pending(ssl) == 1 || BIO_ctrl_pending(SSL_get_rbio(ssl)) > 0;
}

std::string TlsStream::Explain(const boost::system::error_code& error) const {
  if (!certificate_failure_.empty()) return certificate_failure_;
  const std::string port = std::to_string(port_);
  if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) {
    return "The server closed the connection during the TLS handshake.";
  }
  if (error == asio::error::connection_reset || error == asio::error::broken_pipe) {
    return "The server reset the connection during the TLS handshake.";
  }
  if (error.category() != asio::error::get_ssl_category()) return "The TLS connection failed.";

  const auto code = static_cast<unsigned long>(error.value());
  switch (ERR_GET_REASON(code)) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_RECORD_LENGTH_MISMATCH:
      return "Port " + port + " does not speak TLS.";
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return "The server has no version of TLS that is still safe (1.2 or 1.3).";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return "The server refused the TLS handshake: it has no cipher in common, or knows no such host.";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME:
      return "The server has no certificate for " + host_ + ".";
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
      return "The server wants a client certificate.";
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      return "The server closed the connection during the TLS handshake.";
    default: {
      const char* reason = ERR_reason_error_string(code);
      return "The TLS connection failed (" + std::string(reason ? reason : "unknown reason") + ").";
    }
  }
}

}  // namespace shakehook
