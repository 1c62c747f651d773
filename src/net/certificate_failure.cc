#include "net/certificate_failure.h"

#include <openssl/asn1.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <ctime>
#include <memory>
#include <vector>

namespace shakehook {
namespace {

constexpr std::size_t kNamesShown = 3;
constexpr std::size_t kNameBytesMax = 100;

std::string Visible(const ASN1_STRING* text) {
  if (text == nullptr) return {};
  const auto* bytes = ASN1_STRING_get0_data(text);
  std::string visible;
  for (int i = 0; i < ASN1_STRING_length(text) && visible.size() < kNameBytesMax; ++i) {
    visible += bytes[i] > 0x20 && bytes[i] < 0x7f ? static_cast<char>(bytes[i]) : (bytes[i] == ' ' ? ' ' : '?');
  }
  return visible;
}

std::string CommonName(const X509_NAME* name) {
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  return Visible(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
}

std::string AddressText(const ASN1_OCTET_STRING* address) {
  const auto* bytes = ASN1_STRING_get0_data(address);
  if (ASN1_STRING_length(address) != 4) return "an IPv6 address";
  char text[16];
  std::snprintf(text, sizeof text, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
  return text;
}

std::vector<std::string> Names(X509* certificate) {
  std::vector<std::string> names;
  const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> alternatives(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  const int count = alternatives ? sk_GENERAL_NAME_num(alternatives.get()) : 0;
  for (int i = 0; i < count; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives.get(), i);
    if (name->type == GEN_DNS) names.push_back(Visible(name->d.dNSName));
    if (name->type == GEN_IPADD) names.push_back(AddressText(name->d.iPAddress));
  }
  if (names.empty()) {
    if (std::string name = CommonName(X509_get_subject_name(certificate)); !name.empty()) names.push_back(name);
  }
  return names;
}

std::string List(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) list += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamesShown) list += " and " + std::to_string(names.size() - kNamesShown) + " more";
  return list;
}

std::string Date(const ASN1_TIME* time) {
  std::tm parts = {};
  char text[32];
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown date";
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &parts)};
}

std::string Issuer(X509* certificate) {
  const std::string name = certificate ? CommonName(X509_get_issuer_name(certificate)) : "";
  return name.empty() ? "" : " (" + name + ")";
}

}  // namespace

std::string Explain(const CertificateFailure& failure) {
  X509* certificate = failure.certificate;
  const std::string subject = failure.depth == 0 ? "The certificate" : "A certificate in the server's chain";
  switch (failure.error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return subject + " expired on " + Date(certificate ? X509_get0_notAfter(certificate) : nullptr) + ".";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return subject + " is not valid before " + Date(certificate ? X509_get0_notBefore(certificate) : nullptr) + ".";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
      const std::string names = certificate ? List(Names(certificate)) : "";
      return "The certificate is for " + (names.empty() ? "no name" : names) + ", not for " +
             std::string(failure.host) + ".";
    }
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return "The certificate is self-signed: no authority vouches for it.";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "The certificate comes from an authority that is not trusted here" + Issuer(certificate) + ".";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "The certificate's issuer" + Issuer(certificate) +
             " is not trusted here, or the server does not send its intermediate certificates.";
    case X509_V_ERR_CERT_REVOKED:
      return subject + " was revoked.";
    case X509_V_ERR_INVALID_PURPOSE:
      return subject + " is not made for a server.";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return subject + " uses a key or signature that is too weak.";
    default:
      return subject + " was not accepted (" + X509_verify_cert_error_string(failure.error) + ").";
  }
}

}  // namespace shakehook
