#include "api/access/sign_in_limit.h"

#include <algorithm>

namespace shakehook {
namespace {

// No e-mail address and no network address contains a line end.
std::string PairOf(const std::string& email, const std::string& address) { return email + "\n" + address; }

}  // namespace

std::optional<Microseconds> SignInLimit::Begin(const std::string& email, const std::string& address, SteadyTime now) {
  const MutexLock lock(mutex_);
  const std::string pair = PairOf(email, address);
  if (known_.Has(pair)) return known_pairs_.Begin(pair, now);
  const Microseconds wait = std::max(emails_.Wait(email, now), addresses_.Wait(address, now));
  if (wait > Microseconds(0)) return wait;
  emails_.Count(email, now);
  addresses_.Count(address, now);
  return std::nullopt;
}

void SignInLimit::Succeeded(const std::string& email, const std::string& address, SteadyTime now) {
  const MutexLock lock(mutex_);
  const std::string pair = PairOf(email, address);
  if (known_.Has(pair)) {
    known_pairs_.Forget(pair);
  } else {
    emails_.Forget(email);
    addresses_.TakeBack(address);
  }
  known_.Add(pair, now);
}

void SignInLimit::NotTried(const std::string& email, const std::string& address) {
  const MutexLock lock(mutex_);
  const std::string pair = PairOf(email, address);
  if (known_.Has(pair)) return known_pairs_.TakeBack(pair);
  emails_.TakeBack(email);
  addresses_.TakeBack(address);
}

std::optional<Microseconds> SignInLimit::BeginSignedIn(const std::string& user, SteadyTime now) {
  const MutexLock lock(mutex_);
  return users_.Begin(user, now);
}

void SignInLimit::SucceededSignedIn(const std::string& user) {
  const MutexLock lock(mutex_);
  users_.Forget(user);
}

void SignInLimit::NotTriedSignedIn(const std::string& user) {
  const MutexLock lock(mutex_);
  users_.TakeBack(user);
}

std::optional<Microseconds> SignInLimit::BeginCode(const std::string& user, SteadyTime now) {
  const MutexLock lock(mutex_);
  return codes_.Begin(user, now);
}

void SignInLimit::SucceededCode(const std::string& user) {
  const MutexLock lock(mutex_);
  codes_.Forget(user);
}

std::size_t SignInLimit::counted() const {
  const MutexLock lock(mutex_);
  return known_.size() + known_pairs_.size() + users_.size() + codes_.size() + emails_.size() + addresses_.size();
}

void SignInLimit::Known::Add(const std::string& pair, SteadyTime now) {
  if (at_.size() >= kCountedMax && !at_.contains(pair)) {
    at_.erase(std::ranges::min_element(at_, {}, [](const auto& entry) { return entry.second; }));
  }
  at_.insert_or_assign(pair, now);
}

std::optional<Microseconds> SignInLimit::Meter::Begin(const std::string& who, SteadyTime now) {
  const Microseconds wait = Wait(who, now);
  if (wait > Microseconds(0)) return wait;
  Count(who, now);
  return std::nullopt;
}

Microseconds SignInLimit::Meter::Wait(const std::string& who, SteadyTime now) const {
  const auto found = paid_until_.find(who);
  if (found == paid_until_.end()) return Microseconds(0);
  return std::max(Microseconds(0), found->second - now - interval_ * (at_once_ - 1));
}

void SignInLimit::Meter::Count(const std::string& who, SteadyTime now) {
  if (paid_until_.size() >= kCountedMax && !paid_until_.contains(who)) MakeRoom(now);
  SteadyTime& paid_until = paid_until_.try_emplace(who, now).first->second;
  paid_until = std::max(paid_until, now) + interval_;
}

void SignInLimit::Meter::TakeBack(const std::string& who) {
  const auto found = paid_until_.find(who);
  if (found != paid_until_.end()) found->second -= interval_;
}

void SignInLimit::Meter::MakeRoom(SteadyTime now) {
  std::erase_if(paid_until_, [now](const auto& entry) { return entry.second <= now; });
  if (paid_until_.size() < kCountedMax) return;
  paid_until_.erase(std::ranges::min_element(paid_until_, {}, [](const auto& entry) { return entry.second; }));
}

}  // namespace shakehook
