// The e-mails that bring a user the link of an invitation or a reset: the words, in the user's language. Pure.
#pragma once

#include <string>

#include "model/user.h"

namespace shakehook {

struct UserMailText {
  std::string subject;
  std::string text;  // its lines end with "\n"
};

// `origin`: the dashboard's; `url`: the whole link.
UserMailText UserMailTextOf(const User& user, const UserLink& link, const std::string& origin, const std::string& url);

}  // namespace shakehook
