// The command `shakehook user reset WHO`: prints a link with which a user who is locked out chooses a new password. It
// changes nothing in the database, so it may run while a server does; the link is good once (operator_link.h).
#pragma once

#include <expected>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "cli/settings.h"
#include "model/webhook.h"

namespace shakehook {

struct UserReset {
  std::string who;  // an e-mail address, an id, or a name
  Switch second_factor_off = Switch::kOff;
};
// The error is one line for the operator.
std::expected<Done, std::string> ResetUser(const Settings& settings, const UserReset& reset, Clock& clock);

}  // namespace shakehook
