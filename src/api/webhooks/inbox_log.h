// InboxLog keeps the last requests of inboxes, for a person to look at.
//
// Memory:  kRequestsOfInboxMax requests of each inbox and kBytesMax in all; the oldest are dropped first. It is lost
// with
//          the process; the log of deliveries has the same requests.
// Threads: from any thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/time.h"
#include "model/ids.h"

namespace shakehook {

struct InboxRequest {
  // The state of Bookingshake-Signature by the secret of a webhook that points to the inbox.
  enum class Signature : std::uint8_t { kRight, kWrong, kMissing };

  Uuid id;
  Timestamp received_at;
  std::string method;
  std::vector<std::pair<std::string, std::string>> headers;  // credentials masked
  std::string body;
  Signature signature = Signature::kMissing;
  std::optional<WebhookId> webhook_id;  // the webhook with that secret
  std::optional<int> answered_status;   // absent: it was not answered in time
};

class InboxLog {
 public:
  static constexpr std::size_t kRequestsOfInboxMax = 100;
  static constexpr std::size_t kBytesMax = 16 * 1024 * 1024;

  void Add(InboxId inbox, InboxRequest request);
  // Returns how many bytes it keeps of an inbox.
  std::size_t KeptBytes(InboxId inbox) const;
  // Returns the newest first, those before the request `before`; empty if that one was dropped, as all before it were.
  std::vector<InboxRequest> List(InboxId inbox, std::optional<Uuid> before, std::size_t limit) const;
  void Drop(InboxId inbox);
  // Drops the requests whose payload is of this resource.
  void EraseResource(const VenueId& venue, const ResourceId& id);

 private:
  struct Entry {
    InboxId inbox;
    InboxRequest request;
    std::size_t bytes = 0;
  };
  using Entries = std::deque<Entry>;

  void Erase(Entries::iterator entry) REQUIRES(mutex_);
  template <class F>
  void EraseIf(F condition);

  mutable Mutex mutex_;
  Entries entries_ GUARDED_BY(mutex_);  // oldest first
  std::size_t bytes_ GUARDED_BY(mutex_) = 0;
};

}  // namespace shakehook
