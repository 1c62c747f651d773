// A change of the configuration, as the store takes it.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "model/api_key.h"
#include "model/audit_entry.h"
#include "model/custom_field.h"
#include "model/inbox.h"
#include "model/user.h"
#include "model/venue.h"
#include "model/webhook.h"

namespace shakehook {

// `expected_version` 0: create (kExists if the id is taken); else the version edited (kVersionConflict if it is another
// by now).
template <class T>
struct ConfigPut {
  T value;  // `version`, `number` and `position` are set by the store
  std::int64_t expected_version = 0;
};
template <class Id>
struct ConfigDelete {
  Id id;
  std::optional<std::int64_t> expected_version;  // absent: whatever it is
};

// A change of the configuration.
//
// A user with a new epoch loses all sessions.
struct ConfigChange {
  template <class T>
  using Put = ConfigPut<T>;
  template <class Id>
  using Delete = ConfigDelete<Id>;
  struct CustomFieldId {
    Uuid uuid;
  };
  using Any = std::variant<Put<VenuesGroup>, Put<Venue>, Put<CustomField>, Put<Webhook>, Put<ApiKey>, Put<User>,
                           Put<Inbox>, Delete<VenuesGroupId>, Delete<VenueId>, Delete<CustomFieldId>, Delete<WebhookId>,
                           Delete<ApiKeyId>, Delete<UserId>, Delete<InboxId>>;
  Any change;
  std::vector<AuditEntry> audit = {};  // written in the same transaction
  // With an edit of a webhook: its pending deliveries are canceled in the same transaction.
  Switch discard = Switch::kOff;
};

}  // namespace shakehook
