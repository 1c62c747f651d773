// LinkMailAllowance bounds how many links of one kind are mailed: whoever administers users, or names recipients of
// notices, could otherwise fill a mailbox, or have the operator's address taken for a sender of junk. It counts by the
// address, by the tenant (a group with its venues, a venue without a group), and all together; what is left of all is
// shared, so that no few tenants leave nothing to the others. Pure.
//
// Loss: a restart forgets what was sent.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/hourly_count.h"
#include "base/time.h"
#include "model/scope.h"

namespace shakehook {

class LinkMailAllowance {
 public:
  // In the hour that begins with the first of them.
  static constexpr std::size_t kPerAddress = 5;
  static constexpr std::size_t kPerTenant = 100;
  static constexpr std::size_t kAll = 500;

  // Counts an e-mail. False: one of the three has had as many as it may, and nothing was counted. Addresses of which
  // many mail servers make one mailbox count as one: other cases, and what follows a "+".
  bool Take(std::string_view address, const Scope& tenant, SteadyTime now);
  // Takes back one that was counted and not sent.
  void GiveBack(std::string_view address, const Scope& tenant);

  std::size_t counted() const { return mails_.size(); }

 private:
  static std::array<std::string, 3> KeysOf(std::string_view address, const Scope& tenant);

  HourlyCount<std::string> mails_;  // at most two for each e-mail of the last hour, and one for all
};

}  // namespace shakehook
