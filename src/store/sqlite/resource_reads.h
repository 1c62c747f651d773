// Accounts and contacts as they are read.
//
// Threads: those of its connection.
#pragma once

#include <vector>

#include "store/sqlite/listing.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"

namespace shakehook::sqlite {

using ResourceListing = Listing<ResourceQuery, StoredResource>;

class ResourceReads {
 public:
  explicit ResourceReads(Connection& connection);

  std::vector<std::optional<StoredResource>> Get(const VenueId& venue, ResourceKind kind,
                                                 const std::vector<ResourceId>& ids);
  // Adds to the page what a bounded number of further rows brings. kComplete: it is full, or there is nothing more.
  Progress Continue(ResourceListing& listing);
  std::vector<StoredResource> ContactsOf(const VenueId& venue, const ResourceId& account, std::size_t limit);

 private:
  std::optional<std::int64_t> VenueNumber(const VenueId& venue);
  static Progress Collect(Execution row, const std::string& search, ResourceListing& listing);

  Statement venue_number_, one_, page_, page_by_email_, page_by_account_, page_by_both_, contacts_;
};

}  // namespace shakehook::sqlite
