#include "api/access/setup_token.h"

#include <array>

#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr std::size_t kTokenBytes = 16;

std::string_view AsText(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

}  // namespace

std::string MakeSetupToken(Random& random) {
  std::array<std::uint8_t, kTokenBytes> bytes;
  random.Fill(bytes);
  return ToHex(bytes);
}

SetupToken::SetupToken(std::string_view token)
    : hash_(token.empty() ? std::nullopt : std::optional(Sha256(token))), good_(!token.empty()) {}

std::optional<SetupToken::Use> SetupToken::Take(std::string_view token) {
  const Digest given = Sha256(token);
  if (!hash_ || !EqualInConstantTime(AsText(given), AsText(*hash_))) return std::nullopt;
  const MutexLock lock(mutex_);
  if (!good_) return std::nullopt;
  good_ = false;
  return Use(*this);
}

void SetupToken::GiveBack() {
  const MutexLock lock(mutex_);
  good_ = true;
}

}  // namespace shakehook
