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

// With what the queue's tables hold for it.
std::size_t BytesOf(const OwedDelivery& delivery) {
  return delivery.event->payload.size() + WebhookQueue::kEventBytes + sizeof(OwedDelivery) + WebhookQueue::kEntryBytes;
}

}  // namespace

const WebhookQueue::Room WebhookQueue::kLittleRoom{
    .window = 16, .waiting_bytes = kDataBytesMax, .page_bytes = kDataBytesMax, .fresh_page = 24, .due_page = 48};

WebhookQueue::WebhookQueue(Ordering ordering, Switch enabled, Start start)
    : ordering_(ordering), enabled_(enabled), spilled_(start == Start::kOwes) {}

void WebhookQueue::Configure(Ordering ordering, Switch enabled) {
  if (ordering == ordering_ && enabled == enabled_) return;
  ordering_ = ordering;
  enabled_ = enabled;
  DropWaiting();
  page_is_stale_ = reading_fresh_;
  ReadFromTheStart();
  next_due_ = Timestamp();  // unknown: the next read tells
}

// --- What commits tell ---

void WebhookQueue::Add(OwedDelivery delivery) {
  if (IsByHand(delivery)) {
    // The result of its former attempt is stored, whatever an older read still brings.
    LetHoldAgain(delivery.key.position, From::kPerson);
    canceled_.erase(delivery.key.position);
    if (urgent_.size() < kUrgentMax) {
      if (Hold(delivery)) urgent_.push_back(std::move(delivery));
    } else if (delivery.due) {
      HearOfDue(delivery.due);
    } else {
      Spill();
    }
  } else if (delivery.due) {
    HearOfDue(delivery.due);
  } else if (delivery.key.position > cursor_) {
    if (spilled_ || enabled_ == Switch::kOff || Full() || (strict() && MayFollowARetry())) {
      Spill();
      return;
    }
    cursor_ = delivery.key.position;
    if (Hold(delivery)) fresh_.push_back(std::move(delivery));
  }
}

bool WebhookQueue::Full() const { return window_size() >= room_.window || bytes_ >= room_.waiting_bytes; }

// Tells whether some resource may have a delivery that waits for its retry; only the store knows which one.
bool WebhookQueue::MayFollowARetry() const { return next_due_ || reading_due_ || due_held_ > 0 || !blocked_.empty(); }

void WebhookQueue::Cancel(Position until) {
  const auto cancel = [&](const OwedDelivery& delivery) {
    if (delivery.key.position > until) return false;
    Unhold(delivery);
    return true;
  };
  for (auto* waiting : {&fresh_, &due_, &urgent_}) std::erase_if(*waiting, cancel);
  for (auto& [resource, waiting] : parked_) {
    parked_count_ -= std::erase_if(waiting, [&](const auto& parked) { return cancel(parked.second); });
  }
  std::erase_if(parked_, [](const auto& parked) { return parked.second.empty(); });
  for (OwedDelivery& next : std::exchange(unparked_, {})) {
    if (cancel(next)) {
      FreeResource(next.resource);
    } else {
      unparked_.push_back(std::move(next));
    }
  }
  CancelUnderWay(until);
  // The reads under way may bring what was canceled after they began.
  if (reading_fresh_) {
    page_is_stale_ = true;
    Spill();
  }
  due_page_is_stale_ = reading_due_;
}

// A canceled delivery is never retried, so no other delivery may go on waiting for its retry.
void WebhookQueue::CancelUnderWay(Position until) {
  for (auto& [position, result] : unrecorded_) {
    if (position > until) continue;
    result.canceled = true;
    result.retry_at.reset();
    Unblock(result);
  }
  for (Stored& stored : stored_during_read_) {
    if (stored.position <= until) Unblock(stored.result);
  }
  // These deliveries wait no longer: the attempt of each is under way, or has ended already.
  for (const Position position : held_) {
    const bool ended = unrecorded_.contains(position) ||
                       std::ranges::find(stored_during_read_, position, &Stored::position) != stored_during_read_.end();
    if (position <= until && !ended) canceled_.insert(position);
  }
}

