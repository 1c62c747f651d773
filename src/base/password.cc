#include "base/password.h"

#include <sodium.h>

#include <array>

#include "base/check.h"

namespace shakehook {

std::string HashPassword(std::string_view password) {
  CHECK(sodium_init() >= 0);
  std::array<char, crypto_pwhash_STRBYTES> hash;
  CHECK(crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), kPasswordPasses, kPasswordMemoryBytes,
                              crypto_pwhash_ALG_ARGON2ID13) == 0);
  return hash.data();
}

bool IsPassword(std::string_view password, const std::string& hash) {
  CHECK(sodium_init() >= 0);
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& NobodysPasswordHash() {
  // The hash of 32 random bytes that were not kept.
  static const std::string hash =
      "$argon2id$v=19$m=32768,t=3,p=1$La9+30/KTPcfZUNSfsucDw$FyOBDMrfjWPTbx2d4ct7Rj1t+/230zUqqjpF876RBlI";
  return hash;
}

}  // namespace shakehook
