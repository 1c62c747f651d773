#include "store/postgres/tables/erasure.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "model/payload.h"
#include "store/postgres/tables/tenant.h"

namespace shakehook::postgres {
namespace {

// A group of changes may have to wait for a step.
constexpr std::size_t kEventsAStep = 500;

struct ErasedResourceColumns : Columns<Column<"number", ResourceNumber>, Column<"data IS NULL AS deleted", bool>> {};
struct ErasedEventColumns
    : Columns<Column<"position", Position>, Column<"type", EventType>, Column<"timestamp", Timestamp>,
              Column<"venues_group", std::optional<VenuesGroupId>>> {};

// Statements go from position to position, whatever a plan was made of (delivery_rows.cc).
BoundStatement EraseResponsesIn(const std::string& table, const std::vector<Position>& positions) {
  return Statement("UPDATE " + table +
                   " d SET response_headers = NULL, response_body = NULL, message = NULL FROM (SELECT e.ctid AS place"
                   " FROM unnest($2::int8[]) AS w (position) CROSS JOIN LATERAL (SELECT ctid FROM " +
                   table +
                   " WHERE tenant = $1 AND position = w.position AND status_code IS NOT NULL OFFSET 0) e) u"
                   " WHERE d.ctid = u.place")
      .With(kTenant, positions);
}

}  // namespace

Async<Stored<Erasure>> EraseStep(ToErase erase, ConfigRows& config, const Directory& directory,
                                 Transaction& transaction) {
  Connection& connection = transaction.connection();
  co_await config.Share(connection);
  const auto venue = directory.VenueNumber(erase.venue);
  if (!venue) co_return Refuse(Refusal::Kind::kMissing, "the venue does not exist");
  // The row is held, so that nobody makes the resource anew meanwhile.
  const auto resources =
      co_await connection.Run(Select<ErasedResourceColumns>(
                                  "FROM resource WHERE tenant = $1 AND venue = $2 AND kind = $3 AND id = $4 FOR UPDATE")
                                  .With(kTenant, *venue, erase.kind, erase.id));
  if (resources.empty()) co_return Refuse(Refusal::Kind::kMissing, "nothing of it is stored");
  if (!resources[0].Get<"deleted">()) co_return Refuse(Refusal::Kind::kExists, "it is not deleted");
  const auto resource = resources[0].Get<"number">();

  const Position from = erase.before.value_or(Position{std::numeric_limits<std::int64_t>::max()});
  const auto rows = co_await connection.Run(
      Select<ErasedEventColumns>("FROM event WHERE tenant = $1 AND resource = $2 AND position <= $3"
                                 " AND origin IS NOT NULL ORDER BY position DESC LIMIT $4")
          .With(kTenant, resource, from, kEventsAStep + 1));
  Erasure erasure;
  std::vector<Position> positions;
  std::vector<std::string> payloads;
  for (const auto row : rows) {
    if (positions.size() == kEventsAStep) {
      erasure.next = row.Get<"position">();
      break;
    }
    const Event event{.type = row.Get<"type">(),
                      .timestamp = row.Get<"timestamp">(),
                      .venue_id = erase.venue,
                      .venues_group_id = row.Get<"venues_group">(),
                      .resource_id = erase.id};
    positions.push_back(row.Get<"position">());
    payloads.push_back(WithoutData(event)->payload);
  }
  erasure.events = static_cast<std::int64_t>(positions.size());
  transaction.writes.Add(
      Statement(
          "UPDATE event d SET payload = u.payload FROM (SELECT e.ctid AS place, w.payload"
          " FROM unnest($2::int8[], $3::text[]) AS w (position, payload) CROSS JOIN LATERAL (SELECT ctid FROM event"
          " WHERE tenant = $1 AND position = w.position OFFSET 0) e) u WHERE d.ctid = u.place")
          .With(kTenant, positions, payloads));
  transaction.writes.Add(EraseResponsesIn("ended_delivery", positions));
  transaction.writes.Add(EraseResponsesIn("attempt", positions));
  transaction.commit.erased.push_back(resource);
  co_return erasure;
}

}  // namespace shakehook::postgres
