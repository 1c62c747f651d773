// Certificates for tests of TLS, made when they are needed, so that none is stored and none expires.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

namespace shakehook {

// The certificate that a TLS server shows and the key that it signs with, in PEM form.
struct TlsIdentity {
  std::string certificate;
  std::string key;
  int version_max = 0;  // TLS1_2_VERSION and so on; 0: the newest
};

class CertificateAuthority {
 public:
  struct Request {
    std::vector<std::string> names;  // host names and IP addresses; the first is the common name too
    int valid_from_days = -1;        // counted from today
    int valid_to_days = 30;
  };

  explicit CertificateAuthority(const std::string& name);

  // In PEM form, for a trust file.
  std::string certificate() const;
  TlsIdentity Issue(const Request& request) const;
  static TlsIdentity IssueSelfSigned(const Request& request);

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
  };
  using Key = std::unique_ptr<EVP_PKEY, Free>;
  using Certificate = std::unique_ptr<X509, Free>;

  static Key MakeKey();
  // An authority's where `issuer` is null and `names` is empty; self-signed where `issuer` is null.
  static Certificate Make(const Request& request, const std::string& common_name, EVP_PKEY* key, X509* issuer,
                          EVP_PKEY* issuer_key);
  static TlsIdentity ToIdentity(const Certificate& certificate, const Key& key);

  Key key_;
  Certificate certificate_;
};

}  // namespace shakehook
