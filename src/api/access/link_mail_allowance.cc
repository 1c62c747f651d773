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

bool LinkMailAllowance::Take(std::string_view address, const Scope& scope, SteadyTime now) {
  mails_.Forget(now);
  const std::string scope_kind = std::to_string(static_cast<int>(scope.kind));
  const std::array<std::pair<std::string, std::size_t>, 3> counted = {{
      {"address " + MailboxOf(address), kPerAddress},
      {"scope " + scope_kind + " " + scope.id, kPerScope},
      {"all", kAll},
  }};
  const auto has_room = [this](const auto& entry) { return mails_.HasRoom(entry.first, 1, entry.second); };
  if (!std::ranges::all_of(counted, has_room)) return false;
  for (const auto& [what, limit] : counted) mails_.Add(what, 1, now);
  return true;
}

}  // namespace shakehook
