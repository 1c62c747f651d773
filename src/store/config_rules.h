// The rules that every change of the configuration must keep, whichever store writes it: the thing exists or not and
// has the expected version, names are unique, its scope exists and has room, what is deleted holds nothing any more.
// They are checked against the directory in memory, in the turn of the change, so that no other change comes in
// between.
//
// Threads: the one that changes the configuration.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "store/config_cache.h"
#include "store/config_change.h"
#include "store/config_limits.h"
#include "store/refusal.h"

namespace shakehook {

inline std::unexpected<Refusal> Refuse(Refusal::Kind kind, std::string detail) {
  return std::unexpected(Refusal{.kind = kind, .detail = std::move(detail)});
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

// Checks that another one may be added to the `count` that the scope has; `what`: their name in the plural, a literal.
Stored<Done> CheckRoom(const Scope& scope, std::size_t count, std::size_t most, std::string_view what);

Stored<Done> CheckScope(const ConfigCache& config_cache, const Scope& scope);

// The accounts and contacts of a venue, which the directory does not know.
struct RecordCounts {
  std::int64_t accounts = 0;
  std::int64_t contacts = 0;
};

class ConfigRules {
 public:
  ConfigRules(const ConfigCache& config_cache, const ConfigLimits& limits)
      : config_cache_(config_cache), limits_(limits) {}

  Stored<Done> Check(const ConfigPut<VenuesGroup>& put) const;
  Stored<Done> Check(const ConfigPut<Venue>& put) const;
  Stored<Done> Check(const ConfigPut<CustomField>& put) const;
  // `existing`: the webhook as it is in the transaction, which may have changed it already.
  Stored<Done> Check(const ConfigPut<Webhook>& put, const SharedWebhook& existing) const;
  Stored<Done> Check(const ConfigPut<ApiKey>& put) const;
  Stored<Done> Check(const ConfigPut<User>& put) const;
  Stored<Done> Check(const ConfigPut<Inbox>& put) const;

  Stored<Done> Check(const ConfigDelete<VenuesGroupId>& remove) const;
  Stored<Done> Check(const ConfigDelete<VenueId>& remove, const RecordCounts& records) const;
  Stored<Done> Check(const ConfigDelete<ConfigChange::CustomFieldId>& remove) const;
  Stored<Done> Check(const ConfigDelete<WebhookId>& remove, const SharedWebhook& existing) const;
  Stored<Done> Check(const ConfigDelete<ApiKeyId>& remove) const;
  Stored<Done> Check(const ConfigDelete<UserId>& remove) const;
  Stored<Done> Check(const ConfigDelete<InboxId>& remove) const;

 private:
  using Kind = Refusal::Kind;

  // Checks that the scope exists, and, for what is new, that it has room.
  template <class Value>
  Stored<Done> CheckPlace(const Value& value, bool is_new, std::size_t ConfigCache::ScopeCounts::* count,
                          std::size_t most, std::string_view what) const;

  const ConfigCache& config_cache_;
  const ConfigLimits& limits_;
};

}  // namespace shakehook
