#include "base/encoding.h"

#include <sodium.h>

#include "base/check.h"

namespace shakehook {
namespace {

std::string Base64(std::span<const std::uint8_t> bytes, int variant) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  text.pop_back();  // the terminating NUL that libsodium counts
  return text;
}

std::optional<std::vector<std::uint8_t>> Unbase64(std::string_view text, int variant) {
  std::vector<std::uint8_t> bytes(text.size() + 1);  // never without a place: libsodium takes no null
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end, variant) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  // libsodium 1.0.18 takes some bytes above 0x7f for letters of the alphabet.
  if (Base64(bytes, variant) != text) return std::nullopt;
  return bytes;
}

}  // namespace

std::string ToHex(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
  text.pop_back();
  return text;
}

std::string ToBase64(std::span<const std::uint8_t> bytes) { return Base64(bytes, sodium_base64_VARIANT_ORIGINAL); }
std::string ToBase64Url(std::span<const std::uint8_t> bytes) {
  return Base64(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::optional<std::vector<std::uint8_t>> FromHex(std::string_view text) {
  std::vector<std::uint8_t> bytes(text.size() / 2 + 1);
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, &end) != 0 ||
      end != text.data() + text.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::optional<std::vector<std::uint8_t>> FromBase64(std::string_view text) {
  return Unbase64(text, sodium_base64_VARIANT_ORIGINAL);
}
std::optional<std::vector<std::uint8_t>> FromBase64Url(std::string_view text) {
  return Unbase64(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

}  // namespace shakehook
