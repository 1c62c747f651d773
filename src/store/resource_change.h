// The types of the store's verbs on accounts and contacts: a change with its event, a stored resource, and the
// queries that list resources.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/event.h"
#include "model/ids.h"
#include "model/search_text.h"
#include "store/asker.h"

namespace shakehook {

// One change of a resource with its event. The bytes are final, made on the caller's loop so that the writer only
// stores.
struct ResourceChange {
  VenueId venue_id;
  ResourceKind kind = ResourceKind::kAccount;
  ResourceId id;
  // The version that the change was built from; 0: the resource never existed. A deleted resource has a version too: to
  // make it again, the change is built from that.
  std::int64_t expected_version = 0;
  // ConfigCache::RevisionOf(venue_id) when the payload was built; kVersionConflict if it is another by now.
  std::uint64_t revision = 0;
  std::string data;        // the resource's compact JSON; empty: it is deleted
  std::string email;       // for finding it; empty: none
  std::string account_id;  // a contact's; empty: none. The account must exist, else kMissing
  std::string search;      // model/search_text.h
  std::string name;        // model/sort_name.h
  Timestamp created_at;
  // Its event. Must be later than the resource's last one, else kVersionConflict with last_timestamp.
  SharedEvent event;
};

// The result of one step of EraseHistory.
struct Erasure {
  std::int64_t events = 0;       // events that were looked at
  std::optional<Position> next;  // the next step's start; absent: there is nothing left
};

// A resource as stored. Its version counts its changes, also over a deletion.
struct StoredResource {
  ResourceId id;
  std::int64_t version = 0;
  Timestamp last_timestamp;  // its newest event's
  std::string data;          // empty: deleted (only its id and times are left)
};

// All listings are newest first unless they say otherwise, and go on after a cursor's key.
struct ResourceQuery {
  VenueId venue_id;
  ResourceKind kind = ResourceKind::kAccount;
  SearchQuery search;      // empty: all
  std::string email;       // exactly (ASCII case aside); empty: all
  std::string account_id;  // empty: all
  std::string after;       // the id before the page; listed by id
  std::size_t limit = 50;
  Asker asker = {};
};

// The key that a list of many resources is sorted by. Contacts without an e-mail come last, in both directions. A page
// by name looks at all names (100,000 of them: some 20 ms), every other page only at what it shows.
enum class ResourceSort : std::uint8_t { kName, kCreatedAt, kUpdatedAt, kEmail };
enum class SortDirection : std::uint8_t { kAscending, kDescending };

// The place of a resource in such a list. Resources with the same key are in the order in which they were made.
struct ResourcePlace {
  std::string text;  // kName, kEmail; empty: it has no e-mail
  Timestamp time;    // kCreatedAt, kUpdatedAt
  VenueId venue_id;
  ResourceId id;
};
struct SortedResourceQuery {
  std::vector<VenueId> venues;
  ResourceKind kind = ResourceKind::kAccount;
  SearchQuery search;  // empty: all
  ResourceSort sort = ResourceSort::kCreatedAt;
  SortDirection direction = SortDirection::kDescending;
  std::optional<ResourcePlace> after;
  std::size_t limit = 50;
  Asker asker = {};
};
struct SortedResource {
  ResourcePlace place;
  StoredResource resource;
};

}  // namespace shakehook
