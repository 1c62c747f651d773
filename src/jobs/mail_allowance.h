// MailAllowance bounds how many e-mails the channels of one venue or group cause: whoever may make channels there could
// otherwise send any number of e-mails to anybody, from the operator's address. An e-mail counts once for each
// recipient. The operator's own channels have no bound. Pure.
//
// Loss: a restart forgets what was sent.
#pragma once

#include <cstddef>

#include "base/hourly_count.h"
#include "base/time.h"
#include "model/scope.h"

namespace shakehook {

class MailAllowance {
 public:
  static constexpr std::size_t kMailsPerHour = 100;

  // Takes `recipients` from what the scope may still send in the hour that began with its first e-mail. False: there is
  // not so much left, and nothing was taken.
  bool Take(const Scope& scope, std::size_t recipients, SteadyTime now);

 private:
  HourlyCount<Scope> mails_;
};

}  // namespace shakehook
