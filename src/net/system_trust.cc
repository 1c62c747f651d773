#include "net/system_trust.h"

#include <openssl/x509.h>

#include <array>
#include <filesystem>

#include "base/environment_variable.h"

namespace shakehook {
namespace {

constexpr std::array<const char*, 8> kUsualPlaces = {
    "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch, Gentoo
    "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, RHEL, Amazon Linux
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL 7 and newer, where the one above is taken away
    "/etc/ssl/ca-bundle.pem",                             // openSUSE
    "/etc/pki/tls/cacert.pem",                            // OpenELEC
    "/etc/ssl/cert.pem",                                  // Alpine
    "/etc/ssl/certs",                                     // folders, with a name by hash for each certificate
    "/etc/pki/tls/certs",
};

bool HoldsSomething(const std::filesystem::path& place) {
  std::error_code error;
  return std::filesystem::exists(place, error) && !std::filesystem::is_empty(place, error) && !error;
}

// The place that OpenSSL itself takes.
std::string OpenSslPlace() {
  for (const std::string& place :
       {EnvironmentVariable(X509_get_default_cert_file_env()).value_or(X509_get_default_cert_file()),
        EnvironmentVariable(X509_get_default_cert_dir_env()).value_or(X509_get_default_cert_dir())}) {
    if (HoldsSomething(place)) return place;
  }
  return "";
}

std::string UsualPlace() {
  if (EnvironmentVariable(X509_get_default_cert_file_env())) return "";
  if (EnvironmentVariable(X509_get_default_cert_dir_env())) return "";
  for (const char* const place : kUsualPlaces) {
    if (HoldsSomething(place)) return place;
  }
  return "";
}

}  // namespace

std::string FindSystemTrust() {
  const std::string place = OpenSslPlace();
  return place.empty() ? UsualPlace() : place;
}

void LoadSystemTrust(SSL_CTX* context) {
  SSL_CTX_set_default_verify_paths(context);
  if (!OpenSslPlace().empty()) return;
  const std::string place = UsualPlace();
  if (place.empty()) return;
  std::error_code error;
  if (std::filesystem::is_directory(place, error)) {
    SSL_CTX_load_verify_dir(context, place.c_str());
  } else {
    SSL_CTX_load_verify_file(context, place.c_str());
  }
}

}  // namespace shakehook
