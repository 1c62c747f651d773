// SHA-256 and HMAC-SHA256 (FIPS 180-4, RFC 2104), by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

namespace shakehook {

using Digest = std::array<std::uint8_t, 32>;

Digest Sha256(std::string_view bytes);

// Returns whether both texts are equal. It takes the same time wherever the first difference is.
bool EqualInConstantTime(std::string_view left, std::string_view right);

// HmacKey computes HMAC-SHA256 under one key. It keeps the keyed state, because setting a key up costs more than
// signing a short text with it.
//
// Threads: an object belongs to one thread.
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(HmacKey&&) noexcept;
  ~HmacKey();

  Digest Sign(std::string_view text) { return Sign({}, text); }
  // Signs the two texts as one, without a copy.
  Digest Sign(std::string_view first, std::string_view second);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace shakehook
