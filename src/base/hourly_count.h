// HourlyCount counts what is done under each key, in the hour that begins with the first of it. Pure.
//
// Loss: a restart forgets what was counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include "base/time.h"

namespace shakehook {

template <class Key>
class HourlyCount {
 public:
  static constexpr Milliseconds kHour{60 * 60 * 1000};

  // Forgets the hours that have ended.
  void Forget(SteadyTime now) {
    std::erase_if(hours_, [now](const auto& entry) { return now - entry.second.began_at >= kHour; });
  }
  // Tells whether `more` may be counted, where `most` are allowed in an hour. Precondition: Forget(now).
  bool HasRoom(const Key& key, std::size_t more, std::size_t most) const { return CountOf(key) + more <= most; }
  std::size_t CountOf(const Key& key) const {
    const auto found = hours_.find(key);
    return found == hours_.end() ? 0 : found->second.count;
  }
  void Add(const Key& key, std::size_t more, SteadyTime now) {
    hours_.try_emplace(key, Hour{.began_at = now}).first->second.count += more;
  }
  // Takes back what was counted and not done.
  void Remove(const Key& key, std::size_t count) {
    const auto found = hours_.find(key);
    if (found == hours_.end()) return;
    found->second.count -= std::min(count, found->second.count);
    if (found->second.count == 0) hours_.erase(found);  // else what is refused would fill the memory
  }
  std::size_t size() const { return hours_.size(); }

 private:
  struct Hour {
    SteadyTime began_at;
    std::size_t count = 0;
  };
  std::unordered_map<Key, Hour> hours_;
};

}  // namespace shakehook
