#include "store/server_changes.h"

#include <string>
#include <string_view>
#include <utility>

#include "model/audit_detail.h"
#include "model/disable_policy.h"

namespace shakehook {
namespace {

constexpr std::string_view kDisabledChange = R"([{"field":"enabled","before":true,"after":false}])";

// The entry counts for the webhook's scope: what one tenant's endpoints do pushes out no entry of another's.
AuditEntry Entry(const Webhook& webhook, Timestamp now, AuditAction action, const AuditDetails& details,
                 Random& random) {
  return {.id = Uuid::MakeV7(now, random),
          .at = now,
          .actor = {.kind = AuditActorKind::kServer, .id = {}, .name = "Shakehook", .scope = webhook.scope},
          .action = action,
          .subject = AuditEntry::Subject{.kind = "webhook", .id = webhook.id.ToString(), .name = webhook.name},
          .detail = details.ToStored(),
          .changes = action == AuditAction::kWebhookDisabled ? std::string(kDisabledChange) : std::string()};
}

ServerChange Disable(const Webhook& webhook, std::string reason, const AuditDetails& details, Timestamp now,
                     Random& random) {
  auto disabled = std::make_shared<Webhook>(webhook);
  disabled->enabled = Switch::kOff;
  disabled->disabled_reason = std::move(reason);
  disabled->updated_at = now;
  ++disabled->version;
  AuditEntry entry = Entry(*disabled, now, AuditAction::kWebhookDisabled, details, random);
  return {.disabled = std::move(disabled), .entry = std::move(entry)};
}

AuditDetails WarningDetails(int days) {
  constexpr AuditDetailCode kCode("disables_after_days");
  if (days == 1) {
    return {kCode, "It will be disabled after {count} day in which every attempt fails; half of that time has passed.",
            days};
  }
  return {kCode, "It will be disabled after {count} days in which every attempt fails; half of that time has passed.",
          days};
}

AuditDetails DisabledDetails(int days) {
  constexpr AuditDetailCode kCode("disabled_after_days");
  if (days == 1) return {kCode, "It was disabled after {count} day in which every attempt failed.", days};
  return {kCode, "It was disabled after {count} days in which every attempt failed.", days};
}

}  // namespace

std::optional<ServerChange> DisableGone(const Webhook& webhook, Timestamp now, Random& random) {
  if (webhook.enabled == Switch::kOff) return std::nullopt;
  const AuditDetails details("endpoint_gone", "The endpoint answered 410 Gone.");
  return Disable(webhook, std::string(kGoneReason), details, now, random);
}

std::optional<ServerChange> ApplyDisablePolicy(const Webhook& webhook, const WebhookHealth& before, Timestamp failed_at,
                                               Random& random) {
  if (!webhook.disable_after_days) return std::nullopt;
  const int days = *webhook.disable_after_days;
  switch (JudgeFailure(webhook, before, failed_at)) {
    case DisableStep::kNone:
      break;
    case DisableStep::kWarn:
      return ServerChange{
          .disabled = nullptr,
          .entry = Entry(webhook, failed_at, AuditAction::kWebhookWarned, WarningDetails(days), random)};
    case DisableStep::kDisable:
      return Disable(webhook, FailedTooLongReason(days), DisabledDetails(days), failed_at, random);
  }
  return std::nullopt;
}

}  // namespace shakehook
