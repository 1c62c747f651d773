// The certificates of the authorities that this system trusts. OpenSSL knows one place, that of the system which it was
// built for; the program may run on another, so the places of the usual ones are tried where that one is missing.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace shakehook {

// The file or folder that LoadSystemTrust takes first: what SSL_CERT_FILE or SSL_CERT_DIR names, OpenSSL's own place,
// or the first of the usual places where neither variable is set. Empty: none is there.
std::string FindSystemTrust();

// Has the context trust what is there. Without any certificate it trusts nobody.
void LoadSystemTrust(SSL_CTX* context);

}  // namespace shakehook
