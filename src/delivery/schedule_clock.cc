#include "delivery/schedule_clock.h"

#include <algorithm>

namespace shakehook {
namespace {

// The wall clock is read in whole milliseconds.
constexpr Microseconds kTick{1'000};

}  // namespace

void ScheduleClock::Begin(Timestamp at) {
  at_ = at.time_since_epoch();
  read_ = clock_.Steady();
}

Microseconds ScheduleClock::Behind() const {
  const Microseconds behind = clock_.Now().time_since_epoch() - at_;
  return behind > -kTick && behind < kTick ? Microseconds(0) : behind;
}

Microseconds ScheduleClock::CatchUp(Microseconds behind) const {
  if (behind < Microseconds(0)) return -behind * kSlowDown;
  return std::min(behind / (kCatchUp - 1), catch_up_left_ / kCatchUp);
}

Timestamp ScheduleClock::Now() {
  const SteadyTime steady = clock_.Steady();
  const Microseconds passed = steady - read_;
  read_ = steady;
  at_ += passed;
  const Microseconds behind = Behind();
  if (passed >= CatchUp(behind)) {
    at_ += behind;
    catch_up_left_ = wait_max_;
  } else if (behind > Microseconds(0)) {
    at_ += passed * (kCatchUp - 1);
    catch_up_left_ -= passed * kCatchUp;
  } else {
    at_ -= passed / kSlowDown;
  }
  return Timestamp(std::chrono::floor<Milliseconds>(at_));
}

Timestamp ScheduleClock::After(Milliseconds wait) {
  Now();
  const Microseconds behind = Behind();
  Microseconds then = at_ + wait + behind;
  if (wait < CatchUp(behind)) {
    then = behind > Microseconds(0) ? at_ + wait * kCatchUp : at_ + wait - Microseconds(wait) / kSlowDown;
  }
  return Timestamp(std::chrono::ceil<Milliseconds>(then));
}

SteadyTime ScheduleClock::When(Timestamp due) {
  Now();
  const Microseconds left = due.time_since_epoch() - at_;
  if (left <= Microseconds(0)) return read_;
  const Microseconds behind = Behind();
  const Microseconds catch_up = CatchUp(behind);
  const Microseconds until = behind > Microseconds(0) ? left / kCatchUp : left * kSlowDown / (kSlowDown - 1);
  if (until < catch_up) return read_ + until + Microseconds(1);
  return read_ + std::max(catch_up, left - behind);
}

}  // namespace shakehook
