// SortedResources lists the accounts and contacts of many venues in one order. Each venue's are read along the index of
// the sort column, and merged; so a page costs the same wherever it is in the list and however many records there are.
// Names have no index in the database (migrations.cc). They are in the index for searches (search_index.h); without
// that, a page by name is chosen from all names of the venues, which are read without a look at the records. The
// records that match a search are found by such a walk, or by the grams of the index (search_candidates.h), whichever
// is done first.
//
// Threads: those of its connection.
#pragma once

#include <array>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "store/sqlite/engine/newest_first_merge.h"
#include "store/sqlite/engine/select.h"
#include "store/sqlite/engine/top_k.h"
#include "store/sqlite/tables/listing.h"
#include "store/sqlite/tables/search_candidates.h"
#include "store/store.h"

namespace shakehook::sqlite {

struct SortedResourceListing;

// The index is being asked for those whose names have this beginning, or for those whose names have not.
struct AskedBeginning {
  std::string beginning;
  CandidateScan scan;
  std::vector<std::int64_t> numbers = {};  // so far
};

// The texts of a venue's records, read from an index, never from the records: for venue ?1 and kind ?2 the rows after
// created_at ?3 and number ?4, at most ?5.
struct TextColumns : Columns<Column<"created_at", std::int64_t>, Column<"number", std::int64_t>,
                             Column<"sort_name", std::string_view>, Column<"search", std::string_view>> {};
inline constexpr std::string_view kFromTextsByCreation =
    "FROM resource INDEXED BY resource_created WHERE venue = ?1 AND kind = ?2 AND created_at IS NOT NULL"
    " AND created_at >= ?3 AND (created_at, number) > (?3, ?4) ORDER BY created_at, number LIMIT ?5";

struct SortedCandidateColumns
    : Columns<Column<"venue", std::int64_t>, Column<"kind", ResourceKind>, Column<"created_at", std::int64_t>,
              Column<"last_timestamp", std::int64_t>, Column<"email", std::optional<std::string>>,
              Column<"sort_name", std::string>, Column<"search", std::string_view>> {};

class SortedResources {
 public:
  // `candidates` outlives this.
  SortedResources(Connection& connection, SearchCandidates& candidates);

  // Adds to the page what a bounded number of further rows brings. kComplete: it is full, or there is nothing more.
  Progress Continue(SortedResourceListing& listing);

  // Returns the statements that read one venue, for the test that none needs more than an index.
  static std::vector<std::string> Queries();

  // The place of a row in the list. The first row in the list is the greatest.
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

 private:
  Progress ContinueInOrder(SortedResourceListing& listing);
  // Returns nothing where the index is of no use.
  std::optional<Progress> ContinueByIndex(SortedResourceListing& listing);
  Progress TakeFound(SortedResourceListing& listing);
  // Returns nothing where the index is of no use, or where it would take too many names to find what fits.
  std::optional<Progress> ContinueInNames(SortedResourceListing& listing);
  // Has the names of the venues, and what the index does not know of them, read in their order. Returns whether the
  // index is of use.
  bool BeginNames(SortedResourceListing& listing);
  // Has the list read from its start part by part (sorted_by_parts.cc), if the search finds so many that to look at
  // them all would take long. Returns whether it does, and the index is of use for that.
  bool ReadByBeginnings(SortedResourceListing& listing);
  std::vector<std::string> SomeNames(const SortedResourceListing& listing);
  // Forgets what was read along the names. Returns whether the index is of use.
  bool BeginAnew(SortedResourceListing& listing);
  Progress ContinueInParts(SortedResourceListing& listing);
  // `looked_at`: what it cost so far, in records that are read.
  Progress ContinueInParts(SortedResourceListing& listing, std::size_t& looked_at);
  // Where nearly all that the search finds have names with one beginning, as where a last name is searched for, only
  // these are in parts, and the few others are read before. Each returns what it cost, in records that are read.
  std::size_t TryBeginning(SortedResourceListing& listing);
  std::size_t ReadRest(SortedResourceListing& listing, std::size_t most);
  struct NamePart;
  static NamePart PartOf(const SortedResourceListing& listing, const std::string& name);
  std::optional<std::string> NextName(const SortedResourceListing& listing);
  // Continues to ask for a beginning, until there are so many.
  Progress Ask(AskedBeginning& asked, std::size_t most);
  // Returns what the index does not know and stands behind a place, in the order of the list.
  static std::span<const Row> UnknownBehind(const SortedResourceListing& listing, const Key& before);
  // Returns what it cost, in records that are read. If the part is not done, it is to be asked for again.
  std::size_t AskForPart(SortedResourceListing& listing, const NamePart& part);
  // Walks along so many of its names at most. kComplete: the part is done.
  Progress WalkPart(SortedResourceListing& listing, const NamePart& part, std::size_t most);
  static void GiveUpWalk(SortedResourceListing& listing, const NamePart& part);
  // Returns the names of the venues behind `start`, and what the index does not know, in the order of the list.
  NewestFirstMerge<Row> MergedNames(const SortedResourceListing& listing, const Key& start);
  Progress MergeNames(SortedResourceListing& listing);
  static std::size_t NamesMax(const SortedResourceListing& listing);
  std::vector<Row> ReadNames(const SortedResourceListing& listing, std::pair<std::int64_t, std::size_t> venue,
                             const Key& before, std::size_t limit);
  // Takes those candidates of the index that fit and are behind where the page begins.
  void LookAt(SortedResourceListing& listing, std::vector<std::int64_t> numbers);
  // By number, each with its place in the query's list; in order.
  using Venues = std::vector<std::pair<std::int64_t, std::size_t>>;
  Venues FindVenues(const SortedResourceQuery& query);
  // A record as it is now, if it is in such a list.
  std::optional<Row> ReadCandidate(const SortedResourceQuery& query, const Venues& venues, std::int64_t number);
  Progress ContinueByName(SortedResourceListing& listing);
  // Reads on from where it stopped in the venue's names; returns how many it looked at.
  std::size_t LookAtNames(SortedResourceListing& listing, std::int64_t venue, const Key& start, std::size_t wanted,
                          std::size_t rows_max);

