#include "base/random.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace shakehook {

std::uint64_t Random::Next64() {
  std::array<std::uint8_t, 8> bytes;
  Fill(bytes);
  std::uint64_t value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::uint64_t Random::Below(std::uint64_t bound) {
  CHECK(bound > 0);
  // Values above the last whole multiple of the bound would favour the low results.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = Next64();
  while (value >= limit) value = Next64();
  return value % bound;
}

double Random::Unit() { return static_cast<double>(Next64() >> 11) * 0x1.0p-53; }

void SecureRandom::Fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (unused_ == 0) {
      CHECK(RAND_bytes(block_.data(), static_cast<int>(block_.size())) == 1);
      unused_ = block_.size();
    }
    const std::size_t count = std::min(bytes.size(), unused_);
    std::uint8_t* const from = block_.data() + block_.size() - unused_;
    std::memcpy(bytes.data(), from, count);
    OPENSSL_cleanse(from, count);
    unused_ -= count;
    bytes = bytes.subspan(count);
  }
}

void SeededRandom::Fill(std::span<std::uint8_t> bytes) {
  while (!bytes.empty()) {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    mixed ^= mixed >> 31;
    const std::size_t count = std::min(bytes.size(), sizeof mixed);
    std::memcpy(bytes.data(), &mixed, count);
    bytes = bytes.subspan(count);
  }
}

}  // namespace shakehook
