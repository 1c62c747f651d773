// FairQueue holds the items of several tenants and hands them out so that each tenant gets the same share of the work,
// however much one of them asks for: start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queuing", 1996).
//
// Order:   a tenant's items come out in the order in which they were pushed. A tenant without an item in the queue is
//          served next when it pushes one, and gains nothing by having waited.
// Cost:    O(log n) for each item, with n items in the queue. An item of cost 0 goes before all that cost something.
// Threads: it has no lock; the caller's lock protects it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"

namespace shakehook {

// The tenant of an item. Two tenants with the same number share one place in the queue.
struct TenantKey {
  std::uint64_t value = 0;

  bool operator==(const TenantKey&) const = default;
};

template <class T>
class FairQueue {
 public:
  bool empty() const { return heap_.empty(); }
  std::size_t size() const { return heap_.size(); }

  // The number of tenants that the queue remembers: all with an item in the queue, and a bounded number of others.
  std::size_t tenants_known() const { return tenants_.size(); }

  // `cost` is in any unit, the same for all items.
  void Push(TenantKey tenant, std::uint64_t cost, T item) {
    Tenant& known = tenants_[tenant.value];
    ++known.waiting;
    std::uint64_t start = now_;
    if (cost > 0) {
      start = std::max(now_, known.end);
      known.end = start + cost;
    }
    heap_.push_back({start, ++pushed_, tenant.value, cost, std::move(item)});
    std::push_heap(heap_.begin(), heap_.end(), Later());
  }

  // Precondition: the queue is not empty.
  std::uint64_t next_cost() const { return heap_.front().cost; }

  // Precondition: the queue is not empty.
  T Pop() {
    CHECK(!heap_.empty());
    std::pop_heap(heap_.begin(), heap_.end(), Later());
    Entry entry = std::move(heap_.back());
    heap_.pop_back();
    now_ = std::max(now_, entry.start);
    --tenants_[entry.tenant].waiting;
    if (heap_.empty()) {
      tenants_.clear();
    } else if (tenants_.size() > 2 * heap_.size() + kForgetAbove) {
      std::erase_if(tenants_, [](const auto& known) { return known.second.waiting == 0; });
    }
    return std::move(entry.item);
  }

 private:
  // The queue remembers at most about this many tenants more than twice the items that wait.
  static constexpr std::size_t kForgetAbove = 64;

  struct Entry {
    std::uint64_t start;  // in virtual time, which is the cost served to each tenant
    std::uint64_t number;
    std::uint64_t tenant;
    std::uint64_t cost;
    T item;
  };
  struct Tenant {
    std::uint64_t end = 0;  // the virtual time at which its last item ends
    std::size_t waiting = 0;
  };
  struct Later {
    bool operator()(const Entry& a, const Entry& b) const {
      return std::pair(a.start, a.number) > std::pair(b.start, b.number);
    }
  };

  std::vector<Entry> heap_;
  std::unordered_map<std::uint64_t, Tenant> tenants_;
  std::uint64_t now_ = 0;
  std::uint64_t pushed_ = 0;
};

}  // namespace shakehook
