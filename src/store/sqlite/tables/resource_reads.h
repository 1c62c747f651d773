// Accounts and contacts as they are read.
//
// Threads: those of its connection.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/top_k.h"
#include "store/sqlite/tables/listing.h"
#include "store/sqlite/tables/search_candidates.h"
#include "store/sqlite/tables/sorted_resources.h"
#include "store/store.h"

namespace shakehook::sqlite {

struct ResourceListing {
  ResourceQuery query;  // its `after` moves on past the ids that were looked at
  std::vector<StoredResource> page = {};
  // Set if few records fit the search: then the venue is read by creation, from an index with the text, instead of by
  // id, record by record.
  bool by_text = false;
  struct Found {
    ResourceId id;
    std::int64_t number;
  };
  TopK<Found, &Found::id> found = {};
  std::int64_t created_at = std::numeric_limits<std::int64_t>::min();  // how far that listing came
  std::int64_t number = 0;
  // By the index of grams (search_candidates.h): where the page begins, what was found so far, and the page where that
  // was not enough.
  struct ByIndex {
    SearchTurns turns;
    std::optional<std::string> after;
    std::optional<CandidateScan> scan;
    TopK<Found, &Found::id> chosen;
    std::vector<StoredResource> page;
  } by_index = {};

  bool full() const { return page.size() >= query.limit; }
};

class ResourceReads {
 public:
  // `candidates` outlives this.
  ResourceReads(Connection& connection, SearchCandidates& candidates);

  std::vector<std::optional<StoredResource>> Get(const VenueId& venue, ResourceKind kind,
                                                 const std::vector<ResourceId>& ids);
  // Adds to the page what a bounded number of further rows brings. kComplete: it is full, or there is nothing more.
  Progress Continue(ResourceListing& listing);

 private:
  std::optional<std::int64_t> VenueNumber(const VenueId& venue);
  static Progress Collect(Rows<struct ResourceColumns> row, std::size_t rows_max, ResourceListing& listing);
  Progress ContinueByText(std::int64_t venue, ResourceListing& listing);
  Progress ContinueById(std::int64_t venue, ResourceListing& listing);
  // Returns nothing where the index is of no use.
  std::optional<Progress> ContinueByIndex(std::int64_t venue, ResourceListing& listing);
  Progress TakeFound(ResourceListing& listing);
  void LookAt(std::int64_t venue, ResourceListing& listing, std::int64_t number);

  SearchCandidates& candidates_;
  SelectOne<std::int64_t> venue_number_;
  Select<ResourceColumns> one_, page_, page_by_email_, page_by_account_, page_by_both_;
  Select<TextColumns> texts_;
  SelectOne<ResourceId> id_of_;
  Select<ResourceColumns> numbered_;
  Select<struct ResourceCandidateColumns> candidate_;
};

}  // namespace shakehook::sqlite
