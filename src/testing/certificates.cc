#include "testing/certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "base/check.h"

namespace shakehook {
namespace {

constexpr int kDaySeconds = 24 * 3600;

template <class Write>
std::string Pem(Write write) {
  const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
  CHECK(write(memory.get()) == 1);
  char* data = nullptr;
  const long bytes = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(bytes)};
}

void AddExtension(X509* certificate, X509* issuer, int type, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, type, value.c_str());
  CHECK(extension != nullptr);
  CHECK(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

bool IsAddress(const std::string& name) {
  return name.contains(':') || name.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace

CertificateAuthority::CertificateAuthority(const std::string& name)
    : key_(MakeKey()), certificate_(Make({}, name, key_.get(), nullptr, key_.get())) {}

std::string CertificateAuthority::certificate() const {
  return Pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
}

TlsIdentity CertificateAuthority::Issue(const Request& request) const {
  const Key key = MakeKey();
  return ToIdentity(Make(request, request.names.front(), key.get(), certificate_.get(), key_.get()), key);
}

TlsIdentity CertificateAuthority::IssueSelfSigned(const Request& request) {
  const Key key = MakeKey();
  return ToIdentity(Make(request, request.names.front(), key.get(), nullptr, key.get()), key);
}

CertificateAuthority::Key CertificateAuthority::MakeKey() {
  Key key(EVP_EC_gen("P-256"));
  CHECK(key != nullptr);
  return key;
}

CertificateAuthority::Certificate CertificateAuthority::Make(const Request& request, const std::string& common_name,
                                                             EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  static long serial = 0;
  Certificate certificate(X509_new());
  X509* raw = certificate.get();
  X509_set_version(raw, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), ++serial);
  X509_gmtime_adj(X509_getm_notBefore(raw), static_cast<long>(request.valid_from_days) * kDaySeconds);
  X509_gmtime_adj(X509_getm_notAfter(raw), static_cast<long>(request.valid_to_days) * kDaySeconds);
  X509_set_pubkey(raw, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  if (issuer == nullptr) issuer = raw;
  X509_set_issuer_name(raw, X509_get_subject_name(issuer));

  const bool authority = request.names.empty();
  AddExtension(raw, issuer, NID_basic_constraints, authority ? "critical,CA:TRUE" : "CA:FALSE");
  AddExtension(raw, issuer, NID_subject_key_identifier, "hash");
  if (!authority) {
    std::string names;
    for (const std::string& name : request.names) {
      names += (names.empty() ? "" : ",") + std::string(IsAddress(name) ? "IP:" : "DNS:") + name;
    }
    AddExtension(raw, issuer, NID_subject_alt_name, names);
  }
  CHECK(X509_sign(raw, issuer_key, EVP_sha256()) > 0);
  return certificate;
}

TlsIdentity CertificateAuthority::ToIdentity(const Certificate& certificate, const Key& key) {
  return {.certificate = Pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }),
          .key = Pem([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

}  // namespace shakehook
