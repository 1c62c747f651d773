// SignInLimit slows the guessing of passwords: failed attempts are counted for each e-mail address, known or not, and
// for each network address they come from. When the allowed number is used up, the next attempt must wait until one is
// allowed again.
//
// It must not let strangers lock people out by failing on purpose under their e-mail. Therefore:
// - A network address from which an e-mail signed in before is counted apart, for that e-mail: what others do with the
//   e-mail, and what it does with other e-mails, does not count there.
// - A signed-in user who gives a password again (to change it) is counted apart, by user.
// - Guesses at words that nobody can guess (a setup token of 128 bits) are compared first, and counted where wrong.
// Codes of a second factor have six digits alone, so they are counted apart and more strictly, by user: a code is
// looked at only after the right password, so that this locks out nobody but whose password is known to others. What
// remains: somebody who signs in from an address for the first time since the start waits while others try their e-mail
// from elsewhere. A password is never compared first, because the comparison is the expensive part.
//
// Bounded: kCountedMax of each kind are remembered. Beyond that, the one with the fewest failures is forgotten, and of
// the addresses that signed in the one that did so longest ago.
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
  // This many attempts are allowed at once, and one more after each interval.
  static constexpr int kPerEmail = 10;
  static constexpr Milliseconds kEmailInterval{30'000};
  static constexpr int kPerAddress = 30;
  static constexpr Milliseconds kAddressInterval{5'000};
  static constexpr int kCodesPerUser = 10;
  static constexpr Milliseconds kCodeInterval{300'000};
  static constexpr std::size_t kCountedMax = 10'000;

  // Counts an attempt. Returns nullopt if it may go on; otherwise how long until the next one may.
  std::optional<Microseconds> Begin(const std::string& email, const std::string& address, SteadyTime now);
  // The attempt succeeded: it is not counted, and neither are earlier failures for the e-mail.
  void Succeeded(const std::string& email, const std::string& address, SteadyTime now);
  // The attempt was not made, because the server was busy: it is not counted.
  void NotTried(const std::string& email, const std::string& address);

  // The same for a user who is signed in.
  std::optional<Microseconds> BeginSignedIn(const std::string& user, SteadyTime now);
  void SucceededSignedIn(const std::string& user);
  void NotTriedSignedIn(const std::string& user);

  // The same for the code of a second factor, after the right password.
  std::optional<Microseconds> BeginCode(const std::string& user, SteadyTime now);
  void SucceededCode(const std::string& user);

  std::size_t counted() const;

 private:
  // A leaky bucket as a meter: the time when all attempts so far are paid for.
  class Meter {
   public:
    Meter(int at_once, Microseconds interval) : at_once_(at_once), interval_(interval) {}

    // Counts an attempt, or says how long until the next one may begin.
    std::optional<Microseconds> Begin(const std::string& who, SteadyTime now);
    // Returns how long until the next attempt may begin; 0: now.
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

  // The addresses from which an e-mail signed in since the start, with the last time.
  class Known {
   public:
    bool Has(const std::string& pair) const { return at_.contains(pair); }
    void Add(const std::string& pair, SteadyTime now);
    std::size_t size() const { return at_.size(); }

   private:
    std::unordered_map<std::string, SteadyTime> at_;
  };

  mutable Mutex mutex_;
  Known known_ GUARDED_BY(mutex_);
  Meter known_pairs_ GUARDED_BY(mutex_){kPerEmail, kEmailInterval};
  Meter users_ GUARDED_BY(mutex_){kPerEmail, kEmailInterval};
  Meter codes_ GUARDED_BY(mutex_){kCodesPerUser, kCodeInterval};
  Meter emails_ GUARDED_BY(mutex_){kPerEmail, kEmailInterval};
  Meter addresses_ GUARDED_BY(mutex_){kPerAddress, kAddressInterval};
};

}  // namespace shakehook
