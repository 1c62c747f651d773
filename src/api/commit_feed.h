// CommitFeed gives commits to those who wait for them: streams of /api/stream, and tests of webhooks that wait for
// their result.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/loop.h"
#include "base/mutex.h"
#include "store/commit_listener.h"

namespace shakehook {

// A delivery that is new or is to be sent again; with `attempt`, one that was attempted, in its state afterwards.
struct FeedItem {
  SharedWebhook webhook;
  Delivery delivery;
  std::optional<Attempt> attempt;
};

// Threads: OnCommit and WantsAttempts on the store's writer thread; subscriptions come and go on their loops.
class CommitFeed final : public CommitListener {
 public:
  class Subscription;

  void OnCommit(const Commit& commit) override;
  // While there is no subscription, the store is spared the work.
  bool WantsAttempts() const override { return count_.load(std::memory_order_relaxed) > 0; }

 private:
  struct Mailbox;

  Mutex mutex_;
  std::vector<std::shared_ptr<Mailbox>> mailboxes_ GUARDED_BY(mutex_);
  std::atomic<std::size_t> count_ = 0;
};

// A Subscription holds the items that its holder has not taken yet: bounded, so that a slow client costs no memory.
//
// Ownership: the feed and the loop outlive it.
// Threads:   lives on its loop.
// Loss:      a holder that falls behind by more than kItemsMax loses all of it, and lagged() says so.
class CommitFeed::Subscription {
 public:
  static constexpr std::size_t kItemsMax = 4096;

  // `only`: the only delivery to report; absent: all.
  Subscription(CommitFeed& feed, Loop& loop, std::optional<DeliveryId> only);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // Waits until there is an item to take, or it has lagged, or `until` has come.
  Async<> Wait(SteadyTime until);
  // Removes and returns the oldest item; null: none. Valid until the next call.
  const FeedItem* Take();
  bool lagged() const;

 private:
  CommitFeed& feed_;
  std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace shakehook
