// ReadQueue holds waiting reads of one kind, and gives them out in turn: tenants get the same share, and so do the keys
// of a tenant; the reads of one key come out in the order in which they came.
//
// Threads: it has no lock; the caller's lock protects it.
#pragma once

#include <cstring>
#include <unordered_map>
#include <utility>

#include "base/fair_queue.h"
#include "store/asker.h"

namespace shakehook::sqlite {

template <class T>
class ReadQueue {
 public:
  bool empty() const { return tenants_.empty(); }
  // Returns how many reads of the asker's tenant wait. Precondition here and below: the asker has a tenant.
  std::size_t CountOf(const Asker& asker) const {
    const auto reads = reads_.find(TenantOf(asker).value);
    return reads == reads_.end() ? 0 : reads->second.size();
  }
  void Push(const Asker& asker, T read) {
    const TenantKey tenant = TenantOf(asker);
    reads_[tenant.value].Push(KeyOf(asker), 1, std::move(read));
    tenants_.Push(tenant, 1, tenant);
  }
  // Precondition: it is not empty.
  T Pop() {
    const auto reads = reads_.find(tenants_.Pop().value);
    T read = reads->second.Pop();
    if (reads->second.empty()) reads_.erase(reads);
    return read;
  }

 private:
  static TenantKey TenantOf(const Asker& asker) { return {std::hash<Scope>()(*asker.tenant)}; }
  // The last part of an id is random.
  static TenantKey KeyOf(const Asker& asker) {
    TenantKey key;
    std::memcpy(&key.value, asker.key.bytes.data() + 8, sizeof key.value);
    return key;
  }

  FairQueue<TenantKey> tenants_;                           // an entry for each read
  std::unordered_map<std::uint64_t, FairQueue<T>> reads_;  // by key of a tenant that waits
};

}  // namespace shakehook::sqlite
