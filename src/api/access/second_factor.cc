#include "api/access/second_factor.h"

#include <algorithm>
#include <array>

#include "base/totp.h"

namespace shakehook {
namespace {

constexpr std::string_view kIssuer = "Shakehook";
// Without letters that are taken for digits.
constexpr std::string_view kRecoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::size_t kRecoveryCharacters = 10;

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// RFC 3986, section 2.1.
std::string PercentEncode(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (IsUnreserved(c)) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return encoded;
}

std::string WithoutSpaces(std::string_view code) {
  std::string bare(code);
  std::erase(bare, ' ');
  return bare;
}

}  // namespace

SecondFactor MakeSecondFactor(Random& random) {
  std::array<std::uint8_t, kTotpSecretBytes> bytes;
  random.Fill(bytes);
  return {.secret = std::string(bytes.begin(), bytes.end()), .recovery_hashes = {}};
}

std::vector<std::string> MakeRecoveryCodes(Random& random) {
  std::vector<std::string> codes;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    std::string code;
    for (std::size_t each = 0; each < kRecoveryCharacters; ++each) {
      if (each == kRecoveryCharacters / 2) code += '-';
      code += kRecoveryAlphabet[random.Below(kRecoveryAlphabet.size())];
    }
    codes.push_back(std::move(code));
  }
  return codes;
}

Digest RecoveryHashOf(std::string_view code) {
  std::string bare;
  for (const char c : code) {
    if (c == ' ' || c == '-') continue;
    bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  return Sha256("recovery:" + bare);
}

CodeUse UseAppCode(SecondFactor& factor, std::string_view code, Timestamp now) {
  const auto step = FindTotpStep(factor.secret, WithoutSpaces(code), now, factor.used_step);
  if (!step) return CodeUse::kWrong;
  factor.used_step = *step;
  return CodeUse::kApp;
}

CodeUse UseCode(SecondFactor& factor, std::string_view code, Timestamp now) {
  if (UseAppCode(factor, code, now) == CodeUse::kApp) return CodeUse::kApp;
  return std::erase(factor.recovery_hashes, RecoveryHashOf(code)) > 0 ? CodeUse::kRecovery : CodeUse::kWrong;
}

std::string OtpauthUri(std::string_view secret, std::string_view email) {
  return "otpauth://totp/" + std::string(kIssuer) + ":" + PercentEncode(email) + "?secret=" + ToBase32(secret) +
         "&issuer=" + std::string(kIssuer);
}

}  // namespace shakehook
