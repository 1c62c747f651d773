#include "store/sqlite/tables/delivery_rows.h"

#include <utility>

#include "base/check.h"
#include "store/attempt_columns.h"
#include "store/sqlite/tables/attempt_values.h"

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
      pending_purpose_(connection, "SELECT purpose FROM pending_delivery WHERE webhook = ?1 AND position = ?2"),
      ended_as_(connection, "SELECT status FROM ended_delivery WHERE webhook = ?1 AND position = ?2"),
      put_off_(
          connection,
          Sql("UPDATE pending_delivery SET attempt_trigger = {}, attempts_made = ?3, retries_made = retries_made + 1,"
              " due = ?4 WHERE webhook = ?1 AND position = ?2",
              AttemptTrigger::kAutomatic)),
      insert_put_off_(
          connection,
          Sql("INSERT INTO pending_delivery (webhook, position, id, resource, purpose, attempt_trigger,"
              " attempts_made, retries_made, created_at, due)"
              " SELECT ?1, position, x'', resource, {}, {}, ?3, 1, created_at, ?4 FROM event WHERE position = ?2",
              Purpose::kDeliver, AttemptTrigger::kAutomatic)),
      drop_pending_(connection, "DELETE FROM pending_delivery WHERE webhook = ?1 AND position = ?2"),
      insert_ended_(connection,
                    "INSERT INTO ended_delivery (webhook, position, id, status, attempt_count, created_at,"
                    " ended_at, " +
                        AttemptColumns::Text() +
                        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
                        " ?18, ?19, ?20, ?21, ?22, ?23, ?24)"),
      insert_attempt_(connection, "INSERT OR IGNORE INTO attempt (webhook, position, " + AttemptColumns::Text() +
                                      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
                                      " ?17, ?18, ?19)"),
      count_late_(
          connection,
          "UPDATE ended_delivery SET attempt_count = max(attempt_count, ?3) WHERE webhook = ?1 AND position = ?2"),
      deliver_late_(connection,
                    "UPDATE ended_delivery SET status = ?3, ended_at = ?4 WHERE webhook = ?1 AND position = ?2"),
      make_due_(connection,
                Sql("UPDATE pending_delivery SET due = ?3, attempt_trigger = {} WHERE webhook = ?1 AND position = ?2",
                    AttemptTrigger::kManual)),
      ended_status_(
          connection,
          "FROM ended_delivery JOIN event USING (position) WHERE webhook = ?1 AND ended_delivery.position = ?2"),
      keep_last_attempt_(connection,
                         "INSERT OR IGNORE INTO attempt (webhook, position, " + AttemptColumns::Text() +
                             ") SELECT webhook, position, " + AttemptColumns::Text() +
                             " FROM ended_delivery WHERE webhook = ?1 AND position = ?2 AND number IS NOT NULL"),
      drop_ended_(connection, "DELETE FROM ended_delivery WHERE webhook = ?1 AND position = ?2"),
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

DeliveryPlace DeliveryRows::FindPlace(DeliveryKey key) {
  if (owed_.Has(key)) return DeliveryPlace::kList;
  if (const auto purpose = pending_purpose_.First(key)) {
    return *purpose == Purpose::kAgain ? DeliveryPlace::kAgain : DeliveryPlace::kRow;
  }
  const auto status = ended_as_.First(key);
  if (!status) return DeliveryPlace::kGone;
  return *status == DeliveryStatus::kDelivered ? DeliveryPlace::kDelivered : DeliveryPlace::kUndelivered;
}

void DeliveryRows::Record(const AttemptResult& result, WriteSession& session) {
  const DeliveryKey& key = result.key;
  cancelations_.Settle(key);
  const DeliveryPlace place = FindPlace(key);
  const ResultPlan plan = PlanResult(place, result.verdict, result.purpose);
  switch (plan.step) {
    case ResultPlan::Step::kNothing:
      break;
    case ResultPlan::Step::kPutOff:
      PutOff(result, place);
      break;
    case ResultPlan::Step::kEnd:
      End(result, place, *plan.becomes);
      break;
    case ResultPlan::Step::kAddLate:
      AddLate(result, place, plan.becomes);
      break;
  }
  if (plan.health == Switch::kOn) CountHealth(result, plan.step, session);
  if (result.purpose != Purpose::kTest && session.FindWebhook(key.webhook)) CountStatistics(result, plan.becomes);
  if (result.verdict == Verdict::kGone && result.purpose == Purpose::kDeliver) {
    server_changes_.DisableGone(key.webhook, result.ended_at, session);
  }
  if (session.wants_attempts()) {
    auto delivery = reads_.Read(key);
    const SharedWebhook webhook = session.FindWebhook(key.webhook);
    if (delivery && webhook) session.commit.attempted.push_back({webhook, *std::move(delivery), result.attempt});
  }
}

void DeliveryRows::PutOff(const AttemptResult& result, DeliveryPlace place) {
  const DeliveryKey& key = result.key;
  if (place == DeliveryPlace::kList) owed_.Remove(key);
  Statement& statement = place == DeliveryPlace::kList ? insert_put_off_ : put_off_;
  statement.Run(key, result.attempt.number, result.retry_at);
  CHECK(connection_.changes() == 1);
  AttemptValues(result.attempt).RunWith(insert_attempt_, key);
}

void DeliveryRows::End(const AttemptResult& result, DeliveryPlace place, DeliveryStatus status) {
  CHECK(result.id != DeliveryId());
  if (place == DeliveryPlace::kList) {
    owed_.Remove(result.key);
  } else {
    drop_pending_.Run(result.key);
  }
  AttemptValues(result.attempt)
      .RunWith(insert_ended_, result.key, ids_.ToStored(result.id, result.key, result.created_at), status,
               result.attempt.number, result.created_at, result.ended_at);
}

void DeliveryRows::AddLate(const AttemptResult& result, DeliveryPlace place, std::optional<DeliveryStatus> becomes) {
  const DeliveryKey& key = result.key;
  if (place == DeliveryPlace::kAgain) drop_pending_.Run(key);
  AttemptValues(result.attempt).RunWith(insert_attempt_, key);
  count_late_.Run(key, result.attempt.number);
  if (becomes) deliver_late_.Run(key, *becomes, result.ended_at);
}

void DeliveryRows::CountHealth(const AttemptResult& result, ResultPlan::Step step, WriteSession& session) {
  WebhookHealth& health = health_.Touch(result.key.webhook);
  if (step == ResultPlan::Step::kEnd) --health.pending;
  if (result.verdict != Verdict::kDelivered) {
    incidents_.HearOfFailure(result.key.webhook, result.attempt);
    if (result.verdict == Verdict::kFailed) incidents_.HearOfExhausted(result.key.webhook, result.ended_at);
    server_changes_.ApplyPolicy(result.key.webhook, health, result.ended_at, session);
  }
  CountInHealth(result, health);
}

void DeliveryRows::CountStatistics(const AttemptResult& result, std::optional<DeliveryStatus> became) {
  const WebhookNumber webhook = result.key.webhook;
  statistics_.Count(webhook, result.ended_at, CountsOf(result, became));
  if (const auto time = ResponseTimeOf(result)) statistics_.CountResponse(webhook, result.ended_at, *time);
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
    keep_last_attempt_.Run(key);
    drop_ended_.Run(key);
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
  if (pending_purpose_.First(key)) return false;
  const auto ended = FindEnded(key);
  if (!ended || !statuses.Has(ended->status) || ended->origin == EventOrigin::kTest) return false;
  OweAgain(key, *ended, AttemptTrigger::kReplay, now);
  return true;
}

}  // namespace shakehook::sqlite
