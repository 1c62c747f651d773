#include "store/postgres/result_group.h"

#include <algorithm>

#include "base/check.h"
#include "store/postgres/tables/delivery_reads.h"

namespace shakehook::postgres {
namespace {

using Purpose = OwedDelivery::Purpose;
using Verdict = AttemptResult::Verdict;

DeliveryPlace PlaceOf(const DeliveryRow* row) {
  if (row == nullptr) return DeliveryPlace::kGone;
  if (row->pending) return row->pending->purpose == Purpose::kAgain ? DeliveryPlace::kAgain : DeliveryPlace::kRow;
  CHECK(row->ended);
  return row->ended->status == DeliveryStatus::kDelivered ? DeliveryPlace::kDelivered : DeliveryPlace::kUndelivered;
}

}  // namespace

Async<bool> ResultGroup::Run(Switch wants_attempts, Transaction& transaction) {
  if (gate_ == Gate::kAlone) {
    counters_ = co_await parts_.config.Enter(transaction.connection());
  } else {
    co_await parts_.config.Share(transaction.connection());
  }
  co_await Read(transaction);
  for (const ResultVerb* const verb : verbs_) {
    for (const AttemptResult& result : verb->results) {
      if (!co_await Decide(result, transaction)) co_return false;
    }
  }
  rows_.Write(transaction);
  WriteHealth(health_, healths_changed_, transaction);
  CountPending(pending_, parts_.writer, transaction);
  co_await statistics_.Write(parts_.writer, transaction);
  if (changes_configuration_) parts_.config.Leave(*counters_, transaction);
  if (wants_attempts == Switch::kOn) co_await TellAttempts(transaction);
  co_return true;
}

Async<> ResultGroup::Read(Transaction& transaction) {
  std::set<DeliveryKey> keys;
  std::set<WebhookNumber> webhooks;
  for (const ResultVerb* const verb : verbs_) {
    for (const AttemptResult& result : verb->results) {
      keys.insert(result.key);
      webhooks.insert(result.key.webhook);
    }
  }
  co_await rows_.Take(std::move(keys), transaction.connection());
  rows_.Settle(co_await ReadDiscards(webhooks, transaction.connection()));
  health_ = co_await HoldHealth(std::move(webhooks), transaction.connection());
}

SharedWebhook ResultGroup::FindWebhook(WebhookNumber number) const {
  const auto found = disabled_.find(number);
  return found != disabled_.end() ? found->second : parts_.directory.config_cache().FindWebhook(number);
}

Async<bool> ResultGroup::Decide(const AttemptResult& result, Transaction& transaction) {
  DeliveryRow* const row = rows_.Find(result.key);
  const ResultPlan plan = PlanResult(PlaceOf(row), result.verdict, result.purpose);
  switch (plan.step) {
    case ResultPlan::Step::kNothing:
      break;
    case ResultPlan::Step::kPutOff:
      PutOff(result, *row);
      break;
    case ResultPlan::Step::kEnd:
      End(result, *row, *plan.becomes);
      break;
    case ResultPlan::Step::kAddLate:
      AddLate(result, *row, plan.becomes);
      break;
  }
  const SharedWebhook webhook = FindWebhook(result.key.webhook);
  std::optional<ServerChange> change;
  if (plan.health == Switch::kOn) change = CountHealth(result, plan.step);
  if (result.purpose != Purpose::kTest && webhook) CountStatistics(result, plan.becomes);
  if (webhook && result.verdict == Verdict::kGone && result.purpose == Purpose::kDeliver) {
    if (auto gone = DisableGone(*webhook, result.ended_at, parts_.random)) change = std::move(gone);
  }
  if (!change) co_return true;
  if (change->disabled) {
    if (gate_ == Gate::kShared) co_return false;
    changes_configuration_ = true;
    disabled_[result.key.webhook] = change->disabled;
    parts_.config.WriteWebhook(std::move(change->disabled), *counters_, transaction);
  }
  co_await parts_.audit.Add(std::move(change->entry), transaction);
  co_return true;
}

void ResultGroup::PutOff(const AttemptResult& result, DeliveryRow& row) {
  PendingPart& pending = *row.pending;
  pending.trigger = AttemptTrigger::kAutomatic;
  pending.attempts_made = result.attempt.number;
  ++pending.retries_made;
  pending.due = result.retry_at;
  rows_.AddAttempt(result.key, result.attempt);
}

void ResultGroup::End(const AttemptResult& result, DeliveryRow& row, DeliveryStatus status) {
  row.ended = EndedPart{.status = status,
                        .attempt_count = result.attempt.number,
                        .created_at = row.pending->created_at,
                        .ended_at = result.ended_at,
                        .id = row.pending->id,
                        .resource = row.pending->resource};
  row.pending.reset();
  row.last = &result.attempt;
}

void ResultGroup::AddLate(const AttemptResult& result, DeliveryRow& row, std::optional<DeliveryStatus> becomes) {
  row.pending.reset();
  rows_.AddAttempt(result.key, result.attempt);
  EndedPart& ended = *row.ended;
  ended.attempt_count = std::max(ended.attempt_count, result.attempt.number);
  row.changes_ended = true;
  if (!becomes) return;
  ended.status = *becomes;
  ended.ended_at = result.ended_at;
}

std::optional<ServerChange> ResultGroup::CountHealth(const AttemptResult& result, ResultPlan::Step step) {
  const WebhookNumber number = result.key.webhook;
  WebhookHealth& health = health_[number];
  healths_changed_.insert(number);
  if (step == ResultPlan::Step::kEnd) --pending_[number];
  std::optional<ServerChange> change;
  const SharedWebhook webhook = result.verdict == Verdict::kDelivered ? nullptr : FindWebhook(number);
  if (webhook) change = ApplyDisablePolicy(*webhook, health, result.ended_at, parts_.random);
  CountInHealth(result, health);
  return change;
}

void ResultGroup::CountStatistics(const AttemptResult& result, std::optional<DeliveryStatus> became) {
  const WebhookNumber webhook = result.key.webhook;
  statistics_.Count(webhook, result.ended_at, CountsOf(result, became));
  if (const auto time = ResponseTimeOf(result)) statistics_.CountResponse(webhook, result.ended_at, *time);
}

// The deliveries are read as the group leaves them.
Async<> ResultGroup::TellAttempts(Transaction& transaction) {
  static_cast<void>(co_await transaction.connection().Run(std::exchange(transaction.writes, Pipeline())));
  std::vector<DeliveryKey> keys;
  std::vector<const AttemptResult*> results;
  for (const ResultVerb* const verb : verbs_) {
    for (const AttemptResult& result : verb->results) {
      keys.push_back(result.key);
      results.push_back(&result);
    }
  }
  auto deliveries = co_await ReadDeliveries(std::move(keys), parts_.ids, transaction.connection());
  for (std::size_t i = 0; i < results.size(); ++i) {
    const SharedWebhook webhook = FindWebhook(results[i]->key.webhook);
    if (!deliveries[i] || !webhook) continue;
    transaction.commit.attempted.push_back({webhook, *std::move(deliveries[i]), results[i]->attempt});
  }
}

}  // namespace shakehook::postgres
