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
#include "model/second_factor.h"
#include "model/user_link.h"
#include "model/webhook.h"

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
  std::string password_hash;  // by HashPassword; empty: invited, and no password was chosen yet
  // Sessions begun under another epoch are over: a new role, scope or password begins a new one.
  std::int64_t epoch = 1;
  Timestamp created_at;
  std::optional<Timestamp> last_signed_in_at;  // set by the store as a session begins
  // Counts edits, and what uses something up: a link, a code. A sign-in with the password alone is not counted.
  std::int64_t version = 1;
  // The password was given by somebody else: until it is changed, a session can do nothing but that.
  Switch must_change_password = Switch::kOff;
  std::optional<UserLink> link = {};
  std::optional<SecondFactor> second_factor = {};

  bool operator==(const User&) const = default;
  bool IsInvited() const { return password_hash.empty(); }
  // Tells whether signing in asks for a code.
  bool HasSecondFactor() const { return second_factor && second_factor->confirmed == Switch::kOn; }
};

using SharedUser = std::shared_ptr<const User>;

// Returns the text that is equal for two spellings of one address (ASCII case aside). It is unique among users.
inline std::string EmailKey(std::string_view email) {
  std::string key(email);
  std::ranges::transform(key, key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c; });
  return key;
}

}  // namespace shakehook
