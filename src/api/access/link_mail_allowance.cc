#include "api/access/link_mail_allowance.h"

#include <algorithm>
#include <array>
#include <utility>

#include "model/user.h"

namespace shakehook {
namespace {

// Returns what many mail servers deliver to one mailbox as one text: "max+crm@example.com" as "max@example.com".
std::string MailboxOf(std::string_view address) {
  std::string mailbox = EmailKey(address);
  const std::size_t tag = mailbox.find('+');
  const std::size_t at = mailbox.rfind('@');
  if (tag == 0 || tag == std::string::npos || at == std::string::npos || tag > at) return mailbox;
  return mailbox.erase(tag, at - tag);
}

}  // namespace

std::array<std::string, 3> LinkMailAllowance::KeysOf(std::string_view address, const Scope& tenant) {
  const std::string kind = std::to_string(static_cast<int>(tenant.kind));
  return {"address " + MailboxOf(address), "tenant " + kind + " " + tenant.id, "all"};
}

bool LinkMailAllowance::Take(std::string_view address, const Scope& tenant, SteadyTime now) {
  mails_.Forget(now);
  const auto keys = KeysOf(address, tenant);
  const auto& [of_address, of_tenant, of_all] = keys;
  // A tenant has at most twice as many as are left to the others.
  const std::size_t share = std::min(kPerTenant, 2 * (kAll - mails_.CountOf(of_all)));
  const bool has_room = mails_.HasRoom(of_address, 1, kPerAddress) && mails_.HasRoom(of_tenant, 1, share) &&
                        mails_.HasRoom(of_all, 1, kAll);
  if (!has_room) return false;
  for (const std::string& key : keys) mails_.Add(key, 1, now);
  return true;
}

void LinkMailAllowance::GiveBack(std::string_view address, const Scope& tenant) {
  for (const std::string& key : KeysOf(address, tenant)) mails_.Remove(key, 1);
}

}  // namespace shakehook
