#include "api/access/audit.h"

#include <utility>

namespace shakehook {

AuditEntry::Subject SubjectOf(const User& user) {
  return {.kind = "user", .id = user.id.ToString(), .name = user.name};
}
AuditEntry::Subject SubjectOf(const Webhook& webhook) {
  return {.kind = "webhook", .id = webhook.id.ToString(), .name = webhook.name};
}
AuditEntry::Subject SubjectOf(const ApiKey& key) {
  return {.kind = "api_key", .id = key.id.ToString(), .name = key.name};
}

AuditEntry::Actor ActorOf(const User& user) {
  return {.kind = AuditActorKind::kUser, .id = user.id.ToString(), .name = user.name, .scope = user.scope};
}

AuditEntry::Actor ActorOf(const ApiRequest& request) {
  const Principal& principal = *request.principal;
  const auto key_kind = principal.id == kBootstrapKeyId.uuid ? AuditActorKind::kBootstrap : AuditActorKind::kApiKey;
  return {.kind = principal.kind == Principal::Kind::kUser ? AuditActorKind::kUser : key_kind,
          .id = principal.id.ToString(),
          .name = principal.name,
          .scope = principal.scope};
}

AuditEntry MakeAuditEntry(ApiServices& services, AuditEntry::Actor actor, AuditNote note) {
  return {.id = services.NewUuid(),
          .at = services.clock.Now(),
          .actor = std::move(actor),
          .action = note.action,
          .subject = std::move(note.subject),
          .detail = note.details.ToStored(),
          .changes = std::move(note.changes)};
}

Async<std::expected<Done, Problem>> RecordAudit(ApiServices& services, const ApiRequest& request, AuditNote note) {
  const auto written = co_await services.store.WriteAudit(MakeAuditEntry(services, ActorOf(request), std::move(note)));
  if (!written) co_return std::unexpected(FromRefusal(written.error(), "audit entry"));
  co_return Done();
}

}  // namespace shakehook
