// Says why a server's certificate was not accepted, so that the owner of the endpoint can correct it.
#pragma once

#include <openssl/x509.h>

#include <string>
#include <string_view>

namespace shakehook {

struct CertificateFailure {
  int error = X509_V_OK;        // X509_V_ERR_...
  int depth = 0;                // 0: the server's own certificate, more: its issuers
  X509* certificate = nullptr;  // may be null
  std::string_view host;        // as in the URL
};

// Returns one or two sentences. Names from the certificate are cut and reduced to visible ASCII: a stranger wrote them.
std::string Explain(const CertificateFailure& failure);

}  // namespace shakehook
