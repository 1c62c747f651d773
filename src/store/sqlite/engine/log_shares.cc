#include "store/sqlite/engine/log_shares.h"

#include <utility>

namespace shakehook::sqlite {

bool LogShares::MayWrite(TenantKey tenant, const Log& log) const {
  // Work of no tenant is not held.
  if (log.due == 0 || tenant == TenantKey()) return true;
  const auto found = frames_of_.find(tenant.value);
  return found == frames_of_.end() || found->second < 2.0 * (frames_max_ - log.due);
}

void LogShares::Count(const std::vector<std::unique_ptr<WriteVerb>>& group, const Log& log) {
  if (log.restarts != restarts_) {
    restarts_ = log.restarts;
    frames_ = 0;
    frames_of_.clear();
  }
  const int added = log.frames - std::exchange(frames_, log.frames);
  std::size_t rows = 0;
  for (const auto& verb : group) rows += verb->ticket.rows;
  if (added <= 0 || rows == 0) return;
  for (const auto& verb : group) {
    const WriteVerb::Ticket& ticket = verb->ticket;
    if (ticket.tenant == TenantKey() || ticket.rows == 0) continue;
    frames_of_[ticket.tenant.value] += added * (static_cast<double>(ticket.rows) / static_cast<double>(rows));
  }
}

}  // namespace shakehook::sqlite
