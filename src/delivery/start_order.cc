#include "delivery/start_order.h"

#include <algorithm>
#include <utility>

#include "model/payload.h"

namespace shakehook {
namespace {

std::size_t BytesOf(const OwedDelivery& delivery) {
  return delivery.event->payload.size() + StartOrder::kEventBytes + sizeof(OwedDelivery) + StartOrder::kEntryBytes;
}

}  // namespace

void StartOrder::Add(std::deque<OwedDelivery>& waiting, OwedDelivery delivery) {
  bytes_ += BytesOf(delivery);
  waiting.push_back(std::move(delivery));
}

bool StartOrder::HasReady(Which which, Switch enabled) const {
  if (!urgent_.empty()) return true;
  if (enabled == Switch::kOff) return !unparked_.empty();
  return which == Which::kAny && !(fresh_.empty() && due_.empty() && unparked_.empty());
}

std::optional<OwedDelivery> StartOrder::Next(Which which, Switch enabled) {
  if (auto delivery = TakeFrom(urgent_)) return delivery;
  const bool only_by_hand = which == Which::kUrgent && enabled == Switch::kOn;
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

std::optional<OwedDelivery> StartOrder::TakeFrom(std::deque<OwedDelivery>& waiting) {
  while (!waiting.empty()) {
    OwedDelivery delivery = std::move(waiting.front());
    waiting.pop_front();
    if (busy_.try_emplace(delivery.resource).second) {
      bytes_ -= BytesOf(delivery);
      return delivery;
    }
    ++parked_count_;
    const Position position = delivery.key.position;
    parked_[delivery.resource].emplace(position, std::move(delivery));
  }
  return std::nullopt;
}

void StartOrder::Free(ResourceNumber resource) {
  const auto parked = parked_.find(resource);
  if (parked == parked_.end()) {
    busy_.erase(resource);
    return;
  }
  busy_[resource] = {};
  unparked_.push_back(std::move(parked->second.begin()->second));
  parked->second.erase(parked->second.begin());
  --parked_count_;
  if (parked->second.empty()) parked_.erase(parked);
}

void StartOrder::PutBack(OwedDelivery delivery) {
  bytes_ += BytesOf(delivery);
  unparked_.push_front(std::move(delivery));
}

bool StartOrder::IsErased(ResourceNumber resource) const {
  const auto busy = busy_.find(resource);
  return busy != busy_.end() && busy->second.erased;
}

std::vector<OwedDelivery> StartOrder::TakeUntil(Position until) {
  std::vector<OwedDelivery> taken;
  const auto take = [&](OwedDelivery& delivery) {
    if (delivery.key.position > until) return false;
    bytes_ -= BytesOf(delivery);
    taken.push_back(std::move(delivery));
    return true;
  };
  for (auto* waiting : {&fresh_, &due_, &urgent_}) {
    for (OwedDelivery& delivery : std::exchange(*waiting, {})) {
      if (!take(delivery)) waiting->push_back(std::move(delivery));
    }
  }
  for (auto& [resource, waiting] : parked_) {
    while (!waiting.empty() && take(waiting.begin()->second)) {
      waiting.erase(waiting.begin());
      --parked_count_;
    }
  }
  std::erase_if(parked_, [](const auto& parked) { return parked.second.empty(); });
  for (OwedDelivery& next : std::exchange(unparked_, {})) {
    const ResourceNumber resource = next.resource;
    if (take(next)) {
      Free(resource);
    } else {
      unparked_.push_back(std::move(next));
    }
  }
  return taken;
}

std::vector<OwedDelivery> StartOrder::TakeAll() {
  std::vector<OwedDelivery> taken;
  for (auto* waiting : {&urgent_, &fresh_, &due_}) {
    std::ranges::move(std::exchange(*waiting, {}), std::back_inserter(taken));
  }
  for (auto& [resource, waiting] : std::exchange(parked_, {})) {
    for (auto& [position, delivery] : waiting) taken.push_back(std::move(delivery));
  }
  parked_count_ = 0;
  for (OwedDelivery& delivery : std::exchange(unparked_, {})) {
    busy_.erase(delivery.resource);
    taken.push_back(std::move(delivery));
  }
  bytes_ = 0;
  return taken;
}

std::vector<OwedDelivery> StartOrder::TakeBehind(ResourceNumber resource) {
  std::vector<OwedDelivery> taken;
  if (const auto parked = parked_.find(resource); parked != parked_.end()) {
    for (auto& [position, delivery] : parked->second) taken.push_back(std::move(delivery));
    parked_count_ -= parked->second.size();
    parked_.erase(parked);
  }
  std::erase_if(fresh_, [&](const OwedDelivery& delivery) {
    if (delivery.resource != resource) return false;
    taken.push_back(delivery);
    return true;
  });
  for (const OwedDelivery& delivery : taken) bytes_ -= BytesOf(delivery);
  return taken;
}

std::size_t StartOrder::Erase(const std::unordered_set<ResourceNumber>& resources) {
  std::size_t smaller = 0;
  const auto take_out = [&](OwedDelivery& delivery) {
    if (!resources.contains(delivery.resource)) return;
    const std::size_t before = delivery.event->payload.size();
    bytes_ -= BytesOf(delivery);
    delivery.event = WithoutData(*delivery.event);
    bytes_ += BytesOf(delivery);
    if (delivery.due) smaller += before - delivery.event->payload.size();
  };
  for (auto* waiting : {&fresh_, &due_, &urgent_, &unparked_}) std::ranges::for_each(*waiting, take_out);
  for (auto& [resource, waiting] : parked_) {
    if (!resources.contains(resource)) continue;
    for (auto& [position, delivery] : waiting) take_out(delivery);
  }
  for (const ResourceNumber resource : resources) {
    if (const auto busy = busy_.find(resource); busy != busy_.end()) busy->second.erased = true;
  }
  return smaller;
}

}  // namespace shakehook
