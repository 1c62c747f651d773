#include "store/sqlite/tables/delivery_rows.h"

#include <utility>

#include "base/check.h"
#include "store/sqlite/tables/attempt_columns.h"

namespace shakehook::sqlite {
namespace {

using Purpose = OwedDelivery::Purpose;
using Verdict = AttemptResult::Verdict;

constexpr std::string_view kStillCanceling = "the webhook's pending deliveries are being canceled";

Refusal NoSuchDelivery() { return {.kind = Refusal::Kind::kMissing, .detail = "no such delivery"}; }

}  // namespace

struct EndedStatusColumns : Columns<Column<"ended_delivery.id", std::string_view>, Column<"status", DeliveryStatus>,
                                    Column<"attempt_count", int>, Column<"ended_delivery.created_at", Timestamp>,
                                    Column<"event.resource", ResourceNumber>, Column<"event.origin", EventOrigin>> {};

DeliveryRows::DeliveryRows(Connection& connection, const Rows& rows)
    : connection_(connection),
      server_changes_(rows.server_changes),
      incidents_(rows.incidents),
      health_(rows.health),
      statistics_(rows.statistics),
      possibly_pending_(rows.possibly_pending),
      owed_(rows.owed),
      cancelations_(rows.cancelations),
      ids_(connection),
      reads_(connection),
      retry_(
          connection,
          Sql("UPDATE pending_delivery SET attempt_trigger = {}, attempts_made = ?3, retries_made = retries_made + 1,"
              " due = ?4 WHERE webhook = ?1 AND position = ?2",
              AttemptTrigger::kAutomatic)),
      insert_retry_(
          connection,
          Sql("INSERT INTO pending_delivery (webhook, position, id, resource, purpose, attempt_trigger,"
              " attempts_made, retries_made, created_at, due)"
              " SELECT ?1, position, x'', resource, {}, {}, ?3, 1, created_at, ?4 FROM event WHERE position = ?2",
              Purpose::kDeliver, AttemptTrigger::kAutomatic)),
      take_(connection, Sql("DELETE FROM pending_delivery WHERE webhook = ?1 AND position = ?2 AND purpose <> {}",
                            Purpose::kAgain)),
      take_again_(connection, Sql("DELETE FROM pending_delivery WHERE webhook = ?1 AND position = ?2 AND purpose = {}",
                                  Purpose::kAgain)),
      insert_ended_(connection,
                    "INSERT INTO ended_delivery (webhook, position, id, status, attempt_count, created_at,"
                    " ended_at, " +
                        AttemptColumns::Text() +
                        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
                        " ?18, ?19, ?20, ?21, ?22, ?23, ?24)"),
      insert_attempt_(connection, "INSERT OR IGNORE INTO attempt (webhook, position, " + AttemptColumns::Text() +
                                      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                                      " ?17, ?18, ?19)"),
      late_attempt_exists_(connection, "SELECT 1 FROM ended_delivery WHERE webhook = ?1 AND position = ?2"),
      count_late_(
          connection,
          "UPDATE ended_delivery SET attempt_count = max(attempt_count, ?3) WHERE webhook = ?1 AND position = ?2"),
      deliver_late_(connection, Sql("UPDATE ended_delivery SET status = {}, ended_at = ?3"
                                    " WHERE webhook = ?1 AND position = ?2 AND status <> {}",
                                    DeliveryStatus::kDelivered, DeliveryStatus::kDelivered)),
      make_due_(connection,
                Sql("UPDATE pending_delivery SET due = ?3, attempt_trigger = {} WHERE webhook = ?1 AND position = ?2",
                    AttemptTrigger::kManual)),
      pending_exists_(connection, "SELECT 1 FROM pending_delivery WHERE webhook = ?1 AND position = ?2"),
      ended_status_(
          connection,
          "FROM ended_delivery JOIN event USING (position) WHERE webhook = ?1 AND ended_delivery.position = ?2"),
      fold_out_(connection, "INSERT OR IGNORE INTO attempt (webhook, position, " + AttemptColumns::Text() +
                                ") SELECT webhook, position, " + AttemptColumns::Text() +
                                " FROM ended_delivery WHERE webhook = ?1 AND position = ?2 AND number IS NOT NULL"),
      unend_(connection, "DELETE FROM ended_delivery WHERE webhook = ?1 AND position = ?2"),
      insert_again_(
          connection,
          "INSERT INTO pending_delivery (webhook, position, id, resource, purpose, attempt_trigger, attempts_made,"
          " retries_made, created_at, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9)"),
      insert_by_hand_(
          connection,
          Sql("INSERT INTO pending_delivery (webhook, position, id, resource, purpose, attempt_trigger,"
              " attempts_made, retries_made, created_at, due)"
              " SELECT ?1, position, x'', resource, {}, {}, 0, 0, created_at, ?3 FROM event WHERE position = ?2",
              Purpose::kDeliver, AttemptTrigger::kManual)) {}

// --- Results ---

bool DeliveryRows::TakePending(DeliveryKey key) {
  if (owed_.Remove(key)) return true;
  take_.Run(key);
  if (connection_.changes() > 0) return true;
  take_again_.Run(key);
  return false;
}

// Tells whether the delivery was owed.
bool DeliveryRows::Retry(const AttemptResult& result) {
  const DeliveryKey& key = result.key;
  if (owed_.Remove(key)) {
    insert_retry_.Run(key, result.attempt.number, result.retry_at);
    CHECK(connection_.changes() == 1);
    return true;
  }
  retry_.Run(key, result.attempt.number, result.retry_at);
  return connection_.changes() > 0;
}

void DeliveryRows::Record(const AttemptResult& result, WriteSession& session) {
  const DeliveryKey& key = result.key;
  const bool counts = result.purpose == Purpose::kDeliver;
  cancelations_.Settle(key);
  std::optional<DeliveryStatus> ended_as;
  if (result.verdict == Verdict::kRetry && counts) {
    if (!Retry(result)) {
      RecordLate(result);
    } else {
      AttemptValues(result.attempt).RunWith(insert_attempt_, key);
      CountHealth(result, false, session);
    }
  } else if (!TakePending(key)) {
    if (RecordLate(result)) ended_as = DeliveryStatus::kDelivered;
  } else {
    ended_as = result.verdict == Verdict::kDelivered ? DeliveryStatus::kDelivered : DeliveryStatus::kFailed;
    End(result, *ended_as);
    if (counts) CountHealth(result, true, session);
  }
  if (result.purpose != Purpose::kTest && session.FindWebhook(key.webhook)) CountStatistics(result, ended_as);
  if (result.verdict == Verdict::kGone && counts) {
    server_changes_.DisableGone(key.webhook, result.ended_at, session);
  }
  if (session.wants_attempts()) {
    auto delivery = reads_.Read(key);
    const SharedWebhook webhook = session.FindWebhook(key.webhook);
    if (delivery && webhook) session.commit.attempted.push_back({webhook, *std::move(delivery), result.attempt});
  }
}

// The delivery has ended already: it was canceled while the attempt was under way, or delivered before and sent again.
bool DeliveryRows::RecordLate(const AttemptResult& result) {
  const DeliveryKey& key = result.key;
  if (!late_attempt_exists_.With(key).Step()) return false;  // purged, with its webhook
  AttemptValues(result.attempt).RunWith(insert_attempt_, key);
  count_late_.Run(key, result.attempt.number);
  if (result.verdict != Verdict::kDelivered) return false;
  deliver_late_.Run(key, result.ended_at);
  return connection_.changes() > 0;
}

void DeliveryRows::End(const AttemptResult& result, DeliveryStatus status) {
  CHECK(result.id != DeliveryId());
  AttemptValues(result.attempt)
      .RunWith(insert_ended_, result.key, ids_.ToStored(result.id, result.key, result.created_at), status,
               result.attempt.number, result.created_at, result.ended_at);
}

void DeliveryRows::CountHealth(const AttemptResult& result, bool ended, WriteSession& session) {
  WebhookHealth& health = health_.Touch(result.key.webhook);
  if (ended) --health.pending;
  if (result.verdict == Verdict::kDelivered) {
    health.consecutive_failures = 0;
    health.failing_since.reset();
    health.last_delivered_at = result.ended_at;
  } else {
    incidents_.HearOfFailure(result.key.webhook, result.attempt);
    if (result.verdict == Verdict::kFailed) incidents_.HearOfExhausted(result.key.webhook, result.ended_at);
    server_changes_.ApplyPolicy(result.key.webhook, health, result.ended_at, session);
    ++health.consecutive_failures;
    if (!health.failing_since) health.failing_since = result.ended_at;
    health.last_failed_at = result.ended_at;
  }
}

void DeliveryRows::CountStatistics(const AttemptResult& result, std::optional<DeliveryStatus> ended_as) {
  const WebhookNumber webhook = result.key.webhook;
  statistics_.Count(webhook, result.ended_at,
                    {.delivered = ended_as == DeliveryStatus::kDelivered ? 1 : 0,
                     .failed = ended_as == DeliveryStatus::kFailed ? 1 : 0,
                     .attempts = 1,
                     .failed_attempts = result.verdict == Verdict::kDelivered ? 0 : 1});
  // An attempt that timed out took at least that long.
  if (result.attempt.status_code || result.attempt.error.failure == FailureClass::kTimeout) {
    statistics_.CountResponse(webhook, result.ended_at, result.attempt.duration);
  }
}

// --- By hand ---

Stored<DeliveryDetail> DeliveryRows::ReadDetail(DeliveryId id) {
  auto detail = reads_.ReadDetail(id);
  if (!detail) return std::unexpected(NoSuchDelivery());
  return *std::move(detail);
}

Refusal StillCanceling() { return {.kind = Refusal::Kind::kUnavailable, .detail = std::string(kStillCanceling)}; }

bool IsStillCanceling(const Refusal& refusal) { return refusal == StillCanceling(); }

std::optional<DeliveryRows::Ended> DeliveryRows::FindEnded(DeliveryKey key) {
  auto row = ended_status_.With(key);
  if (!row.Step()) return std::nullopt;
  const auto created_at = row.Get<"created_at">();
  return Ended{.id = ids_.FromStored(row.Get<"id">(), key, created_at),
               .status = row.Get<"status">(),
               .attempt_count = row.Get<"attempt_count">(),
               .created_at = created_at,
               .resource = row.Get<"resource">(),
               .origin = row.Get<"origin">()};
}

void DeliveryRows::OweAgain(DeliveryKey key, const Ended& ended, AttemptTrigger trigger, Timestamp now) {
  const bool again = ended.status == DeliveryStatus::kDelivered;
  const bool test = ended.origin == EventOrigin::kTest;
  const Purpose purpose = again ? Purpose::kAgain : test ? Purpose::kTest : Purpose::kDeliver;
  if (!again) {
    fold_out_.Run(key);
    unend_.Run(key);
    if (purpose == Purpose::kDeliver) ++health_.Touch(key.webhook).pending;
  }
  insert_again_.Run(key, ids_.ToStored(ended.id, key, ended.created_at), ended.resource, purpose, trigger,
                    ended.attempt_count, ended.created_at, now);
  possibly_pending_.Add(key);
}

Stored<Delivery> DeliveryRows::Redeliver(DeliveryId id, Timestamp now, WriteSession& session) {
  const auto missing = std::unexpected(NoSuchDelivery());
  const auto key = reads_.FindKey(id);
  const SharedWebhook webhook = key ? session.FindWebhook(key->webhook) : nullptr;
  if (!webhook) return missing;

  if (cancelations_.IsUnderWay(key->webhook)) return std::unexpected(StillCanceling());
  if (owed_.Remove(*key)) {
    insert_by_hand_.Run(*key, now);
  } else {
    make_due_.Run(*key, now);
  }
  if (connection_.changes() == 0) {
    const auto ended = FindEnded(*key);
    if (!ended) return missing;
    OweAgain(*key, *ended, AttemptTrigger::kManual, now);
  }
  auto owed = reads_.ReadOwed(*key);
  CHECK(owed);
  session.commit.owed.push_back({webhook, *std::move(owed)});
  auto delivery = reads_.Read(*key);
  CHECK(delivery);
  return *std::move(delivery);
}

bool DeliveryRows::Replay(DeliveryKey key, DeliveryStatuses statuses, Timestamp now) {
  if (pending_exists_.With(key).Step()) return false;
  const auto ended = FindEnded(key);
  if (!ended || !statuses.Has(ended->status) || ended->origin == EventOrigin::kTest) return false;
  OweAgain(key, *ended, AttemptTrigger::kReplay, now);
  return true;
}

}  // namespace shakehook::sqlite
