#include "store/sqlite/tables/replay_rows.h"

#include <string>
#include <utility>

#include "base/check.h"

namespace shakehook::sqlite {
namespace {

std::unexpected<Refusal> Refuse(Refusal::Kind kind, std::string detail) {
  return std::unexpected(Refusal{.kind = kind, .detail = std::move(detail)});
}

}  // namespace

struct RunningReplaysColumns : Columns<Column<"count(*) AS running", std::int64_t>,
                                       Column<"coalesce(sum(webhook = ?1), 0) AS of_webhook", std::int64_t>> {};

ReplayRows::ReplayRows(Connection& connection, const Rows& rows, Random& random)
    : connection_(connection),
      deliveries_(rows.deliveries),
      health_(rows.health),
      possibly_pending_(rows.possibly_pending),
      owed_(rows.owed),
      cancelations_(rows.cancelations),
      random_(random),
      events_(connection),
      reads_(connection, events_),
      running_(connection, Sql("FROM replay INDEXED BY replay_running WHERE state = {}", ReplayState::kRunning)),
      insert_(
          connection,
          Sql("INSERT INTO replay (id, webhook, statuses, events, since, until, missing, state, matched, done,"
              " created_at, looked_until, last_position) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, {}, ?8, 0, ?9, ?10, ?11)",
              ReplayState::kRunning)),
      end_(connection,
           Sql("UPDATE replay SET state = ?2, ended_at = ?3 WHERE id = ?1 AND state = {}", ReplayState::kRunning)),
      end_of_(connection, Sql("UPDATE replay SET state = {}, ended_at = ?2 WHERE webhook = ?1 AND state = {}",
                              ReplayState::kCanceled, ReplayState::kRunning)),
      move_(connection, Sql("UPDATE replay SET looked_until = ?3, done = done + ?4"
                            " WHERE id = ?1 AND state = {} AND looked_until = ?2",
                            ReplayState::kRunning)),
      // It bears its event's time, so that the log stays in the order of its times. Only if the webhook has none yet.
      insert_missing_(
          connection,
          Sql("INSERT OR IGNORE INTO pending_delivery (webhook, position, id, resource, purpose,"
              " attempt_trigger, attempts_made, retries_made, created_at, due)"
              " SELECT ?1, position, ?3, resource, {}, {}, 0, 0, created_at, ?4 FROM event WHERE position = ?2"
              " AND NOT EXISTS (SELECT 1 FROM ended_delivery WHERE webhook = ?1 AND position = ?2)",
              OwedDelivery::Purpose::kDeliver, AttemptTrigger::kReplay)),
      purge_(connection,
             "DELETE FROM replay WHERE id IN"
             " (SELECT id FROM replay INDEXED BY replay_ended WHERE ended_at < ?1 ORDER BY ended_at LIMIT ?2)") {}

Stored<Done> ReplayRows::Start(const Replay& replay, WriteSession& session) {
  if (!session.FindWebhook(replay.webhook)) return Refuse(Refusal::Kind::kMissing, "the webhook does not exist");
  {
    auto row = running_.With(replay.webhook);
    CHECK(row.Step());
    if (row.Get<"of_webhook">() > 0) return Refuse(Refusal::Kind::kExists, "A replay of this webhook is running.");
    if (row.Get<"running">() >= kRunningReplaysMax) {
      return Refuse(Refusal::Kind::kExists, std::to_string(kRunningReplaysMax) + " replays are running already.");
    }
  }
  const ReplayRange range = reads_.RangeOf(replay.filter);
  insert_.Run(replay.id, replay.webhook, replay.filter.statuses.bits, replay.filter.events.bits, replay.filter.since,
              replay.filter.until, replay.filter.missing, replay.matched, replay.created_at, range.after, range.last);
  session.commit.replays.push_back(replay.id);
  return Done();
}

Stored<Replay> ReplayRows::Cancel(ReplayId id, Timestamp now) {
  end_.Run(id, ReplayState::kCanceled, now);
  auto replay = reads_.Find(id);
  if (!replay) return Refuse(Refusal::Kind::kMissing, "no such replay");
  return *std::move(replay);
}

ReplayStep ReplayRows::Continue(const ReplayWork& work, Timestamp now, WriteSession& session) {
  const Replay& replay = work.replay;
  const SharedWebhook webhook = session.FindWebhook(replay.webhook);
  if (!webhook || webhook->enabled == Switch::kOff) return ReplayStep::kPaused;
  if (cancelations_.IsUnderWay(replay.webhook)) return ReplayStep::kWaits;
  move_.Run(replay.id, work.range.after, work.page.looked_until, 0);
  if (connection_.changes() == 0) return ReplayStep::kMoved;  // canceled, or moved by another step
  std::int64_t done = 0;
  for (const Position position : work.page.ended) {
    if (deliveries_.Replay({position, replay.webhook}, replay.filter.statuses, now)) ++done;
  }
  for (const Position position : work.page.missing) {
    if (MakeMissing(*webhook, position, now)) ++done;
  }
  move_.Run(replay.id, work.page.looked_until, work.page.looked_until, done);
  if (done > 0) session.commit.due.push_back({webhook, now});
  if (work.page.looked_until < work.range.last) return ReplayStep::kMoved;
  end_.Run(replay.id, ReplayState::kDone, now);
  return ReplayStep::kEnded;
}

bool ReplayRows::MakeMissing(const Webhook& webhook, Position position, Timestamp now) {
  if (owed_.Has({position, webhook.number})) return false;
  insert_missing_.Run(DeliveryKey{position, webhook.number}, DeliveryId{Uuid::MakeV7(now, random_)}, now);
  if (connection_.changes() == 0) return false;
  ++health_.Touch(webhook.number).pending;
  possibly_pending_.Add({position, webhook.number});
  return true;
}

void ReplayRows::CancelOf(WebhookNumber webhook, Timestamp now) { end_of_.Run(webhook, now); }

std::int64_t ReplayRows::Purge(Timestamp before, std::size_t limit) {
  purge_.Run(before, limit);
  return connection_.changes();
}

}  // namespace shakehook::sqlite