void WebhookQueue::Erase(const std::unordered_set<ResourceNumber>& resources) {
  const auto take_out = [&](OwedDelivery& delivery) {
    if (!resources.contains(delivery.resource)) return;
    const std::size_t before = delivery.event->payload.size();
    bytes_ -= BytesOf(delivery);
    delivery.event = WithoutData(*delivery.event);
    bytes_ += BytesOf(delivery);
    if (delivery.due) due_held_bytes_ += delivery.event->payload.size() - before;
  };
  for (auto* waiting : {&fresh_, &due_, &urgent_, &unparked_}) std::ranges::for_each(*waiting, take_out);
  for (auto& [resource, waiting] : parked_) {
    if (!resources.contains(resource)) continue;
    for (auto& [position, delivery] : waiting) take_out(delivery);
  }
  if (reading_fresh_ || reading_due_) erased_during_read_.insert(resources.begin(), resources.end());
  for (const ResourceNumber resource : resources) {
    if (busy_.contains(resource)) erased_while_busy_.insert(resource);
  }
}

void WebhookQueue::EraseTaken(OwedDelivery& delivery) {
  const std::size_t before = delivery.event->payload.size();
  delivery.event = WithoutData(*delivery.event);
  if (delivery.due) due_held_bytes_ += delivery.event->payload.size() - before;
}

// For a delivery that a read brought.
void WebhookQueue::TakeOutData(OwedDelivery& delivery) {
  if (erased_during_read_.contains(delivery.resource)) delivery.event = WithoutData(*delivery.event);
}

// --- Reading back ---

void WebhookQueue::Spill() {
  spilled_ = true;
  missed_ = true;
}

void WebhookQueue::ReadFromTheStart() {
  cursor_ = {};
  page_is_stale_ = reading_fresh_;
  Spill();
}

// All that waits, but for what was sent by hand, which goes out whatever the settings say.
void WebhookQueue::DropWaiting() {
  std::deque<OwedDelivery> by_hand = std::exchange(urgent_, {});
  const auto drop = [&](OwedDelivery& delivery) {
    if (IsByHand(delivery)) {
      by_hand.push_back(std::move(delivery));
    } else {
      Unhold(delivery);
    }
  };
  for (auto* waiting : {&fresh_, &due_}) {
    for (OwedDelivery& delivery : std::exchange(*waiting, {})) drop(delivery);
  }
  for (auto& [resource, waiting] : std::exchange(parked_, {})) {
    for (auto& [position, delivery] : waiting) drop(delivery);
  }
  parked_count_ = 0;
  for (OwedDelivery& delivery : std::exchange(unparked_, {})) {
    busy_.erase(delivery.resource);
    erased_while_busy_.erase(delivery.resource);
    drop(delivery);
  }
  urgent_ = std::move(by_hand);
}

bool WebhookQueue::WantsFresh() const {
  return enabled_ == Switch::kOn && spilled_ && !reading_fresh_ && window_size() <= room_.window / 2 &&
         bytes_ <= room_.waiting_bytes / 2;
}

Position WebhookQueue::BeginFresh() {
  reading_fresh_ = true;
  missed_ = false;
  return cursor_;
}

void WebhookQueue::AddFresh(OwedPage page) {
  CHECK(reading_fresh_);
  reading_fresh_ = false;
  if (!std::exchange(page_is_stale_, false) && enabled_ == Switch::kOn) {
    for (OwedDelivery& delivery : page.deliveries) {
      TakeOutData(delivery);
      cursor_ = std::max(cursor_, delivery.key.position);
      const bool blocked = strict() && blocked_.contains(delivery.resource);
      if (!blocked && Hold(delivery)) fresh_.push_back(std::move(delivery));
    }
    cursor_ = std::max(cursor_, page.until);
    if (!page.more && !missed_) spilled_ = false;
  }
  for (Stored& stored : stored_during_read_) stored.until_fresh = false;
  ForgetStored();
}

void WebhookQueue::FreshFailed() {
  reading_fresh_ = false;
  page_is_stale_ = false;
  for (Stored& stored : stored_during_read_) stored.until_fresh = false;
  ForgetStored();
}

