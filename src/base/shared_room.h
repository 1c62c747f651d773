// SharedRoom holds a bounded number of items of several tenants. If it is full, a new item takes the place of the
// oldest item of the tenant that has the most: a tenant with much to hold pushes out its own items, and never those of
// a tenant that has fewer than it.
//
// Cost:    O(log n) for each item, with n tenants that have items.
// Threads: it has no lock; the caller's lock protects it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/fair_queue.h"

namespace shakehook {

template <class Item>
class SharedRoom {
 public:
  // Precondition: `most` is not 0.
  explicit SharedRoom(std::size_t most) : most_(most) { CHECK(most > 0); }

  std::size_t size() const { return items_.size(); }

  // Returns the item that lost its place; nullopt if there was room.
  std::optional<Item> Add(TenantKey tenant, Item item) {
    std::optional<Item> lost;
    if (items_.size() == most_) lost = Take(tenants_.at(by_count_.rbegin()->second).front());
    items_.push_back({tenant, std::move(item)});
    Places& places = tenants_[tenant.value];
    places.push_back(std::prev(items_.end()));
    Recount(tenant, places.size() - 1, places.size());
    return lost;
  }

  // Takes the oldest item of all. Returns nullopt if there is none.
  std::optional<Item> TakeOldest() {
    if (items_.empty()) return std::nullopt;
    return Take(items_.begin());
  }

 private:
  struct Entry {
    TenantKey tenant;
    Item item;
  };
  using Place = std::list<Entry>::iterator;
  // The items of one tenant, the oldest first.
  using Places = std::deque<Place>;

  // Precondition: it is the oldest of its tenant.
  Item Take(Place place) {
    const TenantKey tenant = place->tenant;
    Places& places = tenants_.at(tenant.value);
    places.pop_front();
    Recount(tenant, places.size() + 1, places.size());
    if (places.empty()) tenants_.erase(tenant.value);
    Item item = std::move(place->item);
    items_.erase(place);
    return item;
  }

  void Recount(TenantKey tenant, std::size_t before, std::size_t now) {
    by_count_.erase({before, tenant.value});
    if (now > 0) by_count_.emplace(now, tenant.value);
  }

  const std::size_t most_;
  std::list<Entry> items_;  // the oldest first
  std::unordered_map<std::uint64_t, Places> tenants_;
  std::set<std::pair<std::size_t, std::uint64_t>> by_count_;  // the number of items of each tenant, and the tenant
};

}  // namespace shakehook
