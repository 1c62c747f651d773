#include "api/access/link_mail_allowance.h"

#include <algorithm>
#include <array>
#include <utility>

namespace shakehook {

bool LinkMailAllowance::Take(const std::string& address, const Scope& scope, SteadyTime now) {
  mails_.Forget(now);
  const std::string scope_kind = std::to_string(static_cast<int>(scope.kind));
  const std::array<std::pair<std::string, std::size_t>, 3> counted = {{
      {"address " + address, kPerAddress},
      {"scope " + scope_kind + " " + scope.id, kPerScope},
      {"all", kAll},
  }};
  const auto has_room = [this](const auto& entry) { return mails_.HasRoom(entry.first, 1, entry.second); };
  if (!std::ranges::all_of(counted, has_room)) return false;
  for (const auto& [what, limit] : counted) mails_.Add(what, 1, now);
  return true;
}

}  // namespace shakehook
