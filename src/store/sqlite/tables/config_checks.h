// The checks that every change of the configuration must pass: the thing exists or not, has the expected version, and
// is in a scope that exists.
//
// Threads: the writer's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "store/config_cache.h"
#include "store/sqlite/engine/select.h"
#include "store/store.h"

namespace shakehook::sqlite {

inline std::unexpected<Refusal> Refuse(Refusal::Kind kind, std::string detail) {
  return std::unexpected(Refusal{.kind = kind, .detail = std::move(detail)});
}

// Precondition: the row has the columns scope_kind and scope_id.
template <class RowColumns>
Scope ReadScope(const Rows<RowColumns>& row) {
  return {row.template Get<"scope_kind">(), row.template Get<"scope_id">()};
}

// Checks the version that an edit expects; 0 expects that nothing is there yet.
template <class Existing>
Stored<Done> CheckVersion(const Existing& existing, std::int64_t expected, std::string_view what) {
  if (expected == 0 && existing) return Refuse(Refusal::Kind::kExists, std::string(what) + " exists already");
  if (expected != 0 && !existing) return Refuse(Refusal::Kind::kMissing, std::string(what) + " does not exist");
  if (expected != 0 && existing->version != expected)
    return Refuse(Refusal::Kind::kVersionConflict, "it was changed meanwhile");
  return Done();
}

template <class Existing>
Stored<Done> CheckRemoval(const Existing& existing, std::optional<std::int64_t> expected) {
  if (!existing) return Refuse(Refusal::Kind::kMissing, "it does not exist");
  if (expected && existing->version != *expected)
    return Refuse(Refusal::Kind::kVersionConflict, "it was changed meanwhile");
  return Done();
}

// Tells whether another one may be added to the `count` that the scope has; `what`: their name in the plural, a
// literal.
inline Stored<Done> CheckRoom(const Scope& scope, std::size_t count, std::size_t most, std::string_view what) {
  if (count < most) return Done();
  const std::string_view where = scope.kind == Scope::Kind::kVenue         ? "The venue"
                                 : scope.kind == Scope::Kind::kVenuesGroup ? "The venues group"
                                                                           : "The server";
  return std::unexpected(Refusal{.kind = Refusal::Kind::kFull,
                                 .detail = "there is no room for more " + std::string(what),
                                 .limit = {.where = where, .what = what, .count = count, .max = most}});
}

inline bool ScopeExists(const ConfigCache& config_cache, const Scope& scope) {
  switch (scope.kind) {
    case Scope::Kind::kAll:
      return true;
    case Scope::Kind::kVenuesGroup:
      return config_cache.FindVenuesGroup({scope.id}) != nullptr;
    case Scope::Kind::kVenue:
      return config_cache.FindVenue({scope.id}) != nullptr;
  }
  return false;
}

}  // namespace shakehook::sqlite
