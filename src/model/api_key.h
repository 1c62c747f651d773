// An API key opens the API for one scope. Only a hash of it is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/digest.h"
#include "base/time.h"
#include "model/ids.h"
#include "model/scope.h"

namespace shakehook {

// A right includes no other, except kManage, which includes all.
enum class Right : std::uint8_t { kRead = 1, kWrite = 2, kManage = 4 };

struct Rights {
  std::uint8_t bits = 0;

  bool operator==(const Rights&) const = default;
  bool Has(Right right) const { return (bits & static_cast<int>(right)) || (bits & static_cast<int>(Right::kManage)); }
  void Add(Right right) { bits |= static_cast<std::uint8_t>(right); }
};

// The id of the key that the operator was given at the first start (cli/bootstrap_key.h).
inline constexpr ApiKeyId kBootstrapKeyId{{{0, 0, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 0}}};

struct ApiKey {
  ApiKeyId id;
  std::string name;
  Scope scope;
  Rights rights;
  Digest hash{};       // SHA-256 of the key, which is long and random: no slow hash is needed
  std::string prefix;  // its first characters, to recognise it by
  std::optional<Timestamp> expires_at;
  Timestamp created_at;
  std::int64_t version = 1;

  bool operator==(const ApiKey&) const = default;
  // Tells whether the key is valid at this time.
  bool IsValidAt(Timestamp now) const { return !expires_at || now < *expires_at; }
};

}  // namespace shakehook
