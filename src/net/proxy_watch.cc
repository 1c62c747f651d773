#include "net/proxy_watch.h"

namespace shakehook {

void ProxyWatch::Answered(SteadyTime now) {
  answered_at_ = now;
  unanswered_since_.reset();
}

void ProxyWatch::Opened(const std::string& target, SteadyTime now) {
  opened_at_ = now;
  refused_.erase(target);
}

bool ProxyWatch::Refused(const std::string& target, SteadyTime now) {
  if (refused_.size() >= kRefusedMax && !refused_.contains(target)) refused_.clear();
  Refusals& refusals = refused_.try_emplace(target, Refusals{now, now}).first->second;
  if (now - refusals.last > kForgotten) refusals.since = now;
  refusals.last = now;
  return opened_at_ && *opened_at_ >= refusals.since + kGrace;
}

bool ProxyWatch::TakeProbe(SteadyTime asked_at, SteadyTime now) {
  if (answered_at_ && *answered_at_ >= asked_at) return false;
  if (probed_at_ && now - *probed_at_ < kProbeEvery) return false;
  probed_at_ = now;
  if (!unanswered_since_) unanswered_since_ = now;
  return true;
}

bool ProxyWatch::Hangs(SteadyTime asked_at, SteadyTime now) const {
  if (answered_at_ && *answered_at_ >= asked_at) return false;
  return unanswered_since_ && now - *unanswered_since_ >= kProbeWait;
}

}  // namespace shakehook
