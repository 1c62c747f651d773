#include "store/sqlite/tables/sorted_resources.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "store/sqlite/engine/newest_first_merge.h"

namespace shakehook::sqlite {

struct SortedResourceColumns : Columns<Column<"id", ResourceId>, Column<"version", std::int64_t>,
                                       Column<"last_timestamp", Timestamp>, Column<"data", std::string>> {};

// The key is a time or a text. The text that is searched is in resource_created, or else in the row itself,
// which is read only if there is a search (?6).
#define SHAKEHOOK_KEY_TEXT "CASE WHEN ?6 THEN search END AS searched"
struct SortKeyColumns : Columns<Column<"time", std::int64_t>, Column<"text", std::string>,
                                Column<"number", std::int64_t>, Column<SHAKEHOOK_KEY_TEXT, std::string_view>> {};

namespace {

// A column that a list is sorted by, the index with that order, and the rows that the index contains.
struct SortColumn {
  const char* key;  // as SortKeyColumns
  const char* column;
  const char* index;
  const char* held;
};
constexpr std::array<SortColumn, 3> kColumns = {
    {{"created_at AS time, NULL AS text", "created_at", "resource_created", "created_at IS NOT NULL"},
     {"last_timestamp AS time, NULL AS text", "last_timestamp", "resource_updated", "data IS NOT NULL"},
     {"NULL AS time, email AS text", "email", "resource_email", "email IS NOT NULL"}}};

// kBehind: the rows after all with the same key. kTied: the rows with the same key after a row.
enum class Part { kBehind, kTied };

std::string PageQuery(const SortColumn& by, SortDirection direction, Part part) {
  const bool ascending = direction == SortDirection::kAscending;
  const std::string column = by.column;
  const std::string beyond = ascending ? " > " : " < ";
  return std::string("SELECT ") + by.key + ", number, " SHAKEHOOK_KEY_TEXT " FROM resource INDEXED BY " + by.index +
         " WHERE venue = ?1 AND kind = ?2 AND " + by.held + " AND " + column +
         (part == Part::kTied ? " = ?3 AND number" + beyond + "?4" : beyond + "?3") + " ORDER BY " + column +
         (ascending ? ", number" : " DESC, number DESC") + " LIMIT ?5";
}

// The parameters are the same; ?3 is not used here.
std::string WithoutEmailQuery(SortDirection direction) {
  const bool ascending = direction == SortDirection::kAscending;
  return Sql("SELECT NULL AS time, NULL AS text, number, " SHAKEHOOK_KEY_TEXT
             " FROM resource INDEXED BY resource_no_email"
             " WHERE venue = ?1 AND kind = ?2 AND kind = {} AND email IS NULL AND data IS NOT NULL AND number ",
             ResourceKind::kContact) +
         (ascending ? "> ?4 ORDER BY number" : "< ?4 ORDER BY number DESC") + " LIMIT ?5";
}

constexpr auto kUp = SortDirection::kAscending;
constexpr auto kDown = SortDirection::kDescending;

// By sort and direction.
std::string PageQuery(std::size_t index, Part part) {
  return PageQuery(kColumns[index / 2], index % 2 ? kDown : kUp, part);
}
template <std::size_t... kIndex>
std::array<Select<SortKeyColumns>, 6> Pages(Connection& connection, Part part, std::index_sequence<kIndex...>) {
  return {Select<SortKeyColumns>(connection, WholeStatement{PageQuery(kIndex, part)})...};
}

bool IsByTime(ResourceSort sort) { return sort == ResourceSort::kCreatedAt || sort == ResourceSort::kUpdatedAt; }

}  // namespace

std::strong_ordering SortedResources::Key::operator<=>(const Key& other) const {
  if (last != other.last) return !last <=> !other.last;
  const auto order = std::tie(text, time, number) <=> std::tie(other.text, other.time, other.number);
  return ascending ? 0 <=> order : order;
}

SortedResources::SortedResources(Connection& connection, SearchCandidates& candidates)
    : candidates_(candidates),
      venue_number_(connection, "SELECT number FROM venue WHERE id = ?1 AND deleted = 0"),
      number_of_(connection, "SELECT number FROM resource WHERE venue = ?1 AND kind = ?2 AND id = ?3"),
      one_(connection, "FROM resource WHERE number = ?1 AND data IS NOT NULL"),
      texts_(connection, kFromTextsByCreation),
      candidate_(connection, "FROM resource WHERE number = ?1 AND data IS NOT NULL"),
      tied_(Pages(connection, Part::kTied, std::make_index_sequence<6>())),
      behind_(Pages(connection, Part::kBehind, std::make_index_sequence<6>())),
      without_email_{Select<SortKeyColumns>(connection, WholeStatement{WithoutEmailQuery(kUp)}),
                     Select<SortKeyColumns>(connection, WholeStatement{WithoutEmailQuery(kDown)})} {}

std::vector<std::string> SortedResources::Queries() {
  std::vector<std::string> queries = {Select<TextColumns>::TextOf(kFromTextsByCreation)};
  for (const Part part : {Part::kTied, Part::kBehind}) {
    for (std::size_t i = 0; i < 2 * kColumns.size(); ++i) queries.push_back(PageQuery(i, part));
  }
  for (const SortDirection direction : {kUp, kDown}) queries.push_back(WithoutEmailQuery(direction));
  return queries;
}

Progress SortedResources::Continue(SortedResourceListing& listing) {
  if (listing.full()) return Progress::kComplete;
  if (!listing.query.search.empty()) {
    if (!listing.by_index.start) listing.by_index.start = StartOf(listing.query);
    if (listing.by_index.turns.IndexHasTurn()) {
      if (const auto progress = ContinueByIndex(listing)) return *progress;
      listing.by_index.turns.IndexIsUseless();
    }
  }
  return ContinueInOrder(listing);
}

Progress SortedResources::ContinueInOrder(SortedResourceListing& listing) {
  SortedResourceQuery& query = listing.query;
  if (query.sort == ResourceSort::kName) {
    if (const auto progress = ContinueInNames(listing)) return *progress;
    return ContinueByName(listing);
  }
  NewestFirstMerge<Row> merged(StartOf(query));
  for (std::size_t venue = 0; venue < query.venues.size(); ++venue) {
    const auto number = VenueNumber(query.venues[venue]);
    if (!number) continue;
    merged.Add([this, &query, venue, number = *number](const Key& before, std::size_t limit) {
      return Read(query, venue, number, before, limit);
    });
  }
  for (std::size_t looked_at = 1;; ++looked_at) {
    const auto row = merged.Next();
    if (!row) return Progress::kComplete;
    const bool goes_on = looked_at == kScanRowsMax;
    if (!row->fits && !goes_on) continue;
    auto resource = ReadResource(query, *row);
    CHECK(resource);  // everything is one snapshot
    if (goes_on) query.after = resource->place;
    if (row->fits) listing.page.push_back(*std::move(resource));
    if (listing.full()) return Progress::kComplete;
    if (goes_on) return Progress::kGoesOn;
  }
}

Progress SortedResources::ContinueByName(SortedResourceListing& listing) {
  SortedResourceQuery& query = listing.query;
  const Key start = listing.behind ? *listing.behind : StartOf(query);
  const std::size_t wanted = query.limit - listing.page.size();
  std::size_t left = kScanRowsMax;
  for (; listing.venue < query.venues.size(); ++listing.venue) {
    if (const auto number = VenueNumber(query.venues[listing.venue])) {
      left -= LookAtNames(listing, *number, start, wanted, left);
      if (left == 0) return Progress::kGoesOn;
    }
    listing.created_at = std::numeric_limits<std::int64_t>::min();
    listing.number = 0;
  }
  const std::vector<Row> chosen = listing.chosen.TakeInOrder();
  for (const Row& row : chosen) {
    // A resource that was deleted and made again meanwhile may have come by twice.
    if (!listing.numbers.insert(row.key.number).second) continue;
    if (auto resource = ReadResource(query, row)) listing.page.push_back(*std::move(resource));
  }
  if (chosen.size() < wanted || listing.full()) return Progress::kComplete;
  listing.behind = chosen.back().key;  // later rows take the place of deleted ones
  listing.venue = 0;
  return Progress::kGoesOn;
}

std::size_t SortedResources::LookAtNames(SortedResourceListing& listing, std::int64_t venue, const Key& start,
                                         std::size_t wanted, std::size_t rows_max) {
  const SortedResourceQuery& query = listing.query;
  const bool ascending = query.direction == kUp;
  // Tells whether a name cannot be on the page. Most cannot, and cost no copy.
  const auto beyond = [ascending](std::string_view name, const Key& bound) {
    return ascending ? name > bound.text : name < bound.text;
  };
  std::size_t looked_at = 0;
  for (auto row = texts_.With(venue, query.kind, listing.created_at, listing.number, rows_max); row.Step();
       ++looked_at) {
    listing.created_at = row.Get<"created_at">();
    listing.number = row.Get<"number">();
    const std::string_view name = row.Get<"sort_name">();
    const Row* const last = listing.chosen.Last(wanted);
    if (last && beyond(name, last->key)) continue;
    if (name != start.text && !beyond(name, start)) continue;
    if (!query.search.Finds(row.Get<"search">())) continue;
    Row found{.key = {.text = std::string(name), .number = listing.number, .ascending = ascending},
              .venue = listing.venue};
    if (found.key < start && listing.chosen.Wants(found.key, wanted)) {
      listing.chosen.Add(std::move(found), wanted);
    }
  }
  return looked_at;
}

std::optional<std::int64_t> SortedResources::VenueNumber(const VenueId& venue) { return venue_number_.First(venue); }

SortedResources::Key SortedResources::StartOf(const SortedResourceQuery& query) {
  using Limits = std::numeric_limits<std::int64_t>;
  const bool ascending = query.direction == kUp;
  if (!query.after) {
    if (ascending) return {.time = Limits::min(), .number = -1, .ascending = true};
    return {.text = "\xff", .time = Limits::max(), .number = Limits::max()};  // behind all text
  }
  // If the last resource was purged meanwhile, those with the same key are listed again.
  std::int64_t number = ascending ? 0 : Limits::max();
  if (const auto venue = VenueNumber(query.after->venue_id)) {
    number = number_of_.First(*venue, query.kind, query.after->id).value_or(number);
  }
  const bool by_time = IsByTime(query.sort);
  return {.last = query.sort == ResourceSort::kEmail && query.after->text.empty(),
          .text = by_time ? "" : query.after->text,
          .time = by_time ? UnixMs(query.after->time) : 0,
          .number = number,
          .ascending = ascending};
}

std::vector<SortedResources::Row> SortedResources::Read(const SortedResourceQuery& query, std::size_t venue,
                                                        std::int64_t number, const Key& before, std::size_t limit) {
  std::vector<Row> rows;
  const bool ascending = query.direction == kUp;
  if (!before.last) {
    const std::size_t index = (static_cast<std::size_t>(query.sort) - 1) * 2 + (ascending ? 0 : 1);
    ReadFrom(tied_[index], query, venue, number, before, limit, rows);
    if (rows.size() < limit) {
      ReadFrom(behind_[index], query, venue, number, before, limit - rows.size(), rows);
    }
  }
  if (query.sort != ResourceSort::kEmail || rows.size() == limit) return rows;
  Key key = before;
  if (!before.last) key = {.number = ascending ? -1 : std::numeric_limits<std::int64_t>::max()};
  key.last = true;
  ReadFrom(without_email_[ascending ? 0 : 1], query, venue, number, key, limit - rows.size(), rows);
  return rows;
}

void SortedResources::ReadFrom(Select<SortKeyColumns>& statement, const SortedResourceQuery& query, std::size_t venue,
                               std::int64_t number, const Key& before, std::size_t limit, std::vector<Row>& into) {
  const bool by_time = IsByTime(query.sort);
  const bool searches = !query.search.empty();
  const auto add = [&](Rows<SortKeyColumns> row) {
    while (row.Step()) {
      into.push_back({.key = {.last = before.last,
                              .text = row.Get<"text">(),
                              .time = row.Get<"time">(),
                              .number = row.Get<"number">(),
                              .ascending = query.direction == kUp},
                      .venue = venue,
                      .fits = query.search.empty() || query.search.Finds(row.Get<"searched">())});
    }
  };
  if (by_time) {
    add(statement.With(number, query.kind, before.time, before.number, limit, searches));
  } else {
    add(statement.With(number, query.kind, before.text, before.number, limit, searches));
  }
}

std::optional<SortedResource> SortedResources::ReadResource(const SortedResourceQuery& query, const Row& row) {
  auto found = one_.With(row.key.number);
  if (!found.Step()) return std::nullopt;
  const ResourceId id = found.Get<"id">();
  return SortedResource{
      .place = {.text = row.key.text, .time = FromUnixMs(row.key.time), .venue_id = query.venues[row.venue], .id = id},
      .resource = {.id = id,
                   .version = found.Get<"version">(),
                   .last_timestamp = found.Get<"last_timestamp">(),
                   .data = found.Get<"data">()}};
}

}  // namespace shakehook::sqlite
