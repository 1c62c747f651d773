#include "store/sqlite/tables/incident_rows.h"

#include <algorithm>
#include <utility>

#include "model/disable_policy.h"
#include "model/failure_code.h"
#include "model/webhook_condition.h"

namespace shakehook::sqlite {

struct TroubleColumns : Columns<Column<"webhook", WebhookNumber>, Column<"consecutive_failures", std::int64_t>,
                                Column<"failing_since", std::optional<Timestamp>>, Column<"pending", std::int64_t>> {};

struct ExhaustedColumns
    : Columns<Column<"webhook", WebhookNumber>, Column<"since", Timestamp>, Column<"last_at", Timestamp>> {};

struct OpenIncidentColumns
    : Columns<Column<"id", std::int64_t>, Column<"kind", IncidentKind>, Column<"started_at", Timestamp>,
              Column<"incident.webhook", WebhookNumber>, Column<"consecutive_failures", std::int64_t>,
              Column<"last_failed_at", std::optional<Timestamp>>, Column<"pending", std::int64_t>> {};

namespace {

constexpr std::size_t kRowsPerStep = 200;
constexpr std::size_t kCausesMax = 4096;
// A backlog begins here, and is over when it has come down to the half.
constexpr std::int64_t kBacklogBegins = 1'000;
constexpr std::int64_t kBacklogEnds = kBacklogBegins / 2;
// A webhook works again when its last attempt succeeded, and none failed for so long: one that fails by turns is one
// incident.
constexpr Milliseconds kCalmBeforeRecovered{60'000};
// After so long without a further one, deliveries that are given up are a new incident.
constexpr Milliseconds kExhaustedOver = std::chrono::hours(24);

// The same rule by which the webhook's page calls it failing (webhook_condition.h).
bool Fails(std::int64_t failures, std::optional<Timestamp> since, Timestamp now) {
  return failures >= kFailuresInARow || (failures >= kFailuresSuspicious && since && now - *since >= kFailingForLong);
}

bool WorksAgain(std::int64_t failures, std::optional<Timestamp> last_failed_at, Timestamp now) {
  return failures == 0 && (!last_failed_at || now - *last_failed_at >= kCalmBeforeRecovered);
}

NoticeKind KindOf(IncidentKind kind) {
  switch (kind) {
    case IncidentKind::kFailing:
      return NoticeKind::kFailing;
    case IncidentKind::kDisabled:
      return NoticeKind::kDisabled;
    case IncidentKind::kExhausted:
      return NoticeKind::kExhausted;
    case IncidentKind::kBacklog:
      break;
  }
  return NoticeKind::kBacklog;
}

}  // namespace

IncidentRows::IncidentRows(Connection& connection, const ChannelRows& channels, NoticeRows& notices)
    : channels_(channels),
      notices_(notices),
      // The condition is that of the index webhook_trouble, word for word.
      trouble_(connection,
               "FROM webhook_health WHERE webhook > ?1 AND (consecutive_failures >= 2 OR pending >= 1000) ORDER BY "
               "webhook LIMIT ?2"),
      exhausted_(connection, "FROM exhausted WHERE webhook > ?1 ORDER BY webhook LIMIT ?2"),
      open_(connection,
            "FROM incident LEFT JOIN webhook_health ON webhook_health.webhook = incident.webhook"
            " WHERE id > ?1 ORDER BY id LIMIT ?2"),
      pending_of_(connection, "SELECT pending FROM webhook_health WHERE webhook = ?1"),
      hear_exhausted_(connection,
                      "INSERT INTO exhausted (webhook, since, last_at) VALUES (?1, ?2, ?2) ON CONFLICT (webhook)"
                      " DO UPDATE SET last_at = max(last_at, excluded.last_at)"),
      forget_exhausted_(connection, "DELETE FROM exhausted WHERE webhook = ?1"),
      begin_(connection, "INSERT OR IGNORE INTO incident (webhook, kind, started_at) VALUES (?1, ?2, ?3)"),
      end_(connection, "DELETE FROM incident WHERE id = ?1") {}

void IncidentRows::HearOfFailure(WebhookNumber webhook, const Attempt& attempt) {
  if (channels_.empty()) return;
  if (causes_.size() >= kCausesMax) causes_.clear();
  causes_[webhook] = {.text = attempt.error.message,
                      .code = FailureCode(attempt.error.failure, attempt.status_code),
                      .number = attempt.status_code.value_or(0)};
}

void IncidentRows::HearOfExhausted(WebhookNumber webhook, Timestamp at) {
  if (!channels_.empty()) hear_exhausted_.Run(webhook, at);
}

bool IncidentRows::Step(Timestamp now, const WriteSession& session) {
  if (channels_.empty()) return false;
  bool more = false;
  switch (phase_) {
    case Phase::kTrouble:
      more = BeginTrouble(now, session);
      break;
    case Phase::kExhausted:
      more = BeginExhausted(now, session);
      break;
    case Phase::kDisabled:
      more = BeginDisabled(now, session);
      break;
    case Phase::kOpen:
      more = EndOpen(now, session);
      break;
  }
  if (more) return true;
  cursor_ = 0;
  webhook_cursor_.reset();
  const bool over = phase_ == Phase::kOpen;
  phase_ = over ? Phase::kTrouble : static_cast<Phase>(static_cast<int>(phase_) + 1);
  if (over) {
    backlogs_before_ = std::exchange(backlogs_, {});
    notices_.DropOld(now);
  }
  return !over;
}

// --- Beginnings ---

std::vector<IncidentRows::Health> IncidentRows::ReadTrouble() {
  std::vector<Health> rows;
  auto row = trouble_.With(cursor_, kRowsPerStep);
  while (row.Step()) {
    rows.push_back({.webhook = row.Get<"webhook">(),
                    .failures = row.Get<"consecutive_failures">(),
                    .failing_since = row.Get<"failing_since">(),
                    .pending = row.Get<"pending">()});
  }
  return rows;
}

bool IncidentRows::BeginTrouble(Timestamp now, const WriteSession& session) {
  const std::vector<Health> rows = ReadTrouble();
  for (const Health& health : rows) {
    cursor_ = health.webhook.value;
    const SharedWebhook webhook = session.FindWebhook(health.webhook);
    if (!webhook || webhook->enabled == Switch::kOff) continue;
    if (Fails(health.failures, health.failing_since, now)) {
      Begin(*webhook, IncidentKind::kFailing, health.failing_since.value_or(now), health.pending, now, session);
    }
    if (GrowsBehind(health)) Begin(*webhook, IncidentKind::kBacklog, now, health.pending, now, session);
  }
  return rows.size() == kRowsPerStep;
}

// A backlog that shrinks already is no news.
bool IncidentRows::GrowsBehind(const Health& health) {
  if (health.pending < kBacklogBegins) return false;
  backlogs_[health.webhook] = health.pending;
  const auto before = backlogs_before_.find(health.webhook);
  return before != backlogs_before_.end() && health.pending > before->second;
}

bool IncidentRows::BeginExhausted(Timestamp now, const WriteSession& session) {
  struct Row {
    WebhookNumber webhook;
    Timestamp since, last_at;
  };
  std::vector<Row> rows;
  {
    auto row = exhausted_.With(cursor_, kRowsPerStep);
    while (row.Step()) rows.push_back({row.Get<"webhook">(), row.Get<"since">(), row.Get<"last_at">()});
  }
  for (const Row& row : rows) {
    cursor_ = row.webhook.value;
    const SharedWebhook webhook = session.FindWebhook(row.webhook);
    if (!webhook || now - row.last_at > kExhaustedOver) {
      forget_exhausted_.Run(row.webhook);
      continue;
    }
    const std::int64_t pending = pending_of_.First(row.webhook).value_or(0);
    Begin(*webhook, IncidentKind::kExhausted, row.since, pending, now, session);
  }
  return rows.size() == kRowsPerStep;
}

bool IncidentRows::BeginDisabled(Timestamp now, const WriteSession& session) {
  const auto disabled = session.config_cache().ListWebhooks(
      webhook_cursor_, kRowsPerStep, [](const Webhook& each) { return !each.disabled_reason.empty(); });
  for (const SharedWebhook& webhook : disabled) {
    webhook_cursor_ = webhook->id;
    const std::int64_t pending = pending_of_.First(webhook->number).value_or(0);
    Begin(*webhook, IncidentKind::kDisabled, webhook->updated_at, pending, now, session);
  }
  return disabled.size() == kRowsPerStep;
}

void IncidentRows::Begin(const Webhook& webhook, IncidentKind kind, Timestamp since, std::int64_t pending,
                         Timestamp now, const WriteSession& session) {
  begin_.Run(webhook.number, kind, now);
  if (begin_.connection().changes() == 0) return;  // it is open
  NoticeFacts facts = FactsOf(webhook, since, pending);
  if (kind == IncidentKind::kDisabled) {
    const bool gone = webhook.disabled_reason == kGoneReason;
    facts.cause = webhook.disabled_reason;
    facts.cause_code = gone ? FailureCode(FailureClass::kStatus, kGoneStatus) : kFailedTooLongCode;
    facts.cause_number = gone ? kGoneStatus : webhook.disable_after_days.value_or(0);
  }
  const NoticeKind notice = KindOf(kind);
  for (const SharedChannel& channel : ChannelsOf(webhook, session)) {
    if (!channel->kinds.Has(notice)) continue;
    const Milliseconds after = std::chrono::minutes(kind == IncidentKind::kFailing ? channel->after_minutes : 0);
    notices_.Add(*channel, notice, facts, {webhook.number, kind}, std::max(now, since + after), now);
  }
}

// --- Ends ---

std::vector<IncidentRows::Incident> IncidentRows::ReadOpen() {
  std::vector<Incident> incidents;
  auto row = open_.With(cursor_, kRowsPerStep);
  while (row.Step()) {
    incidents.push_back({.id = row.Get<"id">(),
                         .kind = row.Get<"kind">(),
                         .started_at = row.Get<"started_at">(),
                         .health = {.webhook = row.Get<"webhook">(),
                                    .failures = row.Get<"consecutive_failures">(),
                                    .last_failed_at = row.Get<"last_failed_at">(),
                                    .pending = row.Get<"pending">()}});
  }
  return incidents;
}

bool IncidentRows::EndOpen(Timestamp now, const WriteSession& session) {
  const std::vector<Incident> incidents = ReadOpen();
  for (const Incident& incident : incidents) {
    cursor_ = incident.id;
    const SharedWebhook webhook = session.FindWebhook(incident.health.webhook);
    const bool off = !webhook || webhook->enabled == Switch::kOff;
    switch (incident.kind) {
      case IncidentKind::kFailing:
        // Who is told that it was disabled need not hear that it fails no more; a person who disables it knows.
        if (off || WorksAgain(incident.health.failures, incident.health.last_failed_at, now))
          End(incident, webhook.get(), !off, now, session);
        break;
      case IncidentKind::kDisabled:
        if (!off || !webhook) End(incident, webhook.get(), !off, now, session);
        break;
      case IncidentKind::kBacklog:
        if (off || incident.health.pending <= kBacklogEnds) End(incident, webhook.get(), !off, now, session);
        break;
      case IncidentKind::kExhausted: {
        auto row = exhausted_.With(incident.health.webhook.value - 1, 1);
        const bool goes_on = row.Step() && row.Get<"webhook">() == incident.health.webhook;
        if (!goes_on) End(incident, webhook.get(), false, now, session);
        break;
      }
    }
  }
  return incidents.size() == kRowsPerStep;
}

void IncidentRows::End(const Incident& incident, const Webhook* webhook, bool tell, Timestamp now,
                       const WriteSession& session) {
  end_.Run(incident.id);
  const NoticeSource source{incident.health.webhook, incident.kind};
  const std::vector<ChannelId> told = notices_.DropUntold(source, incident.started_at);
  if (webhook == nullptr || !tell) return;
  NoticeFacts facts = FactsOf(*webhook, incident.started_at, incident.health.pending);
  facts.cause.clear();
  facts.cause_code.clear();
  facts.cause_number = 0;
  for (const SharedChannel& channel : ChannelsOf(*webhook, session)) {
    if (!channel->kinds.Has(NoticeKind::kRecovered) || !std::ranges::binary_search(told, channel->id)) continue;
    notices_.Add(*channel, NoticeKind::kRecovered, facts, source, now, now);
  }
}

// --- Whom to tell what ---

std::vector<SharedChannel> IncidentRows::ChannelsOf(const Webhook& webhook, const WriteSession& session) const {
  std::optional<VenuesGroupId> group;
  if (webhook.scope.kind == Scope::Kind::kVenue) {
    if (const auto venue = session.config_cache().FindVenue({webhook.scope.id})) group = venue->venues_group_id;
  }
  return channels_.List([&](const NoticeChannel& channel) {
    return channel.enabled == Switch::kOn && HearsOf(channel, webhook.scope, group);
  });
}

NoticeFacts IncidentRows::FactsOf(const Webhook& webhook, Timestamp since, std::int64_t pending) const {
  const auto found = causes_.find(webhook.number);
  const Cause cause = found == causes_.end() ? Cause{} : found->second;
  return {.webhook_id = webhook.id.ToString(),
          .webhook_name = webhook.name,
          .scope = webhook.scope,
          .since_ms = UnixMs(since),
          .pending = pending,
          .cause = cause.text,
          .cause_code = std::string(cause.code),
          .cause_number = cause.number};
}

}  // namespace shakehook::sqlite
