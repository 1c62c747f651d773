#include "jobs/mail_allowance.h"

namespace shakehook {

bool MailAllowance::Take(const Scope& scope, std::size_t recipients, SteadyTime now) {
  if (scope.kind == Scope::Kind::kAll) return true;
  mails_.Forget(now);
  if (!mails_.HasRoom(scope, recipients, kMailsPerHour)) return false;
  mails_.Add(scope, recipients, now);
  return true;
}

}  // namespace shakehook
