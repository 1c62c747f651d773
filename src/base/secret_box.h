// SecretBox encrypts what must not be readable in the database or a backup of it: webhook secrets, custom headers and
// kept responses. It uses authenticated encryption with the master key (libsodium's XSalsa20-Poly1305). The key is in
// memory of its own, which is locked, between guard pages, and in no core dump.
//
// Threads: Seal and Open may be called from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace shakehook {

class SecretBox {
 public:
  using Key = std::array<std::uint8_t, 32>;

  // The caller wipes its own copy.
  explicit SecretBox(const Key& key);
  ~SecretBox();
  SecretBox(const SecretBox&) = delete;
  SecretBox& operator=(const SecretBox&) = delete;

  // Returns a fresh nonce, followed by the sealed text.
  std::string Seal(std::string_view text, Random& random) const;
  // Returns nullopt if the bytes were not sealed with this key, or were changed.
  std::optional<std::string> Open(std::string_view sealed) const;

 private:
  std::uint8_t* const key_;  // in libsodium's guarded memory
};

}  // namespace shakehook
