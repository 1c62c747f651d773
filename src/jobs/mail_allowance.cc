#include "jobs/mail_allowance.h"

#include <chrono>

namespace shakehook {

bool MailAllowance::Take(const Scope& scope, std::size_t recipients, Timestamp now) {
  if (scope.kind == Scope::Kind::kAll) return true;
  std::erase_if(hours_, [now](const auto& entry) {
    const Timestamp began_at = entry.second.began_at;
    return now - began_at >= std::chrono::hours(1) || now < began_at;  // the clock was set back
  });
  Hour& hour = hours_.try_emplace(scope, Hour{.began_at = now}).first->second;
  if (hour.mails + recipients > kMailsPerHour) return false;
  hour.mails += recipients;
  return true;
}

}  // namespace shakehook
