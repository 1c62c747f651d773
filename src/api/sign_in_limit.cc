#include "api/sign_in_limit.h"

#include <algorithm>
#include <boost/asio/ip/network_v6.hpp>

namespace shakehook {
namespace {

constexpr unsigned short kSubscriberBits = 64;

std::string_view LastOf(std::string_view list) {
  const std::size_t comma = list.rfind(',');
  if (comma != std::string_view::npos) list.remove_prefix(comma + 1);
  while (list.starts_with(' ')) list.remove_prefix(1);
  while (list.ends_with(' ')) list.remove_suffix(1);
  return list;
}

asio::ip::address Unmapped(const asio::ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

}  // namespace

std::string NetworkAddressOf(const HttpRequest& request) {
  asio::ip::address address = Unmapped(request.peer);
  if (address.is_loopback()) {
    if (const std::string* const forwarded = request.Header("x-forwarded-for")) {
      boost::system::error_code error;
      const auto said = asio::ip::make_address(std::string(LastOf(*forwarded)), error);
      if (!error) address = Unmapped(said);
    }
  }
  if (address.is_v4()) return address.to_string();
  return asio::ip::network_v6(address.to_v6(), kSubscriberBits).canonical().to_string();
}

std::optional<Microseconds> SignInLimit::Begin(const std::string& email, const std::string& address, SteadyTime now) {
  const MutexLock lock(mutex_);
  const Microseconds wait = std::max(emails_.Wait(email, now), addresses_.Wait(address, now));
  if (wait > Microseconds(0)) return wait;
  emails_.Count(email, now);
  addresses_.Count(address, now);
  return std::nullopt;
}

void SignInLimit::Succeeded(const std::string& email, const std::string& address) {
  const MutexLock lock(mutex_);
  emails_.Forget(email);
  addresses_.TakeBack(address);
}

std::size_t SignInLimit::counted() const {
  const MutexLock lock(mutex_);
  return emails_.size() + addresses_.size();
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
