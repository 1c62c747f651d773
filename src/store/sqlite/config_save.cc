#include "store/sqlite/config_save.h"

namespace shakehook::sqlite {

Stored<Done> ConfigSave::Run(const ConfigChange& change, WriteSession& session) {
  const auto* const deleted = std::get_if<ConfigChange::Delete<WebhookId>>(&change.change);
  const auto* const edited = std::get_if<ConfigChange::Put<Webhook>>(&change.change);
  const bool discards = edited && change.discard == Switch::kOn;
  const SharedWebhook webhook = deleted    ? directory_.FindWebhook(deleted->id)
                                : discards ? directory_.FindWebhook(edited->value.id)
                                           : nullptr;
  const auto* const venue = std::get_if<ConfigChange::Delete<VenueId>>(&change.change);
  auto saved = rows_.config.Save(change, session);
  if (saved && venue) rows_.imports.CancelOf(venue->id, clock_.Now());
  if (saved && webhook) rows_.deliveries.Cancel(webhook->number, clock_.Now(), session);
  if (saved && webhook && deleted) {
    rows_.replays.CancelOf(webhook->number, clock_.Now());
    rows_.health.Delete(webhook->number);
    rows_.statistics.Delete(webhook->number);
  }
  for (const AuditEntry& entry : change.audit) {
    if (saved) rows_.audit.Add(entry);
  }
  return saved;
}

}  // namespace shakehook::sqlite
