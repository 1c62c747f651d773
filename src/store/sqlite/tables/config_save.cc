#include "store/sqlite/tables/config_save.h"

namespace shakehook::sqlite {

std::optional<WebhookNumber> ConfigSave::WebhookToCancel(const ConfigChange& change) const {
  const auto* const deleted = std::get_if<ConfigChange::Delete<WebhookId>>(&change.change);
  const auto* const edited = std::get_if<ConfigChange::Put<Webhook>>(&change.change);
  const bool discards = edited && change.discard == Switch::kOn;
  const SharedWebhook webhook = deleted    ? config_cache_.FindWebhook(deleted->id)
                                : discards ? config_cache_.FindWebhook(edited->value.id)
                                           : nullptr;
  return webhook ? std::optional(webhook->number) : std::nullopt;
}

Stored<Done> ConfigSave::Run(const ConfigChange& change, WriteSession& session) {
  const bool deletes = std::holds_alternative<ConfigChange::Delete<WebhookId>>(change.change);
  const auto webhook = WebhookToCancel(change);
  const auto* const venue = std::get_if<ConfigChange::Delete<VenueId>>(&change.change);
  auto saved = rows_.config.Save(change, session);
  if (saved && venue) rows_.imports.CancelOf(venue->id, clock_.Now());
  if (saved && webhook) rows_.cancelations.Cancel(*webhook, clock_.Now(), session);
  if (saved && webhook && deletes) {
    rows_.replays.CancelOf(*webhook, clock_.Now());
    rows_.owed.KeepOfDeleted(*webhook);
    rows_.health.Delete(*webhook);
    rows_.statistics.Delete(*webhook);
  }
  for (const AuditEntry& entry : change.audit) {
    if (saved) rows_.audit.Add(entry);
  }
  return saved;
}

}  // namespace shakehook::sqlite
