#include "store/replay_plan.h"

#include <algorithm>

namespace shakehook {
namespace {

// Rows of each kind that are read at a time, and rows that one page looks at.
constexpr std::size_t kRowsAtOnceMin = 64;
constexpr std::size_t kRowsAtOnceMax = 512;
constexpr std::size_t kRowsLookedAtMax = 4'000;

}  // namespace

bool IsWithin(const ReplayFilter& filter, Timestamp time) {
  return (!filter.since || time >= *filter.since) && (!filter.until || time < *filter.until);
}

ReplayLook::ReplayLook(ReplayRange range, std::size_t limit)
    : range_(range), limit_(limit), page_{.ended = {}, .missing = {}, .looked_until = range.after} {}

bool ReplayLook::wants_more() const {
  return page_.size() < limit_ && looked_at_ < kRowsLookedAtMax && range_.after < range_.last;
}

std::size_t ReplayLook::rows_at_once() const { return std::clamp(limit_, kRowsAtOnceMin, kRowsAtOnceMax); }

void ReplayLook::Add(ReplayedRows found) {
  std::ranges::sort(found.rows);
  for (const ReplayedRow& row : found.rows) {
    if (row.position > found.until) break;
    ++looked_at_;
    if (!row.fits) continue;
    (row.missing ? page_.missing : page_.ended).push_back(row.position);
    if (page_.size() < limit_) continue;
    page_.looked_until = row.position;
    return;
  }
  page_.looked_until = range_.after = found.until;
}

}  // namespace shakehook
