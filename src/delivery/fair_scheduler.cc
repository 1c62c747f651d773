#include "delivery/fair_scheduler.h"

#include <algorithm>

namespace shakehook {
namespace {

// The last 1/kReservedPart of the attempts is for tenants that have none under way, or less than 1/kLittlePart of what
// is left.
constexpr std::size_t kReservedPart = 16;
constexpr std::size_t kLittlePart = 8;
constexpr std::size_t kFailingLookedAt = 8;
constexpr std::size_t kLetInAtAnEnd = 2;

}  // namespace

void FairScheduler::Add(WebhookNumber webhook, Tenant tenant, Standing standing) {
  if (standing == Standing::kFails) {
    failing_.push_back({webhook, tenant});
    return;
  }
  Share& share = shares_[tenant];
  share.waiting.push_back(webhook);
  if (!share.held) Let(tenant, share);
}

bool FairScheduler::MayStart(const Share& share) const {
  const std::size_t free = under_way_max_ - std::min(under_way_max_, under_way_);
  if (free > under_way_max_ / kReservedPart) return share.under_way < 2 * free;
  return free > 0 && (share.under_way == 0 || share.under_way * kLittlePart < free);
}

void FairScheduler::Let(Tenant tenant, Share& share) {
  if (share.in_row || share.waiting.empty()) return;
  share.in_row = true;
  tenants_.push_back(tenant);
}

std::optional<FairScheduler::Turn> FairScheduler::Next(SteadyTime now) {
  const bool may_fail = !failing_.empty() && now >= next_at_;
  std::optional<Turn> turn;
  const bool long_enough = others_in_a_row_ >= kOthersMax;
  if (may_fail && long_enough) turn = NextFailing();
  if (!turn) turn = NextDelivering();
  if (!turn && may_fail && !long_enough) turn = NextFailing();
  if (!turn && may_fail) next_at_ = now + kPause;  // the failing ones have had their share: not again at once
  if (turn && failing_.empty()) others_in_a_row_ = 0;
  return turn;
}

std::optional<FairScheduler::Turn> FairScheduler::NextDelivering() {
  while (!tenants_.empty()) {
    const Tenant tenant = tenants_.front();
    tenants_.pop_front();
    Share& share = shares_.at(tenant);
    share.in_row = false;
    if (!MayStart(share)) {
      share.held = true;
      held_.push_back(tenant);
      continue;
    }
    const WebhookNumber webhook = share.waiting.front();
    share.waiting.pop_front();
    Let(tenant, share);
    if (share.waiting.empty() && share.under_way == 0) shares_.erase(tenant);
    return Turn{webhook, tenant, Standing::kDelivers};
  }
  return std::nullopt;
}

std::optional<FairScheduler::Turn> FairScheduler::NextFailing() {
  for (std::size_t i = 0; i < std::min(failing_.size(), kFailingLookedAt); ++i) {
    const Failing next = failing_.front();
    failing_.pop_front();
    const auto found = shares_.find(next.tenant);
    if (MayStart(found == shares_.end() ? Share() : found->second)) {
      return Turn{next.webhook, next.tenant, Standing::kFails};
    }
    failing_.push_back(next);
  }
  return std::nullopt;
}

void FairScheduler::Begin(Turn turn, SteadyTime now, std::size_t slots) {
  shares_[turn.tenant].under_way += slots;
  under_way_ += slots;
  if (turn.standing == Standing::kDelivers) {
    if (!failing_.empty()) ++others_in_a_row_;
    return;
  }
  others_in_a_row_ = 0;
  if (share_left_ == 0) share_left_ = std::clamp<std::size_t>((failing_.size() + 1) / kShareOf, 1, kShareMax);
  if (--share_left_ == 0) next_at_ = now + kPause;
}

void FairScheduler::End(Tenant tenant, std::size_t slots) {
  Share& share = shares_.at(tenant);
  share.under_way -= slots;
  under_way_ -= slots;
  // The tenant itself has less than before. It does not wait for others' attempts to end, which may take seconds.
  if (share.held && MayStart(share)) LetInHeld(tenant, share);
  // A tenant that still has its share is held again at its turn. Only as many as an end makes room for, and one more,
  // are tried; all of them if there is plenty of room.
  const std::size_t let_in = under_way_ < under_way_max_ / 2 ? held_.size() : std::min(held_.size(), kLetInAtAnEnd);
  for (std::size_t i = 0; i < let_in; ++i) {
    const Tenant next = held_.front();
    held_.pop_front();
    Share& share_of_next = shares_.at(next);
    share_of_next.held = false;
    Let(next, share_of_next);
  }
  if (share.waiting.empty() && share.under_way == 0) shares_.erase(tenant);
}

void FairScheduler::LetInHeld(Tenant tenant, Share& share) {
  held_.erase(std::ranges::find(held_, tenant));
  share.held = false;
  Let(tenant, share);
}

std::optional<SteadyTime> FairScheduler::next_at() const {
  if (failing_.empty()) return std::nullopt;
  return next_at_;
}

}  // namespace shakehook
