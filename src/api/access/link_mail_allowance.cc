#include "api/access/link_mail_allowance.h"

#include <algorithm>
#include <array>
#include <utility>

namespace shakehook {

bool LinkMailAllowance::Take(const std::string& address, const Scope& scope, SteadyTime now) {
  std::erase_if(hours_, [now](const auto& entry) { return now - entry.second.began_at >= kHour; });
  const std::string scope_kind = std::to_string(static_cast<int>(scope.kind));
  const std::array<std::pair<std::string, std::size_t>, 3> counted = {{
      {"address " + address, kPerAddress},
      {"scope " + scope_kind + " " + scope.id, kPerScope},
      {"all", kAll},
  }};
  const auto has_room = [this](const auto& entry) {
    const auto found = hours_.find(entry.first);
    return found == hours_.end() || found->second.mails < entry.second;
  };
  if (!std::ranges::all_of(counted, has_room)) return false;
  for (const auto& [what, limit] : counted) ++hours_.try_emplace(what, Hour{.began_at = now}).first->second.mails;
  return true;
}

}  // namespace shakehook
