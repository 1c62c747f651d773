#include "net/tls_trust.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "net/system_trust.h"
#include "net/tls_stream.h"

namespace shakehook {

TlsTrust::TlsTrust() : state_(std::make_unique<State>()) {}
TlsTrust::~TlsTrust() = default;

std::expected<std::shared_ptr<TlsTrust>, std::string> TlsTrust::Load(const std::string& ca_file) {
  std::shared_ptr<TlsTrust> trust(new TlsTrust);
  SSL_CTX* context = trust->state().context.native_handle();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  // A handshake costs the client more than a server that asks for further ones (TLS 1.2; 1.3 has none).
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  // A certificate that the operator names is trusted, whether it is a root or not.
  X509_STORE_set_flags(SSL_CTX_get_cert_store(context), X509_V_FLAG_PARTIAL_CHAIN);
  LoadSystemTrust(context);
  ERR_clear_error();
  TlsStream::SetUp(context);
  if (!ca_file.empty() && SSL_CTX_load_verify_locations(context, ca_file.c_str(), nullptr) != 1) {
    const unsigned long error = ERR_peek_last_error();
    const char* reason = ERR_SYSTEM_ERROR(error) ? nullptr : ERR_reason_error_string(error);
    ERR_clear_error();
    return std::unexpected("cannot read certificates in PEM form from " + ca_file +
                           (reason ? " (" + std::string(reason) + ")" : ""));
  }
  return trust;
}

}  // namespace shakehook
