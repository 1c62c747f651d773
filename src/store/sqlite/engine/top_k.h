// TopK keeps the first few of many items in some order, in whatever order they come: for a page of a list without
// an index in its order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace shakehook::sqlite {

// `Key`: the member that items are ordered by; `Before`: the order.
template <class Item, auto Key, class Before = std::less<>>
class TopK {
 public:
  // Tells whether an item of this key would be among them.
  template <class K>
  bool Wants(const K& key, std::size_t most) const {
    return kept_.size() < most || (most > 0 && Before()(key, std::invoke(Key, kept_.front())));
  }
  // Returns the last of the kept items if there are `most` of them (an item after it is not wanted), else null.
  const Item* Last(std::size_t most) const { return kept_.empty() || kept_.size() < most ? nullptr : &kept_.front(); }

  // Precondition: Wants the item.
  void Add(Item item, std::size_t most) {
    if (kept_.size() >= most) {
      std::ranges::pop_heap(kept_, Before(), Key);
      kept_.pop_back();
    }
    kept_.push_back(std::move(item));
    std::ranges::push_heap(kept_, Before(), Key);
  }

  std::vector<Item> TakeInOrder() {
    std::ranges::sort_heap(kept_, Before(), Key);
    return std::exchange(kept_, {});
  }

 private:
  std::vector<Item> kept_;  // a heap with the last in front
};

}  // namespace shakehook::sqlite
