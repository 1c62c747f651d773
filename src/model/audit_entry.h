// An entry of the audit log: who did what to what, for actions that somebody may later have to account for. It never
// contains a secret or a password.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/ids.h"
#include "model/scope.h"

namespace shakehook {

enum class AuditAction : std::uint8_t {
  kSessionCreated = 0,
  kSessionFailed = 1,
  kSessionEnded = 2,
  kUserCreated = 3,
  kUserChanged = 4,
  kUserDeleted = 5,
  kSecretRevealed = 6,
  kSecretRotated = 7,
  kOverlapEnded = 8,
  kWebhookDisabled = 9,
  kWebhookEnabled = 10,
  kWebhookDiscarded = 11,
  kReplayStarted = 12,
  kReplayCanceled = 13,
  kApiKeyCreated = 14,
  kApiKeyDeleted = 15,
  kImportStarted = 16,
  kImportFinished = 17,
  kImportCanceled = 18,
  kResourceErased = 19,
  kWebhookSentNow = 20,
  kWebhookCreated = 21,
  kWebhookChanged = 22,
  kWebhookDeleted = 23,
  kWebhookWarned = 24,  // it fails, and will be disabled if it goes on
  kChannelCreated = 25,
  kChannelChanged = 26,
  kChannelDeleted = 27,
  kUserLinkMade = 28,
  kUserLinkUsed = 29,
  kSecondFactorOn = 30,
  kSecondFactorOff = 31,
};

// By number.
inline constexpr std::array<std::string_view, 32> kAuditActionNames = {
    "session.created",  "session.failed",    "session.ended",   "user.created",    "user.changed",
    "user.deleted",     "secret.revealed",   "secret.rotated",  "overlap.ended",   "webhook.disabled",
    "webhook.enabled",  "webhook.discarded", "replay.started",  "replay.canceled", "api_key.created",
    "api_key.deleted",  "import.started",    "import.finished", "import.canceled", "resource.erased",
    "webhook.sent_now", "webhook.created",   "webhook.changed", "webhook.deleted", "webhook.warned",
    "channel.created",  "channel.changed",   "channel.deleted", "user.link_made",  "user.link_used",
    "second_factor.on", "second_factor.off"};

inline std::string_view ToString(AuditAction action) { return kAuditActionNames[static_cast<std::size_t>(action)]; }
// Returns nullopt if there is no such action.
std::optional<AuditAction> ParseAuditAction(std::string_view text);

// A signed-in user, an API key, the API key that the operator was given at the first start, or the server by itself.
enum class AuditActorKind : std::uint8_t { kUser = 0, kApiKey = 1, kBootstrap = 2, kServer = 3 };

struct AuditEntry {
  struct Actor {
    AuditActorKind kind = AuditActorKind::kUser;
    std::string id;    // empty: somebody who failed to sign in
    std::string name;  // at that time
    Scope scope = {};  // at that time; the number of entries that are kept is counted by scope
    bool operator==(const Actor&) const = default;
  };
  struct Subject {
    std::string kind;  // "user", "webhook", "api_key", "replay", "import", "account", "contact"
    std::string id;
    std::string name;  // at that time; empty: it has none
    bool operator==(const Subject&) const = default;
  };

  Uuid id;
  Timestamp at;
  Actor actor;
  AuditAction action = AuditAction::kSessionCreated;
  std::optional<Subject> subject;
  std::string detail;  // as ReadAuditDetails() reads it (model/audit_detail.h); empty: there is nothing more to say
  // A JSON array with what was changed: {"field", "before", "after"}; empty: the action says it all.
  std::string changes = {};

  bool operator==(const AuditEntry&) const = default;
};

}  // namespace shakehook
