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

struct ErasedResourceColumns : Columns<Column<"number", ResourceNumber>, Column<"last_event", Position>,
                                       Column<"data IS NULL AS deleted", bool>> {};

struct ErasedEventColumns
    : Columns<Column<"type", EventType>, Column<"timestamp", Timestamp>,
              Column<"venues_group", std::optional<VenuesGroupId>>, Column<"previous", std::optional<Position>>> {};

ErasureRows::ErasureRows(Connection& connection, const ConfigRows& config)
    : connection_(connection),
      config_(config),
      find_(connection, "FROM resource WHERE venue = ?1 AND kind = ?2 AND id = ?3"),
      event_(connection, "FROM event WHERE position = ?1"),
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
  if (!resource.Step()) return std::unexpected(Refusal{.kind = Kind::kMissing, .detail = "nothing of it is stored"});
  if (!resource.Get<"deleted">()) return std::unexpected(Refusal{.kind = Kind::kExists, .detail = "it is not deleted"});

  const SecureDelete secure(connection_);
  Erasure erasure;
  std::optional<Position> next = before ? *before : resource.Get<"last_event">();
  while (next && erasure.events < kEventsAStep) {
    const Position position = *next;
    next.reset();
    {
      auto row = event_.With(position);
      if (!row.Step()) break;  // it was purged, and all before it too
      next = row.Get<"previous">();
      const Event event{.type = row.Get<"type">(),
                        .timestamp = row.Get<"timestamp">(),
                        .venue_id = venue,
                        .venues_group_id = row.Get<"venues_group">(),
                        .resource_id = id};
      erase_payload_.Run(position, WithoutData(event)->payload);
    }
    erase_ended_.Run(position);
    erase_attempts_.Run(position);
    ++erasure.events;
  }
  erasure.next = next;
  session.commit.erased.push_back(resource.Get<"number">());
  return erasure;
}

}  // namespace shakehook::sqlite
