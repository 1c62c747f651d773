// Passwords are kept as Argon2id hashes (RFC 9106), by libsodium. Hashing is slow on purpose, some tens of
// milliseconds: never on a loop.
//
// Threads: from any thread.
#pragma once

#include <string>
#include <string_view>

namespace shakehook {

// HashPassword's result contains the cost and the salt. 32 MiB and 3 passes are above what OWASP's password storage
// cheat sheet asks for (19 MiB and 2).
inline constexpr std::size_t kPasswordMemoryBytes = 32 * 1024 * 1024;
inline constexpr unsigned long long kPasswordPasses = 3;

std::string HashPassword(std::string_view password);
bool IsPassword(std::string_view password, const std::string& hash);

// Returns a hash that no password is known for: checking against it takes as long as against a user's.
const std::string& NobodysPasswordHash();

}  // namespace shakehook
