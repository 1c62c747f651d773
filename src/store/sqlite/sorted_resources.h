// Accounts and contacts of many venues in one order. Each venue's are read along the index of what they are sorted by,
// and merged; so a page costs the same wherever it stands and however many records there are.
//
// Threads: those of its connection.
#pragma once

#include <array>
#include <vector>

#include "store/sqlite/listing.h"
#include "store/sqlite/sqlite.h"
#include "store/store.h"

namespace shakehook::sqlite {

using SortedResourceListing = Listing<SortedResourceQuery, SortedResource>;

class SortedResources {
 public:
  explicit SortedResources(Connection& connection);

  // Adds to the page what a bounded number of further rows brings. kComplete: it is full, or there is nothing more.
  Progress Continue(SortedResourceListing& listing);

  // The statements that read one venue, for the test that no sort needs a scan.
  static std::vector<std::string> Queries();

 private:
  // Where a row stands in the merge. What comes first in the list is the greatest.
  struct Key {
    bool last = false;  // without an e-mail, in a list by e-mail
    std::string text = {};
    std::int64_t time = 0;
    std::int64_t number = 0;
    bool ascending = false;

    bool operator==(const Key& other) const { return (*this <=> other) == std::strong_ordering::equal; }
    std::strong_ordering operator<=>(const Key& other) const;
  };
  struct Row {
    Key key;
    std::size_t venue = 0;  // in the query's list
    bool fits = false;      // the search
  };

  std::optional<std::int64_t> VenueNumber(const VenueId& venue);
  // Where the list goes on.
  Key StartOf(const SortedResourceQuery& query);
  // A venue's rows behind `before`.
  std::vector<Row> Read(const SortedResourceQuery& query, std::size_t venue, std::int64_t number, const Key& before,
                        std::size_t limit);
  void ReadFrom(Statement& statement, const SortedResourceQuery& query, std::size_t venue, std::int64_t number,
                const Key& before, std::size_t limit, std::vector<Row>& into);
  SortedResource ReadResource(const SortedResourceQuery& query, const Row& row);

  Statement venue_number_, number_of_, one_;
  std::array<Statement, 8> tied_, behind_;  // by sort and direction
  std::array<Statement, 2> without_email_;  // by direction
};

}  // namespace shakehook::sqlite
