// Links that set a user's password (model/user_link.h): invitations, resets, and the operator's (operator_link.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/access/link_mail.h"
#include "api/api_services.h"
#include "api/http/problem.h"
#include "base/json.h"
#include "model/user.h"

namespace shakehook {

inline constexpr std::size_t kLinkTokenBytesMax = 1024;

struct NewUserLink {
  UserLink link;
  std::string url;                             // holds the token, in the part that browsers do not send
  std::optional<LinkMail::Outcome> mail = {};  // absent: there is no mail server
};
// Makes an invitation for a user who has no password yet, else a reset.
NewUserLink MakeUserLink(ApiServices& services, const User& user);
// Mails it to the user where there is a mail server, and sets `made.mail`. Precondition: `made` is the link of `user`.
Async<> MailUserLink(ApiServices& services, Loop& loop, const User& user, NewUserLink& made);
// {kind, expires_at, url, mail}: the only place that shows the token.
Json NewUserLinkJson(const NewUserLink& made);
// {kind, expires_at}
Json UserLinkJson(const UserLink& link);

struct FoundUserLink {
  SharedUser user;
  UserLink::Kind kind = UserLink::Kind::kInvitation;
  Timestamp expires_at;
  Switch by_operator = Switch::kOff;
  Switch second_factor_off = Switch::kOff;
};
// Returns nullopt, in the same way, for a token that is wrong, expired, used, or replaced by a newer one.
std::optional<FoundUserLink> FindUserLink(const ApiServices& services, std::string_view token);

// 422.
Problem NoSuchLink();

}  // namespace shakehook
