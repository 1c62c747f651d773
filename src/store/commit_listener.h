// CommitListener hears of each commit's changes, so that no part has to poll the store. This news is a hint that may be
// lost (another process, a restart): the store has the truth, and reading it again makes up for lost news.
//
// Threads: OnCommit is called on the store's writer thread, after each commit, in commit order, before the callers of
//          the commit's verbs go on. It must not block.
#pragma once

#include <vector>

#include "model/delivery.h"
#include "model/webhook.h"

namespace shakehook {

struct Commit {
  // In the order in which each webhook gets them. `webhook` is as it was at the commit, enabled or not.
  struct Owed {
    SharedWebhook webhook;
    OwedDelivery delivery;
  };
  // A webhook that is owed more than `owed` tells: what is not told waits in the store, behind what is.
  struct OwedMore {
    SharedWebhook webhook;
  };
  // A webhook that was created, changed (by a person or by a 410) or removed (`webhook` null).
  struct Changed {
    WebhookNumber number;
    SharedWebhook webhook;
  };
  // A person made many due at once. They are not told one by one: they wait in the store to be read.
  struct Due {
    SharedWebhook webhook;
    Timestamp at;
  };
  // An attempt that was recorded, and its delivery after it.
  struct Attempted {
    SharedWebhook webhook;
    Delivery delivery;
    Attempt attempt;
  };
  // Pending deliveries of the webhook were canceled (discarded, or the webhook was deleted). Those with a position up
  // to `until` that are still waiting must not be sent.
  struct Canceled {
    WebhookNumber webhook;
    Position until;
  };

  std::vector<Changed> changed;  // listeners hear of these first
  std::vector<Canceled> canceled;
  std::vector<Owed> owed;
  std::vector<OwedMore> owed_more;
  std::vector<Due> due;
  std::vector<Attempted> attempted;  // filled only while WantsAttempts()
  std::vector<ReplayId> replays;     // that were started
  std::vector<ImportId> imports;     // that were started
  // Resources whose data was erased from the stored events: pending deliveries of these events are sent without it.
  std::vector<ResourceNumber> erased;

  bool empty() const {
    return changed.empty() && canceled.empty() && owed.empty() && owed_more.empty() && due.empty() &&
           attempted.empty() && replays.empty() && imports.empty() && erased.empty();
  }
};

class CommitListener {
 public:
  virtual ~CommitListener() = default;
  virtual void OnCommit(const Commit& commit) = 0;
  // Tells whether the listener reads `attempted`, which is costly to fill.
  virtual bool WantsAttempts() const { return false; }
};

}  // namespace shakehook
