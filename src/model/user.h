// A user signs in to the dashboard with an e-mail address and a password. Their session has the user's scope, as an API
// key has one, and the rights of the user's role.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/ids.h"
#include "model/scope.h"

namespace shakehook {

// administrator: everything, users too; the scope is all. manager: all of the scope. viewer: reads what is in it.
enum class Role : std::uint8_t { kAdministrator = 0, kManager = 1, kViewer = 2 };

struct User {
  UserId id;
  std::string name;
  std::string email;
  Role role = Role::kViewer;
  Scope scope;
  std::string language;       // the dashboard's, as a language tag (RFC 5646); empty: not chosen
  std::string password_hash;  // by HashPassword
  // Sessions begun under another epoch are over: a new role, scope or password begins a new one.
  std::int64_t epoch = 1;
  Timestamp created_at;
  std::optional<Timestamp> last_signed_in_at;  // set by the store as a session begins
  std::int64_t version = 1;                    // counts edits, not sign-ins

  bool operator==(const User&) const = default;
};

using SharedUser = std::shared_ptr<const User>;

// Returns the text that is equal for two spellings of one address (ASCII case aside). It is unique among users.
inline std::string EmailKey(std::string_view email) {
  std::string key(email);
  std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c; });
  return key;
}

}  // namespace shakehook
