// Accounts and contacts as they are read.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/sqlite.h"
#include "store/store.h"

namespace shakehook::sqlite {

class ResourceReads {
 public:
  explicit ResourceReads(Connection& connection);

  std::vector<std::optional<StoredResource>> Get(const VenueId& venue, ResourceKind kind,
                                                 const std::vector<ResourceId>& ids);
  std::vector<StoredResource> List(const ResourceQuery& query);
  std::vector<StoredResource> ContactsOf(const VenueId& venue, const ResourceId& account, std::size_t limit);

 private:
  std::optional<std::int64_t> VenueNumber(const VenueId& venue);

  Statement venue_number_, one_, page_, page_by_email_, page_by_account_, contacts_;
};

}  // namespace shakehook::sqlite
