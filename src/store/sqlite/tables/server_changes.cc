#include "store/sqlite/tables/server_changes.h"

#include <utility>

namespace shakehook::sqlite {

void ServerChanges::DisableGone(WebhookNumber number, Timestamp now, WriteSession& session) {
  const SharedWebhook webhook = session.FindWebhook(number);
  if (webhook) Write(shakehook::DisableGone(*webhook, now, random_), session);
}

void ServerChanges::ApplyPolicy(WebhookNumber number, const WebhookHealth& before, Timestamp failed_at,
                                WriteSession& session) {
  const SharedWebhook webhook = session.FindWebhook(number);
  if (webhook) Write(ApplyDisablePolicy(*webhook, before, failed_at, random_), session);
}

void ServerChanges::Write(std::optional<ServerChange> change, WriteSession& session) {
  if (!change) return;
  if (change->disabled) config_.SaveWebhook(*change->disabled);
  audit_.Add(change->entry);
  if (change->disabled) session.ChangeWebhook(std::move(change->disabled));
}

}  // namespace shakehook::sqlite
