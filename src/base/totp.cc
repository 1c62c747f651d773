#include "base/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>

#include "base/check.h"
#include "base/digest.h"

namespace shakehook {
namespace {

constexpr std::int64_t kStepMs = 30'000;
constexpr std::size_t kDigits = 6;
constexpr std::uint32_t kCodes = 1'000'000;
constexpr std::size_t kSha1Bytes = 20;

}  // namespace

std::int64_t TotpStepAt(Timestamp now) { return UnixMs(now) / kStepMs; }

std::string TotpCode(std::string_view secret, std::int64_t step) {
  std::array<std::uint8_t, 8> counter;
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (8 * (counter.size() - 1 - i)));
  }
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac;
  unsigned int size = 0;
  CHECK(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(), counter.size(), mac.data(),
             &size) != nullptr);
  CHECK(size == kSha1Bytes);
  // RFC 4226, section 5.3.
  const std::size_t offset = mac[kSha1Bytes - 1] & 0x0fU;
  std::uint32_t number = mac[offset] & 0x7fU;
  for (std::size_t i = 1; i < 4; ++i) number = number << 8U | mac[offset + i];
  const std::string digits = std::to_string(number % kCodes);
  return std::string(kDigits - digits.size(), '0') + digits;
}

std::optional<std::int64_t> FindTotpStep(std::string_view secret, std::string_view code, Timestamp now,
                                         std::int64_t used_step) {
  std::optional<std::int64_t> found;
  const std::int64_t present = TotpStepAt(now);
  for (const std::int64_t step : {present - 1, present, present + 1}) {
    if (EqualInConstantTime(code, TotpCode(secret, step)) && step > used_step) found = step;
  }
  return found;
}

std::string ToBase32(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8U | static_cast<std::uint8_t>(byte);
    for (count += 8; count >= 5; count -= 5) text += kAlphabet[bits >> (count - 5) & 31U];
  }
  if (count > 0) text += kAlphabet[bits << (5 - count) & 31U];
  return text;
}

}  // namespace shakehook
