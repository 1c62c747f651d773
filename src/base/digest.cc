#include "base/digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "base/check.h"

namespace shakehook {

struct HmacKey::State {
  EVP_MAC* mac = nullptr;
  EVP_MAC_CTX* context = nullptr;
  ~State() {
    EVP_MAC_CTX_free(context);
    EVP_MAC_free(mac);
  }
};

Digest Sha256(std::string_view bytes) {
  Digest digest;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return digest;
}

bool EqualInConstantTime(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

HmacKey::HmacKey(std::string_view key) : state_(std::make_unique<State>()) {
  state_->mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  CHECK(state_->mac != nullptr);
  state_->context = EVP_MAC_CTX_new(state_->mac);
  CHECK(state_->context != nullptr);
  char algorithm[] = "SHA256";
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, algorithm, 0),
                                   OSSL_PARAM_construct_end()};
  CHECK(EVP_MAC_init(state_->context, reinterpret_cast<const unsigned char*>(key.data()), key.size(), parameters) == 1);
}

HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;
HmacKey::~HmacKey() = default;

Digest HmacKey::Sign(std::string_view first, std::string_view second) {
  Digest digest;
  std::size_t size = 0;
  // Without a key, init goes back to the state just after the key was set.
  CHECK(EVP_MAC_init(state_->context, nullptr, 0, nullptr) == 1);
  CHECK(EVP_MAC_update(state_->context, reinterpret_cast<const unsigned char*>(first.data()), first.size()) == 1);
  CHECK(EVP_MAC_update(state_->context, reinterpret_cast<const unsigned char*>(second.data()), second.size()) == 1);
  CHECK(EVP_MAC_final(state_->context, digest.data(), &size, digest.size()) == 1 && size == digest.size());
  return digest;
}

}  // namespace shakehook
