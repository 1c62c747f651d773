#include "store/postgres/tables/sorted_resources.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "store/postgres/engine/number_of.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

constexpr std::size_t kScanRowsMax = 10'000;

struct NumberColumns : Columns<Column<"number", ResourceNumber>> {};
struct SortedColumns
    : Columns<Column<"w.place", std::int64_t>, Column<"r.id", ResourceId>, Column<"r.version", std::int64_t>,
              Column<"r.last_timestamp", Timestamp>, Column<"r.data", std::string>,
              Column<"r.search", std::string_view>, Column<"r.created_at", std::optional<Timestamp>>,
              Column<"r.email", std::optional<std::string>>, Column<"r.sort_name", std::optional<std::string>>> {};

// A column that a list is sorted by, and the rows that its index contains.
struct SortColumn {
  std::string column;
  std::string held;
};

// The last part of a list by e-mail has those without one, in the order in which they were made.
SortColumn ColumnOf(ResourceSort sort, bool without_email) {
  switch (sort) {
    case ResourceSort::kName:
      return {"sort_name", "sort_name IS NOT NULL"};
    case ResourceSort::kCreatedAt:
      return {"created_at", "created_at IS NOT NULL"};
    case ResourceSort::kUpdatedAt:
      return {"last_timestamp", "data IS NOT NULL"};
    case ResourceSort::kEmail:
      if (!without_email) return {"email", "email IS NOT NULL"};
      return {"number", "email IS NULL AND data IS NOT NULL AND kind = " + NumberOf(ResourceKind::kContact)};
  }
  std::unreachable();
}

std::string PageOf(const SortColumn& by, SortDirection direction, bool from_the_start) {
  const bool ascending = direction == SortDirection::kAscending;
  const std::string order = ascending ? "" : " DESC";
  const std::string behind = "(" + by.column + ", number) " + (ascending ? ">" : "<") + " ($5, $6)";
  const auto sorted = [&](const std::string& table) {
    return " ORDER BY " + table + by.column + order + ", " + table + "number" + order + " LIMIT $4";
  };
  return "FROM unnest($2::int8[]) WITH ORDINALITY AS w (venue, place) CROSS JOIN LATERAL (SELECT id, version,"
         " last_timestamp, data, search, created_at, email, sort_name, number FROM resource WHERE tenant = $1"
         " AND venue = w.venue AND kind = $3 AND data IS NOT NULL AND " +
         by.held + (from_the_start ? "" : " AND " + behind) + sorted("") + ") r" + sorted("r.");
}

// If the last resource was purged meanwhile, those with the same key are listed again.
Async<ResourceNumber> NumberOfLast(const SortedListing& listing, Connection& connection) {
  const SortedResourceQuery& query = listing.query;
  const auto venue = std::ranges::find(listing.venue_ids, query.after->venue_id);
  const bool ascending = query.direction == SortDirection::kAscending;
  const ResourceNumber before_all{ascending ? 0 : std::numeric_limits<std::int64_t>::max()};
  if (venue == listing.venue_ids.end()) co_return before_all;
  const auto number = listing.venues[static_cast<std::size_t>(venue - listing.venue_ids.begin())];
  const auto rows = co_await connection.Run(
      Select<NumberColumns>("FROM resource WHERE tenant = $1 AND venue = $2 AND kind = $3 AND id = $4")
          .With(kTenant, number, query.kind, query.after->id));
  co_return rows.empty() ? before_all : rows[0].Get<"number">();
}

bool IsWithoutEmail(const SortedResourceQuery& query) {
  return query.sort == ResourceSort::kEmail && query.after && query.after->text.empty();
}

// Reads the next rows of one part of the list.
Async<Rows<SortedColumns>> ReadPart(const SortedListing& listing, Connection& connection) {
  const SortedResourceQuery& query = listing.query;
  const bool without_email = IsWithoutEmail(query);
  // The part of those without an e-mail begins behind a place that names nobody.
  const bool from_the_start = !query.after || (without_email && query.after->id.text.empty());
  const Select<SortedColumns> select(PageOf(ColumnOf(query.sort, without_email), query.direction, from_the_start));
  auto bound = select.With(kTenant, listing.venues, query.kind, listing.rows_at_once);
  if (!from_the_start) {
    const ResourceNumber number = co_await NumberOfLast(listing, connection);
    Parameters& parameters = bound.statement.parameters;
    if (without_email) {
      parameters.Bind(number);
    } else if (query.sort == ResourceSort::kName || query.sort == ResourceSort::kEmail) {
      parameters.Bind(query.after->text);
    } else {
      parameters.Bind(query.after->time);
    }
    parameters.Bind(number);
  }
  co_return co_await connection.Run(std::move(bound));
}

ResourcePlace PlaceOf(const SortedListing& listing, const Row<SortedColumns>& row) {
  ResourcePlace place{.text = {},
                      .time = {},
                      .venue_id = listing.venue_ids[static_cast<std::size_t>(row.Get<"place">() - 1)],
                      .id = row.Get<"id">()};
  switch (listing.query.sort) {
    case ResourceSort::kName:
      place.text = row.Get<"sort_name">().value_or("");
      break;
    case ResourceSort::kEmail:
      place.text = row.Get<"email">().value_or("");
      break;
    case ResourceSort::kCreatedAt:
      place.time = row.Get<"created_at">().value_or(Timestamp());
      break;
    case ResourceSort::kUpdatedAt:
      place.time = row.Get<"last_timestamp">();
      break;
  }
  return place;
}

}  // namespace

Async<SortedListing> ContinueList(SortedListing listing, Connection& connection) {
  SortedResourceQuery& query = listing.query;
  if (listing.venues.empty() || query.asker.gone.stop_requested()) {
    listing.complete = true;
    co_return listing;
  }
  // Without a search that lets few rows through, a page is one statement.
  listing.rows_at_once = listing.rows_at_once == 0 ? query.limit : std::min(2 * listing.rows_at_once, kScanRowsMax);
  const auto rows = co_await ReadPart(listing, connection);
  for (const auto row : rows) {
    const ResourcePlace place = PlaceOf(listing, row);
    query.after = place;
    if (!query.search.Finds(row.Get<"search">())) continue;
    listing.page.push_back({.place = place,
                            .resource = {.id = row.Get<"id">(),
                                         .version = row.Get<"version">(),
                                         .last_timestamp = row.Get<"last_timestamp">(),
                                         .data = row.Get<"data">()}});
    listing.complete = listing.page.size() == query.limit;
    if (listing.complete) co_return listing;
  }
  if (rows.size() == listing.rows_at_once) co_return listing;
  const bool has_more = query.sort == ResourceSort::kEmail && !IsWithoutEmail(query);
  if (has_more) query.after = ResourcePlace{};
  listing.complete = !has_more;
  co_return listing;
}

}  // namespace shakehook::postgres
