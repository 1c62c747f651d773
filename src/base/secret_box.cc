#include "base/secret_box.h"

#include <sodium.h>

#include <algorithm>

#include "base/check.h"

namespace shakehook {

static_assert(SecretBox::Key().size() == crypto_secretbox_KEYBYTES);

namespace {

// Returns memory between guard pages. It sets libsodium up, which does nothing after the first time.
std::uint8_t* GuardedMemory(std::size_t bytes) {
  CHECK(sodium_init() >= 0);
  auto* const memory = static_cast<std::uint8_t*>(sodium_malloc(bytes));
  CHECK(memory != nullptr);
  return memory;
}

}  // namespace

SecretBox::SecretBox(const Key& key) : key_(GuardedMemory(key.size())) {
  std::ranges::copy(key, key_);
  sodium_mprotect_readonly(key_);
}

// Wipes it.
SecretBox::~SecretBox() { sodium_free(key_); }

std::string SecretBox::Seal(std::string_view text, Random& random) const {
  std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size(), '\0');
  auto* const nonce = reinterpret_cast<std::uint8_t*>(sealed.data());
  random.Fill({nonce, crypto_secretbox_NONCEBYTES});
  CHECK(crypto_secretbox_easy(nonce + crypto_secretbox_NONCEBYTES, reinterpret_cast<const std::uint8_t*>(text.data()),
                              text.size(), nonce, key_) == 0);
  return sealed;
}

std::optional<std::string> SecretBox::Open(std::string_view sealed) const {
  if (sealed.size() < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES) return std::nullopt;
  const auto* const nonce = reinterpret_cast<const std::uint8_t*>(sealed.data());
  std::string text(sealed.size() - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(reinterpret_cast<std::uint8_t*>(text.data()), nonce + crypto_secretbox_NONCEBYTES,
                                 sealed.size() - crypto_secretbox_NONCEBYTES, nonce, key_) != 0) {
    return std::nullopt;
  }
  return text;
}

}  // namespace shakehook
