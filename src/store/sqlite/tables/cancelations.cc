#include "store/sqlite/tables/cancelations.h"

#include <algorithm>

#include "base/check.h"
#include "store/sqlite/tables/by_hand.h"

namespace shakehook::sqlite {
namespace {

using Purpose = OwedDelivery::Purpose;

}  // namespace

Cancelations::Cancelations(Connection& connection, HealthRows& health, StatisticsRows& statistics, OwedRows& owed,
                           std::size_t step_rows)
    : health_(health),
      statistics_(statistics),
      owed_(owed),
      discards_(connection),
      step_rows_(step_rows),
      connection_(connection),
      newest_(connection, "SELECT max(position) FROM event"),
      count_tests_(connection, Sql("SELECT count(*) FROM pending_delivery INDEXED BY pending_by_hand WHERE webhook = ?1"
                                   " AND " SHAKEHOOK_BY_HAND " AND purpose = {} AND position > ?2",
                                   SHAKEHOOK_BY_HAND_NUMBERS, Purpose::kTest)),
      find_end_(connection,
                "SELECT position FROM pending_delivery WHERE webhook = ?1 AND position <= ?2 ORDER BY position"
                " LIMIT 1 OFFSET ?3"),
      end_rows_(connection,
                Sql("INSERT OR IGNORE INTO ended_delivery (webhook, position, id, status, attempt_count, created_at,"
                    " ended_at) SELECT webhook, position, id, {}, attempts_made, created_at, ?4 FROM pending_delivery"
                    " WHERE webhook = ?1 AND position BETWEEN ?2 AND ?3 AND purpose <> {}",
                    DeliveryStatus::kCanceled, Purpose::kAgain)),
      delete_rows_(connection, "DELETE FROM pending_delivery WHERE webhook = ?1 AND position BETWEEN ?2 AND ?3"),
      end_untried_(connection,
                   Sql("INSERT INTO ended_delivery (webhook, position, id, status, attempt_count, created_at, ended_at)"
                       " SELECT ?1, position, x'', {}, 0, created_at, ?3 FROM event WHERE position = ?2",
                       DeliveryStatus::kCanceled)) {}

std::int64_t Cancelations::Cancel(WebhookNumber webhook, Timestamp now, WriteSession& session) {
  const auto before = discards_.Of(webhook);
  std::int64_t canceled = health_.Touch(webhook).pending;
  canceled += count_tests_.First(webhook, before ? before->until : Position()).value();
  const Position until = newest_.First().value();
  discards_.Put(webhook, {.until = until, .at = now});
  health_.Touch(webhook).pending = 0;
  if (canceled > 0) statistics_.Count(webhook, now, {.canceled = canceled});
  Step(webhook, step_rows_);
  // Listeners are told of cancelations before they are told of new deliveries; so a delivery that this group has both
  // made and canceled must not be told.
  std::erase_if(session.commit.owed, [&](const Commit::Owed& owed) { return owed.webhook->number == webhook; });
  session.commit.canceled.push_back({webhook, until});
  return canceled;
}

Stored<std::int64_t> Cancelations::CancelOf(WebhookNumber webhook, Timestamp now, WriteSession& session) {
  if (session.FindWebhook(webhook)) return Cancel(webhook, now, session);
  return std::unexpected(Refusal{.kind = Refusal::Kind::kMissing, .detail = "the webhook does not exist"});
}

std::size_t Cancelations::Step(WebhookNumber webhook, std::size_t rows) {
  const auto discard = discards_.Of(webhook);
  if (!discard) return 0;
  std::size_t written = StepRows(webhook, *discard, rows);
  if (written < rows) {
    for (const Position position : owed_.Find(webhook, {}, discard->until, rows - written)) {
      CHECK(owed_.Remove({position, webhook}));
      EndUntried({position, webhook}, discard->at);
      ++written;
    }
  }
  if (written < rows) discards_.Remove(webhook);
  return written;
}

std::size_t Cancelations::StepRows(WebhookNumber webhook, const Discard& discard, std::size_t rows) {
  const Position end = find_end_.First(webhook, discard.until, rows - 1).value_or(discard.until);
  end_rows_.Run(webhook, Position(), end, discard.at);
  delete_rows_.Run(webhook, Position(), end);
  return static_cast<std::size_t>(connection_.changes());
}

std::size_t Cancelations::StepAny(std::size_t rows) {
  const auto webhook = discards_.Any();
  // The step that ends a discard may have nothing left to write.
  return webhook ? std::max<std::size_t>(1, Step(*webhook, rows)) : 0;
}

void Cancelations::Settle(DeliveryKey key) {
  const auto discard = discards_.Of(key.webhook);
  if (!discard || key.position > discard->until) return;
  if (owed_.Remove(key)) return EndUntried(key, discard->at);
  end_rows_.Run(key.webhook, key.position, key.position, discard->at);
  delete_rows_.Run(key.webhook, key.position, key.position);
}

void Cancelations::EndUntried(DeliveryKey key, Timestamp now) { end_untried_.Run(key, now); }

}  // namespace shakehook::sqlite
