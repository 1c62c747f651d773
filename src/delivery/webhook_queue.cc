#include "delivery/webhook_queue.h"

#include <algorithm>

#include "base/check.h"
#include "model/payload.h"
#include "model/resource.h"

namespace shakehook {
namespace {

bool IsByHand(const OwedDelivery& delivery) {
  return delivery.trigger == AttemptTrigger::kManual || delivery.purpose == OwedDelivery::Purpose::kTest;
}

}  // namespace

const WebhookQueue::Room WebhookQueue::kLittleRoom{
    .window = 16, .waiting_bytes = kDataBytesMax, .page_bytes = kDataBytesMax, .fresh_page = 24, .due_page = 48};

WebhookQueue::WebhookQueue(Ordering ordering, Switch enabled, Start start)
    : ordering_(ordering), enabled_(enabled), fresh_{.spilled = start == Start::kOwes} {}

void WebhookQueue::Configure(Ordering ordering, Switch enabled) {
  if (ordering == ordering_ && enabled == enabled_) return;
  ordering_ = ordering;
  enabled_ = enabled;
  DropWaiting();
  ReadFromTheStart();
  due_.next = Timestamp();  // unknown: the next read tells
}

// --- What commits tell ---

void WebhookQueue::Add(OwedDelivery delivery) {
  if (IsByHand(delivery)) {
    // The result of its former attempt is stored, whatever an older read still brings.
    LetHoldAgain(delivery.key.position, From::kPerson);
    canceled_.erase(delivery.key.position);
    if (held_.positions.contains(delivery.key.position)) {
      HearOfMadeDue(delivery.key.position);
    } else if (order_.urgent() < kUrgentMax) {
      if (held_.Add(delivery)) order_.AddUrgent(std::move(delivery));
    } else if (delivery.due) {
      HearOfDue(delivery.due);
    } else {
      Spill();
    }
  } else if (delivery.due) {
    HearOfDue(delivery.due);
  } else if (delivery.key.position > fresh_.cursor) {
    if (fresh_.spilled || enabled_ == Switch::kOff || Full() || (strict() && MayFollowARetry())) {
      Spill();
      return;
    }
    fresh_.cursor = delivery.key.position;
    if (held_.Add(delivery)) order_.AddFresh(std::move(delivery));
  }
}

// A person sent a held one by hand, so that from now on the store leaves what follows it where it is.
void WebhookQueue::HearOfMadeDue(Position position) {
  const auto ended = unrecorded_.find(position);
  if (ended == unrecorded_.end()) {
    held_.made_due.insert(position);
  } else {
    ended->second.made_due = ended->second.hid_others = true;
    Block(ended->second);
  }
}

bool WebhookQueue::Full() const { return window_size() >= room_.window || bytes() >= room_.waiting_bytes; }

// Tells whether some resource may have a delivery that waits for its retry; only the store knows which one.
bool WebhookQueue::MayFollowARetry() const {
  return due_.next || due_.under_way || held_.due > 0 || !held_.made_due.empty() || !blocked_.empty();
}

void WebhookQueue::Cancel(Position until) {
  for (const OwedDelivery& delivery : order_.TakeUntil(until)) held_.Remove(delivery);
  CancelUnderWay(until);
  // The reads under way may bring what was canceled after they began. And what waited, or was left in the store behind
  // something that is canceled, may be newer than the cancelation: a read that began after it can have come before it.
  ReadFromTheStart();
  due_.stale = due_.under_way;
}

// A canceled delivery is never retried, so no other delivery may go on waiting for its retry.
void WebhookQueue::CancelUnderWay(Position until) {
  for (auto& [position, result] : unrecorded_) {
    if (position > until) continue;
    result.retry_at.reset();
    Unblock(result);
  }
  for (Stored& stored : stored_during_read_) {
    if (stored.position <= until) Unblock(stored.result);
  }
  // These deliveries wait no longer: the attempt of each is under way, or has ended already.
  for (const Position position : held_.positions) {
    const bool ended = unrecorded_.contains(position) ||
                       std::ranges::find(stored_during_read_, position, &Stored::position) != stored_during_read_.end();
    if (position <= until && !ended) canceled_.insert(position);
  }
}

void WebhookQueue::Erase(const std::unordered_set<ResourceNumber>& resources) {
  held_.due_bytes -= order_.Erase(resources);
  if (fresh_.under_way || due_.under_way) erased_during_read_.insert(resources.begin(), resources.end());
}

void WebhookQueue::EraseTaken(OwedDelivery& delivery) {
  const std::size_t before = delivery.event->payload.size();
  delivery.event = WithoutData(*delivery.event);
  if (delivery.due) held_.due_bytes -= before - delivery.event->payload.size();
}

// For a delivery that a read brought.
void WebhookQueue::TakeOutData(OwedDelivery& delivery) {
  if (erased_during_read_.contains(delivery.resource)) delivery.event = WithoutData(*delivery.event);
}

// --- Reading back ---

void WebhookQueue::Spill() {
  fresh_.spilled = true;
  fresh_.missed = true;
}

void WebhookQueue::ReadFromTheStart() {
  fresh_.cursor = {};
  fresh_.stale = fresh_.under_way;
  Spill();
}

// All that waits, but for what was sent by hand, which goes out whatever the settings say.
void WebhookQueue::DropWaiting() {
  for (OwedDelivery& delivery : order_.TakeAll()) {
    if (IsByHand(delivery)) {
      order_.AddUrgent(std::move(delivery));
    } else {
      held_.Remove(delivery);
    }
  }
}

bool WebhookQueue::WantsFresh() const {
  return enabled_ == Switch::kOn && fresh_.spilled && !fresh_.under_way && window_size() <= room_.window / 2 &&
         bytes() <= room_.waiting_bytes / 2;
}

Position WebhookQueue::BeginFresh() {
  fresh_.under_way = true;
  fresh_.missed = false;
  return fresh_.cursor;
}

void WebhookQueue::AddFresh(OwedPage page) {
  CHECK(fresh_.under_way);
  if (!fresh_.stale && enabled_ == Switch::kOn) {
    for (OwedDelivery& delivery : page.deliveries) {
      TakeOutData(delivery);
      fresh_.cursor = std::max(fresh_.cursor, delivery.key.position);
      const bool blocked = strict() && blocked_.contains(delivery.resource);
      if (!blocked && held_.Add(delivery)) order_.AddFresh(std::move(delivery));
    }
    fresh_.cursor = std::max(fresh_.cursor, page.until);
    if (!page.more && !fresh_.missed) fresh_.spilled = false;
  }
  EndFreshRead();
}

void WebhookQueue::FreshFailed() { EndFreshRead(); }

void WebhookQueue::EndFreshRead() {
  fresh_.under_way = false;
  fresh_.stale = false;
  for (Stored& stored : stored_during_read_) stored.until_fresh = false;
  ForgetStored();
}

void WebhookQueue::HearOfDue(std::optional<Timestamp> due) {
  if (due && (!due_.next || *due < *due_.next)) due_.next = due;
}

bool WebhookQueue::WantsDue(Timestamp now) const {
  return due_.next && *due_.next <= now && !due_.under_way && held_.due < room_.due_page / 2 &&
         held_.due_bytes <= room_.page_bytes / 2;
}

void WebhookQueue::BeginDue() {
  due_.under_way = true;
  due_.next.reset();
}

void WebhookQueue::AddDue(OwedPage page) {
  CHECK(due_.under_way);
  if (due_.stale) {
    page = {};
    HearOfDue(Timestamp());  // unknown: the next read tells
  }
  for (OwedDelivery& delivery : page.deliveries) {
    if (enabled_ == Switch::kOff && !IsByHand(delivery)) continue;
    TakeOutData(delivery);
    LetHoldAgain(delivery.key.position, From::kDueRead);
    if (!held_.Add(delivery)) continue;
    if (enabled_ == Switch::kOn) {
      order_.AddDue(std::move(delivery));
    } else {
      order_.AddUrgent(std::move(delivery));
    }
  }
  HearOfDue(page.next_due);
  EndDueRead();
}

void WebhookQueue::DueFailed() {
  due_.next = Timestamp();
  EndDueRead();
}

void WebhookQueue::EndDueRead() {
  due_.under_way = false;
  due_.stale = false;
  for (Stored& stored : stored_during_read_) stored.until_due = false;
  ForgetStored();
}

// --- What is held ---

bool WebhookQueue::Held::Add(const OwedDelivery& delivery) {
  if (!positions.insert(delivery.key.position).second) return false;
  if (!delivery.due) return true;
  ++due;
  due_bytes += delivery.event->payload.size();
  return true;
}

void WebhookQueue::Held::Remove(const OwedDelivery& delivery) {
  positions.erase(delivery.key.position);
  made_due.erase(delivery.key.position);
  if (delivery.due) RemoveDue(delivery.event->payload.size());
}

void WebhookQueue::Held::RemoveDue(std::size_t bytes) {
  --due;
  due_bytes -= bytes;
}

// --- Sending ---

// Strict: whatever is to follow a delivery that must be retried leaves memory.
void WebhookQueue::DropBehind(ResourceNumber resource) {
  for (const OwedDelivery& delivery : order_.TakeBehind(resource)) {
    const bool made_due = held_.made_due.contains(delivery.key.position);
    held_.Remove(delivery);
    HearOfDue(made_due ? Timestamp() : delivery.due);  // unknown: the next read tells
  }
}

void WebhookQueue::Ended(const OwedDelivery& delivery, std::optional<Timestamp> retry_at) {
  Result result{.resource = delivery.resource,
                .had_due = delivery.due.has_value(),
                .bytes = delivery.event->payload.size(),
                .hid_others = held_.made_due.erase(delivery.key.position) > 0 || delivery.due,
                .retry_at = retry_at};
  if (canceled_.erase(delivery.key.position) > 0) result.retry_at.reset();
  // The store stops hiding what follows a retry when it stores the retry's end, which is before Recorded() says so. A
  // read in between brings what came last of the resource, while an earlier read has passed over what comes before.
  if (result.retry_at || result.hid_others) Block(result);
  if (strict() && result.retry_at) DropBehind(delivery.resource);
  unrecorded_[delivery.key.position] = result;
  order_.Free(delivery.resource);
}

void WebhookQueue::PutBack(OwedDelivery delivery) {
  const bool canceled = canceled_.erase(delivery.key.position) > 0;
  if (canceled || (enabled_ == Switch::kOff && !IsByHand(delivery))) {
    // The store keeps what is not canceled: it is read again when the webhook is enabled, or now if a person sent it.
    if (held_.made_due.contains(delivery.key.position)) HearOfDue(Timestamp());
    held_.Remove(delivery);
    return order_.Free(delivery.resource);
  }
  if (order_.IsErased(delivery.resource)) EraseTaken(delivery);
  order_.PutBack(std::move(delivery));
}

void WebhookQueue::Recorded(Position position) {
  const auto recorded = unrecorded_.extract(position);
  if (recorded.empty()) return;
  Result& result = recorded.mapped();
  if (result.had_due) held_.RemoveDue(result.bytes);
  // A retry is blocked further on, until no read is under way that began before it was stored.
  if (!result.retry_at) Unblock(result);
  stored_during_read_.push_back(
      {.position = position, .result = result, .until_fresh = fresh_.under_way, .until_due = due_.under_way});
  ForgetStored();
  // Only now, because a read that begins after this finds it in the store; one that began before ignores it.
  HearOfDue(result.retry_at);
  if (result.made_due) HearOfDue(Timestamp());  // if the result was stored before it was sent by hand, it is due there
  // Deliveries that were left in the store because of it may go on now.
  if (strict() && result.hid_others && !result.retry_at) ReadFromTheStart();
}

// After its result was stored, the delivery comes from the store as it is now, and may be held again; unless it comes
// from a read that began before that.
void WebhookQueue::LetHoldAgain(Position position, From from) {
  const auto stored = std::ranges::find_if(stored_during_read_, [&](const Stored& candidate) {
    return candidate.position == position && !candidate.taken_again;
  });
  if (stored == stored_during_read_.end() || (from == From::kDueRead && stored->until_due)) return;
  stored->taken_again = true;
  held_.positions.erase(position);
}

void WebhookQueue::ForgetStored() {
  if (!fresh_.under_way && !due_.under_way) erased_during_read_.clear();
  std::erase_if(stored_during_read_, [&](Stored& stored) {
    if (stored.until_fresh || stored.until_due) return false;
    if (!stored.taken_again) held_.positions.erase(stored.position);
    Unblock(stored.result);
    return true;
  });
}

void WebhookQueue::Block(Result& result) {
  if (strict() && !std::exchange(result.blocks, true)) blocked_.insert(result.resource);
}

void WebhookQueue::Unblock(Result& result) {
  if (std::exchange(result.blocks, false)) blocked_.erase(blocked_.find(result.resource));
}

bool WebhookQueue::idle() const {
  return held_.positions.empty() && !fresh_.under_way && !due_.under_way && !due_.next &&
         (!fresh_.spilled || enabled_ == Switch::kOff);
}

}  // namespace shakehook
