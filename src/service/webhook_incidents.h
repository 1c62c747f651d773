// WebhookIncidents tells when a webhook begins to fail, has recovered, or was disabled: once for each incident, however
// often it is looked at. An incident begins when the webhook is judged failing (model/webhook_condition.h) and ends
// when it does well again; a webhook that fails now and then meanwhile (degraded) is still in it. A webhook that is
// disabled or deleted has no incident.
//
// Threads: none; its owner's.
// Memory:  an entry for each webhook that fails or is disabled.
// Loss:    after a start a webhook that still fails is told once more, and one that was disabled before is not told.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "model/webhook.h"
#include "model/webhook_condition.h"

namespace shakehook {

enum class WebhookChange : std::uint8_t { kFailing, kRecovered, kDisabled };
inline constexpr std::size_t kWebhookChanges = 3;
// "failing", "recovered", "disabled".
std::string_view ToString(WebhookChange change);

class WebhookIncidents {
 public:
  // A webhook that was disabled before the first round, and is not told.
  void KnowDisabled(WebhookNumber webhook) { entries_[webhook] = {.disabled = true}; }
  // Each round looks at all webhooks that there are: Begin, See for each, End.
  void Begin() { ++round_; }
  // Returns what has happened to the webhook since the last round.
  std::optional<WebhookChange> See(WebhookNumber webhook, const Judgement& judgement);
  // Forgets the webhooks that were deleted.
  void End();

  // How many webhooks are in an incident.
  std::size_t open() const { return open_; }

 private:
  struct Entry {
    bool disabled = false;
    std::uint64_t seen = 0;  // the round
  };

  std::unordered_map<WebhookNumber, Entry> entries_;
  std::size_t open_ = 0;
  std::uint64_t round_ = 0;
};

}  // namespace shakehook
