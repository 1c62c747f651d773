#include "store/sqlite/tables/server_changes.h"

#include <memory>
#include <utility>

#include "model/disable_policy.h"

namespace shakehook::sqlite {
namespace {

constexpr std::string_view kDisabledChange = R"([{"field":"enabled","before":true,"after":false}])";

}  // namespace

void ServerChanges::DisableGone(WebhookNumber number, Timestamp now, WriteSession& session) {
  const SharedWebhook webhook = session.FindWebhook(number);
  if (!webhook || webhook->enabled == Switch::kOff) return;
  Disable(*webhook, std::string(kGoneReason), now, session);
}

void ServerChanges::ApplyPolicy(WebhookNumber number, const WebhookHealth& before, Timestamp failed_at,
                                WriteSession& session) {
  const SharedWebhook webhook = session.FindWebhook(number);
  if (!webhook || !webhook->disable_after_days) return;
  const int days = *webhook->disable_after_days;
  switch (JudgeFailure(*webhook, before, failed_at)) {
    case DisableStep::kNone:
      return;
    case DisableStep::kWarn:
      Write(*webhook, failed_at, AuditAction::kWebhookWarned,
            "It will be disabled after " + std::to_string(days) + (days == 1 ? " day" : " days") +
                " in which every attempt fails; half of that time has passed.");
      return;
    case DisableStep::kDisable:
      Disable(*webhook, FailedTooLongReason(days), failed_at, session);
      return;
  }
}

void ServerChanges::Disable(const Webhook& webhook, std::string reason, Timestamp now, WriteSession& session) {
  auto disabled = std::make_shared<Webhook>(webhook);
  disabled->enabled = Switch::kOff;
  disabled->disabled_reason = std::move(reason);
  disabled->updated_at = now;
  ++disabled->version;
  config_.SaveWebhook(*disabled);
  Write(*disabled, now, AuditAction::kWebhookDisabled, disabled->disabled_reason);
  session.ChangeWebhook(std::move(disabled));
}

// The entry counts for the webhook's scope: what one tenant's endpoints do pushes out no entry of another's.
void ServerChanges::Write(const Webhook& webhook, Timestamp now, AuditAction action, std::string detail) {
  audit_.Add({.id = Uuid::MakeV7(now, random_),
              .at = now,
              .actor = {.kind = AuditActorKind::kServer, .id = {}, .name = "Shakehook", .scope = webhook.scope},
              .action = action,
              .subject = AuditEntry::Subject{.kind = "webhook", .id = webhook.id.ToString(), .name = webhook.name},
              .detail = std::move(detail),
              .changes = action == AuditAction::kWebhookDisabled ? std::string(kDisabledChange) : std::string()});
}

}  // namespace shakehook::sqlite