void WebhookQueue::HearOfDue(std::optional<Timestamp> due) {
  if (due && (!next_due_ || *due < *next_due_)) next_due_ = due;
}

bool WebhookQueue::WantsDue(Timestamp now) const {
  return next_due_ && *next_due_ <= now && !reading_due_ && due_held_ < room_.due_page / 2 &&
         due_held_bytes_ <= room_.page_bytes / 2;
}

void WebhookQueue::BeginDue() {
  reading_due_ = true;
  next_due_.reset();
}

void WebhookQueue::AddDue(OwedPage page) {
  CHECK(reading_due_);
  reading_due_ = false;
  if (std::exchange(due_page_is_stale_, false)) {
    page = {};
    HearOfDue(Timestamp());  // unknown: the next read tells
  }
  for (OwedDelivery& delivery : page.deliveries) {
    if (enabled_ == Switch::kOff && !IsByHand(delivery)) continue;
    TakeOutData(delivery);
    LetHoldAgain(delivery.key.position, From::kDueRead);
    auto& waiting = enabled_ == Switch::kOn ? due_ : urgent_;
    if (Hold(delivery)) waiting.push_back(std::move(delivery));
  }
  HearOfDue(page.next_due);
  for (Stored& stored : stored_during_read_) stored.until_due = false;
  ForgetStored();
}

void WebhookQueue::DueFailed() {
  reading_due_ = false;
  due_page_is_stale_ = false;
  next_due_ = Timestamp();
  for (Stored& stored : stored_during_read_) stored.until_due = false;
  ForgetStored();
}

// --- What is held ---

bool WebhookQueue::Hold(const OwedDelivery& delivery) {
  if (!held_.insert(delivery.key.position).second) return false;
  bytes_ += BytesOf(delivery);
  if (!delivery.due) return true;
  ++due_held_;
  due_held_bytes_ += delivery.event->payload.size();
  return true;
}

void WebhookQueue::Unhold(const OwedDelivery& delivery) {
  held_.erase(delivery.key.position);
  bytes_ -= BytesOf(delivery);
  if (!delivery.due) return;
  --due_held_;
  due_held_bytes_ -= delivery.event->payload.size();
}

// --- Sending ---

bool WebhookQueue::HasReady(Which which) const {
  if (!urgent_.empty()) return true;
  if (enabled_ == Switch::kOff) return !unparked_.empty();
  return which == Which::kAny && !(fresh_.empty() && due_.empty() && unparked_.empty());
}

std::optional<OwedDelivery> WebhookQueue::Next(Which which) {
  if (auto delivery = TakeFrom(urgent_)) return delivery;
  const bool only_by_hand = which == Which::kUrgent && enabled_ == Switch::kOn;
  if (!unparked_.empty() && !only_by_hand) {
    OwedDelivery delivery = std::move(unparked_.front());
    unparked_.pop_front();
    bytes_ -= BytesOf(delivery);
    return delivery;
  }
  if (which == Which::kUrgent) return std::nullopt;
  due_goes_first_ = !due_goes_first_;
  if (auto delivery = TakeFrom(due_goes_first_ ? due_ : fresh_)) return delivery;
  return TakeFrom(due_goes_first_ ? fresh_ : due_);
}

std::optional<OwedDelivery> WebhookQueue::TakeFrom(std::deque<OwedDelivery>& waiting) {
  while (!waiting.empty()) {
    OwedDelivery delivery = std::move(waiting.front());
    waiting.pop_front();
    if (busy_.insert(delivery.resource).second) {
      bytes_ -= BytesOf(delivery);
      return delivery;
    }
    ++parked_count_;
    const Position position = delivery.key.position;
    parked_[delivery.resource].emplace(position, std::move(delivery));
  }
  return std::nullopt;
}

void WebhookQueue::FreeResource(ResourceNumber resource) {
  erased_while_busy_.erase(resource);
  const auto parked = parked_.find(resource);
  if (parked == parked_.end()) {
    busy_.erase(resource);
    return;
  }
  unparked_.push_back(std::move(parked->second.begin()->second));
  parked->second.erase(parked->second.begin());
  --parked_count_;
  if (parked->second.empty()) parked_.erase(parked);
}

