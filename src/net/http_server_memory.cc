#include "net/http_server_memory.h"

#include <utility>

namespace shakehook {
namespace {

constexpr std::size_t kShares = 2;  // a single owner gets 1/kShares

}  // namespace

HttpServerMemory::Verdict HttpServerMemory::Change(const std::string& owner, std::size_t from, std::size_t to,
                                                   Must must) {
  const MutexLock lock(mutex_);
  if (to > from && must == Must::kFit) {
    const std::size_t others = held_ - from;
    if (others > 0 && others + to > bytes_max_) return Verdict::kFull;
    if (!owner.empty()) {
      const auto found = of_owners_.find(owner);
      const std::size_t own_others = (found == of_owners_.end() ? 0 : found->second.bytes) - from;
      if (own_others > 0 && own_others + to > bytes_max_ / kShares) return Verdict::kShareFull;
    }
  }
  held_ = held_ - from + to;
  if (to < from) ++releases_;
  if (!owner.empty()) {
    // An owner that is forgotten meanwhile comes back with a higher number, too.
    const auto entry = of_owners_.try_emplace(owner, Share{.releases = releases_}).first;
    entry->second.bytes = entry->second.bytes - from + to;
    if (to < from) entry->second.releases = releases_;
    if (entry->second.bytes == 0) of_owners_.erase(entry);
  }
  return Verdict::kHeld;
}

std::size_t HttpServerMemory::held() const {
  const MutexLock lock(mutex_);
  return held_;
}

std::uint64_t HttpServerMemory::releases(const std::string& owner) const {
  const MutexLock lock(mutex_);
  if (owner.empty()) return releases_;
  const auto found = of_owners_.find(owner);
  return found == of_owners_.end() ? 0 : found->second.releases;
}

HttpServerMemory::Verdict HttpServerMemory::Hold::Resize(std::size_t bytes) {
  if (bytes == bytes_) return Verdict::kHeld;
  const Verdict verdict = memory_.Change(owner_, bytes_, bytes, Must::kFit);
  if (verdict == Verdict::kHeld) bytes_ = bytes;
  return verdict;
}

void HttpServerMemory::Hold::Force(std::size_t bytes) {
  if (bytes == bytes_) return;
  memory_.Change(owner_, bytes_, bytes, Must::kBeHeld);
  bytes_ = bytes;
}

void HttpServerMemory::Hold::Release() { Force(0); }

void HttpServerMemory::Hold::PassTo(std::string owner) {
  Release();
  owner_ = std::move(owner);
}

}  // namespace shakehook
