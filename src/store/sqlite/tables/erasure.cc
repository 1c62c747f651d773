#include "store/sqlite/tables/erasure.h"

#include "model/payload.h"

namespace shakehook::sqlite {
namespace {

// A commit may have to wait for a step.
constexpr std::int64_t kEventsAStep = 500;

// While this lives, freed space is zeroed even where that takes extra writes.
class SecureDelete {
 public:
  explicit SecureDelete(Connection& connection) : connection_(connection) {
    connection_.Integer("PRAGMA secure_delete = ON");
  }
  ~SecureDelete() { sqlite3_exec(connection_.get(), "PRAGMA secure_delete = FAST", nullptr, nullptr, nullptr); }
  SecureDelete(const SecureDelete&) = delete;
  SecureDelete& operator=(const SecureDelete&) = delete;

 private:
  Connection& connection_;
};

}  // namespace

ErasureRows::ErasureRows(Connection& connection, const ConfigRows& config)
    : connection_(connection),
      config_(config),
      find_(connection,
            "SELECT number, last_event, data IS NULL FROM resource WHERE venue = ?1 AND kind = ?2 AND id = ?3"),
      event_(connection, "SELECT type, timestamp, venues_group, previous FROM event WHERE position = ?1"),
      erase_payload_(connection, "UPDATE event SET payload = ?2 WHERE position = ?1"),
      erase_ended_(connection,
                   "UPDATE ended_delivery SET response_headers = NULL, response_body = NULL,"
                   " message = CASE WHEN status_code IS NULL THEN message END WHERE position = ?1"
                   " AND status_code IS NOT NULL"),
      erase_attempts_(connection,
                      "UPDATE attempt SET response_headers = NULL, response_body = NULL,"
                      " message = CASE WHEN status_code IS NULL THEN message END WHERE position = ?1"
                      " AND status_code IS NOT NULL") {}

Stored<Erasure> ErasureRows::Step(const VenueId& venue, ResourceKind kind, const ResourceId& id,
                                  std::optional<Position> before, WriteSession& session) {
  using Kind = Refusal::Kind;
  const auto venue_number = config_.VenueNumber(venue);
  if (!venue_number) return std::unexpected(Refusal{.kind = Kind::kMissing, .detail = "the venue does not exist"});
  auto resource = find_.With(*venue_number, kind, id);
  if (!resource.Step()) return std::unexpected(Refusal{.kind = Kind::kMissing, .detail = "there is nothing of it"});
  if (resource.Integer(2) == 0) return std::unexpected(Refusal{.kind = Kind::kExists, .detail = "it is not deleted"});

  const SecureDelete secure(connection_);
  Erasure erasure;
  std::optional<std::int64_t> next = before ? before->value : resource.Integer(1);
  while (next && erasure.events < kEventsAStep) {
    const Position position{*next};
    next.reset();
    {
      auto row = event_.With(position);
      if (!row.Step()) break;  // it was purged, and all before it too
      next = row.OptionalInteger(3);
      Event event{.type = row.As<EventType>(0), .timestamp = row.Time(1), .venue_id = venue, .resource_id = id};
      if (!row.IsNull(2)) event.venues_group_id = VenuesGroupId{std::string(row.Text(2))};
      erase_payload_.Run(position, WithoutData(event)->payload);
    }
    erase_ended_.Run(position);
    erase_attempts_.Run(position);
    ++erasure.events;
  }
  if (next) erasure.next = Position{*next};
  session.commit.erased.push_back({resource.Integer(0)});
  return erasure;
}

}  // namespace shakehook::sqlite
