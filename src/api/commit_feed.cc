#include "api/commit_feed.h"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "base/check.h"
#include "base/memory_reserve.h"

namespace shakehook {
namespace {

using Batch = std::shared_ptr<const std::vector<FeedItem>>;

FeedItem Owed(const Commit::Owed& owed) {
  const OwedDelivery& delivery = owed.delivery;
  const Event& event = *delivery.event;
  return {.webhook = owed.webhook,
          .delivery = {.key = delivery.key,
                       .id = delivery.id,
                       .webhook_id = owed.webhook->id,
                       .event_id = event.id,
                       .event = event.type,
                       .origin = event.origin,
                       .resource_id = event.resource_id,
                       .venue_id = event.venue_id,
                       .attempt_count = delivery.attempts_made,
                       .next_attempt_at = delivery.due.value_or(delivery.created_at),
                       .created_at = delivery.created_at}};
}

// Returns the items of a commit that are told to subscribers; `only`: of this delivery.
std::vector<FeedItem> Items(const Commit& commit, const std::optional<DeliveryId>& only) {
  std::vector<FeedItem> items;
  for (const Commit::Owed& owed : commit.owed) {
    // A delivered one that is sent again stays delivered; the item of its attempt reports it.
    if (owed.delivery.purpose == OwedDelivery::Purpose::kAgain) continue;
    if (!only || owed.delivery.id == *only) items.push_back(Owed(owed));
  }
  for (const Commit::Attempted& attempted : commit.attempted) {
    if (!only || attempted.delivery.id == *only) {
      items.push_back({attempted.webhook, attempted.delivery, attempted.attempt});
    }
  }
  return items;
}

}  // namespace

// The mailbox holds the items of one subscription until it takes them.
//
// Threads: lives on the loop; `only` and `loop` never change.
struct CommitFeed::Mailbox {
  Loop& loop;
  const std::optional<DeliveryId> only;

  std::deque<std::pair<Batch, std::size_t>> items;  // each is a batch and an index in it
  Batch taken;
  bool lagged = false;
  // The waiting coroutine, if there is one; the timer owns it, so that it ends with the loop.
  Task* waiting = nullptr;
  Loop::TimerKey timer;

  void Put(const Batch& batch);
  void Wait(SteadyTime until, Task resume);
};

void CommitFeed::Mailbox::Put(const Batch& batch) {
  if (lagged) return;
  for (std::size_t i = 0; i < batch->size(); ++i) items.emplace_back(batch, i);
  if (items.size() > Subscription::kItemsMax) {
    lagged = true;
    items.clear();
  }
  if (waiting == nullptr) return;
  Task resume = std::move(*std::exchange(waiting, nullptr));
  loop.Cancel(timer);
  resume();
}

void CommitFeed::Mailbox::Wait(SteadyTime until, Task resume) {
  CHECK(waiting == nullptr);
  auto owned = std::make_unique<Task>(std::move(resume));
  waiting = owned.get();
  timer = loop.CallAt(until, [this, owned = std::move(owned)] {
    waiting = nullptr;
    Task resume = std::move(*owned);
    resume();
  });
}

void CommitFeed::OnCommit(const Commit& commit) {
  if (!WantsAttempts() || (commit.owed.empty() && commit.attempted.empty())) return;
  Batch all;
  const MutexLock lock(mutex_);
  for (const std::shared_ptr<Mailbox>& mailbox : mailboxes_) {
    Batch batch;
    if (mailbox->only) {
      batch = std::make_shared<const std::vector<FeedItem>>(Items(commit, mailbox->only));
    } else {
      if (!all) all = std::make_shared<const std::vector<FeedItem>>(Items(commit, std::nullopt));
      batch = all;
    }
    if (batch->empty()) continue;
    mailbox->loop.Post([mailbox, batch = std::move(batch)] { mailbox->Put(batch); });
  }
}

CommitFeed::Subscription::Subscription(CommitFeed& feed, Loop& loop, std::optional<DeliveryId> only)
    : feed_(feed), mailbox_(std::make_shared<Mailbox>(loop, only)) {
  const MutexLock lock(feed_.mutex_);
  feed_.mailboxes_.push_back(mailbox_);
  ++feed_.count_;
}

CommitFeed::Subscription::~Subscription() {
  const MutexLock lock(feed_.mutex_);
  std::erase(feed_.mailboxes_, mailbox_);
  --feed_.count_;
}

Async<> CommitFeed::Subscription::Wait(SteadyTime until) {
  if (lagged() || !mailbox_->items.empty()) co_return;
  const KeptLoopWork work;
  co_await asio::async_initiate<const asio::use_awaitable_t<Executor>, void()>(
      [mailbox = mailbox_.get(), until](auto handler) {
        const UnrefusableWork unrefusable;
        mailbox->Wait(until, Task(std::move(handler)));
      },
      asio::use_awaitable_t<Executor>());
  work.Restore();
}

const FeedItem* CommitFeed::Subscription::Take() {
  Mailbox& mailbox = *mailbox_;
  if (mailbox.items.empty()) return nullptr;
  auto [batch, index] = std::move(mailbox.items.front());
  mailbox.items.pop_front();
  mailbox.taken = std::move(batch);
  return &(*mailbox.taken)[index];
}

bool CommitFeed::Subscription::lagged() const { return mailbox_->lagged; }

}  // namespace shakehook