// Strict: whatever is to follow a delivery that must be retried leaves memory.
void WebhookQueue::DropBehind(ResourceNumber resource) {
  if (const auto parked = parked_.find(resource); parked != parked_.end()) {
    for (const auto& [position, delivery] : parked->second) {
      Unhold(delivery);
      HearOfDue(delivery.due);
    }
    parked_count_ -= parked->second.size();
    parked_.erase(parked);
  }
  std::erase_if(fresh_, [&](const OwedDelivery& delivery) {
    if (delivery.resource != resource) return false;
    Unhold(delivery);
    return true;
  });
}

void WebhookQueue::Ended(const OwedDelivery& delivery, std::optional<Timestamp> retry_at) {
  Result result{.resource = delivery.resource,
                .had_due = delivery.due.has_value(),
                .bytes = delivery.event->payload.size(),
                .retry_at = retry_at};
  if (canceled_.erase(delivery.key.position) > 0) {
    result.canceled = true;
    result.retry_at.reset();
  }
  if (result.retry_at && strict()) {
    result.blocks = true;
    blocked_.insert(delivery.resource);
    DropBehind(delivery.resource);
  }
  unrecorded_[delivery.key.position] = result;
  FreeResource(delivery.resource);
}

void WebhookQueue::PutBack(OwedDelivery delivery) {
  const bool canceled = canceled_.erase(delivery.key.position) > 0;
  if (canceled || (enabled_ == Switch::kOff && !IsByHand(delivery))) {
    // The store keeps these deliveries, and they are read again when the webhook is enabled.
    held_.erase(delivery.key.position);
    if (delivery.due) {
      --due_held_;
      due_held_bytes_ -= delivery.event->payload.size();
    }
    return FreeResource(delivery.resource);
  }
  if (erased_while_busy_.contains(delivery.resource)) EraseTaken(delivery);
  bytes_ += BytesOf(delivery);
  unparked_.push_front(std::move(delivery));  // its resource stays busy for it
}

void WebhookQueue::Recorded(Position position) {
  const auto recorded = unrecorded_.extract(position);
  if (recorded.empty()) return;
  const Result& result = recorded.mapped();
  if (result.had_due) {
    --due_held_;
    due_held_bytes_ -= result.bytes;
  }
  stored_during_read_.push_back(
      {.position = position, .result = result, .until_fresh = reading_fresh_, .until_due = reading_due_});
  ForgetStored();
  // Only now, because a read that begins after this finds it in the store; one that began before ignores it.
  HearOfDue(result.retry_at);
  // Deliveries that were left in the store because of it may go on now.
  if (strict() && (result.had_due || result.canceled) && !result.retry_at) ReadFromTheStart();
}

// After its result was stored, the delivery comes from the store as it is now, and may be held again; unless it comes
// from a read that began before that.
void WebhookQueue::LetHoldAgain(Position position, From from) {
  const auto stored = std::ranges::find_if(stored_during_read_, [&](const Stored& candidate) {
    return candidate.position == position && !candidate.taken_again;
  });
  if (stored == stored_during_read_.end() || (from == From::kDueRead && stored->until_due)) return;
  stored->taken_again = true;
  held_.erase(position);
}

void WebhookQueue::ForgetStored() {
  if (!reading_fresh_ && !reading_due_) erased_during_read_.clear();
  std::erase_if(stored_during_read_, [&](Stored& stored) {
    if (stored.until_fresh || stored.until_due) return false;
    if (!stored.taken_again) held_.erase(stored.position);
    Unblock(stored.result);
    return true;
  });
}

void WebhookQueue::Unblock(Result& result) {
  if (std::exchange(result.blocks, false)) blocked_.erase(blocked_.find(result.resource));
}

bool WebhookQueue::idle() const {
  return held_.empty() && !reading_fresh_ && !reading_due_ && !next_due_ && (!spilled_ || enabled_ == Switch::kOff);
}

}  // namespace shakehook
