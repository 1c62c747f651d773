// A Principal is who asks: an API key, or a user who is signed in. It says what they may do, whatever they came with.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/time.h"
#include "base/uuid.h"
#include "model/api_key.h"
#include "model/scope.h"
#include "model/user.h"

namespace shakehook {

struct Principal {
  enum class Kind : std::uint8_t { kApiKey, kUser };

  Kind kind = Kind::kApiKey;
  Uuid id;  // the key's or the user's
  std::string name;
  Scope scope;
  Rights rights;
  std::optional<Role> role = {};             // a user's
  std::optional<Timestamp> expires_at = {};  // a key's: one that it makes must not last longer

  bool operator==(const Principal&) const = default;

  // Tells whether everything is open to it, users and admin keys too.
  bool IsAdmin() const {
    return scope.kind == Scope::Kind::kAll && role.value_or(Role::kAdministrator) == Role::kAdministrator;
  }

  static Principal Of(const ApiKey& key);
  static Principal Of(const User& user);
};

using SharedPrincipal = std::shared_ptr<const Principal>;

}  // namespace shakehook
