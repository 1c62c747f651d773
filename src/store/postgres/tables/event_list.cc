#include "store/postgres/tables/event_list.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "store/postgres/tables/event_reads.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// The rows that a step looks at where a filter lets only some through.
constexpr std::size_t kRowsAtOnce = 1'000;
constexpr Position kNewest{std::numeric_limits<std::int64_t>::max()};

struct RowColumns : Columns<Column<"position", Position>, Column<"type", EventType>, Column<"origin", EventOrigin>,
                            Column<"timestamp", Timestamp>> {};

// Rows below the position $2, newest first, $4 at most; those of a time lie below $5 and not below $3.
std::string RowsOf(std::string_view condition, std::string_view below) {
  return "(SELECT position, type, origin, timestamp FROM event WHERE tenant = $1 AND position < " + std::string(below) +
         std::string(condition) + " ORDER BY position DESC LIMIT $4)";
}
constexpr std::string_view kOfTime = "least($2, $5) AND position >= $3";

// The statement that reads the query's rows, by an index that fits; the last parameter, $6, names the venues, the
// resource or the type.
std::string SourcesOf(const EventQuery& query) {
  if (query.resource_id) {
    return "SELECT e.* FROM (SELECT number FROM venue WHERE tenant = $1 UNION ALL SELECT -number FROM webhook"
           " WHERE tenant = $1) v CROSS JOIN LATERAL (SELECT number FROM resource WHERE tenant = $1"
           " AND venue = v.number AND kind IN (0, 1) AND id = $6 OFFSET 0) r CROSS JOIN LATERAL " +
           RowsOf(" AND resource = r.number AND origin IS NOT NULL", "$2") + " e";
  }
  std::string sources;
  if (!query.venues.empty()) {
    sources = "SELECT e.* FROM unnest($6::int8[]) AS w (venue) CROSS JOIN LATERAL " +
              RowsOf(" AND venue = w.venue", kOfTime) + " e";
  } else {
    sources = RowsOf(query.type ? " AND type = $6" : "", kOfTime);
  }
  // Events of another time than that of their making; the condition is the index's.
  if (query.since || query.until) sources += " UNION ALL " + RowsOf(" AND abs(timestamp - created_at) > 10000", "$2");
  return sources;
}

class Step {
 public:
  Step(EventListing listing, Connection& connection)
      : listing_(std::move(listing)), query_(listing_.query), connection_(connection) {}

  Async<EventListing> Run() {
    listing_.complete = listing_.page.size() >= query_.limit || (!query_.venues.empty() && listing_.venues.empty());
    if (listing_.complete) co_return std::move(listing_);
    if (!query_.before) query_.before = kNewest;
    // A resource's events are few enough to be looked at whatever their time.
    if (query_.since && !query_.resource_id) floor_ = co_await FloorOf(*query_.since, connection_);
    if (query_.until && !query_.resource_id) ceiling_ = co_await CeilingOf(*query_.until, connection_);
    const std::size_t limit = RowsToLookAt();
    const auto rows = co_await connection_.Run(Bind(limit));
    listing_.complete = rows.size() < limit;
    co_await Consider(rows);
    co_return std::move(listing_);
  }

 private:
  std::size_t RowsToLookAt() const {
    const bool filters = query_.type || query_.resource_id || query_.since || query_.until;
    return filters ? kRowsAtOnce : query_.limit - listing_.page.size() + 1;
  }

  BoundSelect<RowColumns> Bind(std::size_t limit) const {
    const Select<RowColumns> select("FROM (" + SourcesOf(query_) + ") s ORDER BY position DESC LIMIT $4");
    const auto with = [&](const auto& last) {
      return select.With(kTenant, *query_.before, floor_, limit, ceiling_, last);
    };
    if (query_.resource_id) return with(*query_.resource_id);
    if (!query_.venues.empty()) return with(listing_.venues);
    return with(query_.type ? static_cast<int>(*query_.type) : 0);
  }

  bool IsAsked(const Row<RowColumns>& row) const {
    const auto timestamp = row.Get<"timestamp">();
    return row.Get<"origin">() != EventOrigin::kTest && (!query_.type || row.Get<"type">() == *query_.type) &&
           (!query_.since || timestamp >= *query_.since) && (!query_.until || timestamp < *query_.until);
  }

  // Takes those that fit the query into the page. One of another time than that of its making may come twice.
  Async<> Consider(const Rows<RowColumns>& rows) {
    std::vector<Position> positions;
    for (const auto row : rows) {
      const auto position = row.Get<"position">();
      const bool repeats = !positions.empty() && positions.back() == position;
      query_.before = std::min(*query_.before, position);
      if (repeats || !IsAsked(row)) continue;
      positions.push_back(position);
      if (positions.size() < query_.limit - listing_.page.size()) continue;
      listing_.complete = false;  // the venue of what is read may be another one
      break;
    }
    auto events = co_await EventsAt(std::move(positions), connection_);
    for (ListedEvent& listed : events) {
      const bool asked =
          query_.venues.empty() || std::ranges::find(query_.venues, listed.event->venue_id) != query_.venues.end();
      if (asked) listing_.page.push_back(std::move(listed));
    }
    listing_.complete = listing_.complete || listing_.page.size() >= query_.limit;
  }

  EventListing listing_;
  EventQuery& query_;
  Connection& connection_;
  Position floor_;
  Position ceiling_ = kNewest;
};

}  // namespace

Async<EventListing> ContinueList(EventListing listing, Connection& connection) {
  Step step(std::move(listing), connection);
  co_return co_await step.Run();
}

}  // namespace shakehook::postgres
