// SignInLimit slows the guessing of passwords: attempts that fail are counted for each e-mail address, known or not,
// and for each network address they come from. Who has used up what is allowed waits until some of it has grown back.
//
// Bounded: of each kind kCountedMax are remembered; when there are more, the one forgotten is the one that failed
// least.
//
// Threads: from any thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "base/mutex.h"
#include "base/time.h"

namespace shakehook {

class SignInLimit {
 public:
  // So many attempts at once, and one more each interval.
  static constexpr int kPerEmail = 10;
  static constexpr Milliseconds kEmailInterval{30'000};
  static constexpr int kPerAddress = 30;
  static constexpr Milliseconds kAddressInterval{5'000};
  static constexpr std::size_t kCountedMax = 10'000;

  // Counts an attempt. Nothing: it may go on; else how long until the next one may.
  std::optional<Microseconds> Begin(const std::string& email, const std::string& address, SteadyTime now);
  // The attempt did not fail: it is not counted, and neither is what failed before for the e-mail.
  void Succeeded(const std::string& email, const std::string& address);

  std::size_t counted() const;

 private:
  // A leaky bucket as a meter: when all attempts so far are paid for.
  class Meter {
   public:
    Meter(int at_once, Microseconds interval) : at_once_(at_once), interval_(interval) {}

    // How long until the next attempt may begin; 0: now.
    Microseconds Wait(const std::string& who, SteadyTime now) const;
    void Count(const std::string& who, SteadyTime now);
    void TakeBack(const std::string& who);
    void Forget(const std::string& who) { paid_until_.erase(who); }
    std::size_t size() const { return paid_until_.size(); }

   private:
    void MakeRoom(SteadyTime now);

    const int at_once_;
    const Microseconds interval_;
    std::unordered_map<std::string, SteadyTime> paid_until_;
  };

  mutable Mutex mutex_;
  Meter emails_ GUARDED_BY(mutex_){kPerEmail, kEmailInterval};
  Meter addresses_ GUARDED_BY(mutex_){kPerAddress, kAddressInterval};
};

}  // namespace shakehook
