// The rows of accounts and contacts as a group of changes reads, locks and writes them: all rows of the group by one
// statement each, with arrays.
//
// Threads: the store's.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "store/postgres/engine/connection.h"
#include "store/postgres/engine/transaction.h"
#include "store/resource_change.h"
#include "store/resource_rules.h"

namespace shakehook::postgres {

struct ResourceKey {
  std::int64_t venue = 0;
  ResourceKind kind = ResourceKind::kAccount;
  ResourceId id;

  auto operator<=>(const ResourceKey&) const = default;
};

// A resource as it is in the transaction.
struct ResourceRow {
  // Says how much of it the group writes.
  enum class Write : std::uint8_t {
    kNothing,
    kAnnounce,  // only its last event and time
    kContent,
    kInsert,
  };

  ResourceNumber number;
  ResourceState state;
  std::optional<Position> last_event;
  std::string account_id;
  Write write = Write::kNothing;
  // The change that gave it its content, which outlives this; null: it has none.
  const ResourceChange* content = nullptr;
};

using ResourceRows = std::map<ResourceKey, ResourceRow>;

// The resources that a group names.
struct NamedResources {
  std::set<ResourceKey> changed;
  std::set<ResourceKey> deleted_accounts;  // locked so that nobody can name them meanwhile
  std::set<ResourceKey> named_accounts;    // by contacts
};

// Reads and locks them, waiting for others that hold them; those that never existed are absent.
Async<ResourceRows> LockResources(NamedResources named, Connection& connection);

// Returns how many contacts name each of the accounts.
Async<std::map<ResourceKey, std::int64_t>> CountContactsOf(std::set<ResourceKey> accounts, Connection& connection);

void WriteResources(const ResourceRows& rows, Transaction& transaction);

}  // namespace shakehook::postgres
