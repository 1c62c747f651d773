#include "api/webhooks/inbox_log.h"

#include <algorithm>

#include "base/json.h"

namespace shakehook {
namespace {

// The memory that a request takes beside its texts.
constexpr std::size_t kEntryBytes = 256;

std::size_t BytesOf(const InboxRequest& request) {
  std::size_t bytes = kEntryBytes + request.body.size();
  for (const auto& [name, value] : request.headers) bytes += name.size() + value.size();
  return bytes;
}

bool IsText(const Json* value, const std::string& text) {
  return value != nullptr && value->text() != nullptr && *value->text() == text;
}

// Tells whether the body is a payload of this resource.
bool IsOf(const std::string& body, const VenueId& venue, const ResourceId& id) {
  if (body.find(id.text) == std::string::npos) return false;
  const auto payload = ParseJson(body);
  if (!payload || !IsText(payload->Find("venue_id"), venue.text)) return false;
  const Json* const data = payload->Find("data");
  return data != nullptr && IsText(data->Find("id"), id.text);
}

}  // namespace

void InboxLog::Add(InboxId inbox, InboxRequest request) {
  const std::size_t bytes = BytesOf(request);
  const MutexLock lock(mutex_);
  const auto of_inbox = [&](const Entry& entry) { return entry.inbox == inbox; };
  if (static_cast<std::size_t>(std::ranges::count_if(entries_, of_inbox)) >= kRequestsOfInboxMax) {
    Erase(std::ranges::find_if(entries_, of_inbox));
  }
  entries_.push_back({inbox, std::move(request), bytes});
  bytes_ += bytes;
  while (bytes_ > kBytesMax) Erase(entries_.begin());
}

std::vector<InboxRequest> InboxLog::List(InboxId inbox, std::optional<Uuid> before, std::size_t limit) const {
  std::vector<InboxRequest> found;
  const MutexLock lock(mutex_);
  bool passed = !before;
  for (auto entry = entries_.rbegin(); entry != entries_.rend() && found.size() < limit; ++entry) {
    if (entry->inbox != inbox) continue;
    if (passed) found.push_back(entry->request);
    if (before && entry->request.id == *before) passed = true;
  }
  return found;
}

std::size_t InboxLog::KeptBytes(InboxId inbox) const {
  std::size_t bytes = 0;
  const MutexLock lock(mutex_);
  for (const Entry& entry : entries_) {
    if (entry.inbox == inbox) bytes += entry.bytes;
  }
  return bytes;
}

void InboxLog::Drop(InboxId inbox) {
  EraseIf([&](const Entry& entry) { return entry.inbox == inbox; });
}

void InboxLog::EraseResource(const VenueId& venue, const ResourceId& id) {
  EraseIf([&](const Entry& entry) { return IsOf(entry.request.body, venue, id); });
}

template <class F>
void InboxLog::EraseIf(F condition) {
  const MutexLock lock(mutex_);
  std::size_t freed = 0;
  std::erase_if(entries_, [&](const Entry& entry) {
    if (!condition(entry)) return false;
    freed += entry.bytes;
    return true;
  });
  bytes_ -= freed;
}

void InboxLog::Erase(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  entries_.erase(entry);
}

}  // namespace shakehook