  std::optional<std::int64_t> VenueNumber(const VenueId& venue);
  // Returns the start of the next page.
  Key StartOf(const SortedResourceQuery& query);
  // Returns a venue's rows after `before`.
  std::vector<Row> Read(const SortedResourceQuery& query, std::size_t venue, std::int64_t number, const Key& before,
                        std::size_t limit);
  void ReadFrom(Select<struct SortKeyColumns>& statement, const SortedResourceQuery& query, std::size_t venue,
                std::int64_t number, const Key& before, std::size_t limit, std::vector<Row>& into);
  // Returns nullopt if it was deleted meanwhile.
  std::optional<SortedResource> ReadResource(const SortedResourceQuery& query, const Row& row);

  SearchCandidates& candidates_;
  SelectOne<std::int64_t> venue_number_, number_of_;
  Select<struct SortedResourceColumns> one_;
  Select<TextColumns> texts_;
  Select<SortedCandidateColumns> candidate_;
  std::array<Select<SortKeyColumns>, 6> tied_, behind_;  // by sort and direction
  std::array<Select<SortKeyColumns>, 2> without_email_;  // by direction
};

struct SortedResourceListing {
  SortedResourceQuery query;  // its `after` moves on past the rows that were looked at, except by name
  std::vector<SortedResource> page = {};
  // By name: the start of the list, if the query does not give it; the first of those that were looked at so far, and
  // how far that came.
  std::optional<SortedResources::Key> behind = {};
  TopK<SortedResources::Row, &SortedResources::Row::key, std::greater<>> chosen = {};
  std::unordered_set<std::int64_t> numbers = {};  // in the page
  std::size_t venue = 0;                          // in the query's list
  std::int64_t created_at = std::numeric_limits<std::int64_t>::min();
  std::int64_t number = 0;
  // By name, in the index: where the page begins, what the index does not know, in the order of the list, and how many
  // names were looked at.
  struct ByNames {
    bool ended = false;
    std::optional<ResourcePlace> after;
    std::vector<std::pair<std::int64_t, std::size_t>> venues;
    std::optional<CandidateScan> scan;
    std::vector<SortedResources::Row> unknown;
    std::size_t looked_at = 0;
    std::size_t a_read = 2'000;  // as many are looked at in a read, each with its record
    // In parts if the search finds as many, or more where to ask for parts costs more.
    double many_rows = 3'000;
    // Parts may cost so many times as much as to read all that is found, if that is not very many.
    double times_rows = 0.5;
    // Names that are looked at until it is clear that few fit, or that they are all elsewhere.
    std::size_t names_max = 20'000;
    // To look at a name, with its record, costs as much as to look at so many texts one after the other.
    std::int64_t texts_for_a_name = 20;
    // Beginnings to try, the next one last. Of one that was found good, only names that begin so are read; what fits
    // and has another name is among the unknown, or still in the rest, at most rest_max.
    std::vector<std::string> to_try = {};
    std::string beginning = {};
    std::vector<std::int64_t> rest = {};
    bool tried_beginnings = false;
    std::size_t rest_max = 8'000;
    double reads_left = 0;  // parts may cost so many further ones
    // Where the next part begins, and the beginnings of names that too many have who may be found.
    std::optional<SortedResources::Key> part_behind = {};
    std::unordered_set<std::string> crowded = {};
    std::size_t part_max = 500;
    std::size_t walked_first = 200;  // names of a part that too many have
    // A part of the longest beginning may have more: so many at first, and so many when a walk along its names has not
    // filled the page.
    std::size_t long_part_max = 1'000;
    std::size_t longest_part_max = 4'000;
    std::optional<AskedBeginning> asked = {};
  } by_names = {};
  // By the index: where the page begins, what was found so far, and the page where that was not enough.
  struct ByIndex {
    SearchTurns turns;
    std::optional<SortedResources::Key> start;
    std::vector<std::pair<std::int64_t, std::size_t>> venues;  // by number: its place in the query's list
    std::optional<CandidateScan> scan;
    std::size_t a_read = SearchCandidates::kCandidatesARead;
    std::vector<std::int64_t> to_read;  // found, and not looked at yet
    TopK<SortedResources::Row, &SortedResources::Row::key, std::greater<>> chosen;
    std::vector<SortedResource> page;
    std::unordered_set<std::int64_t> numbers;  // in the page
  } by_index = {};

  bool full() const { return page.size() >= query.limit; }
};

}  // namespace shakehook::sqlite
