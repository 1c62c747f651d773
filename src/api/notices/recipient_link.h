// Links with which the recipient of an e-mail channel says that they want its e-mails. Whoever makes a channel names
// any address; nothing but such links is mailed there before one was used. A link's token is what it says, sealed with
// the master key: nothing of it is stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/access/link_mail.h"
#include "api/api_services.h"
#include "model/notice.h"

namespace shakehook {

inline constexpr Milliseconds kRecipientLinkAge{7LL * 24 * 60 * 60 * 1000};

// Mails the recipient their link, and waits for the result on `loop`.
Async<LinkMail::Outcome> SendRecipientLink(ApiServices& services, Loop& loop, NoticeChannel channel,
                                           std::string recipient);
// Mails each of them their link, without waiting.
void PostRecipientLinks(ApiServices& services, Loop& loop, const NoticeChannel& channel,
                        const std::vector<std::string>& recipients);

struct FoundRecipientLink {
  SharedChannel channel;
  std::string recipient;
  Timestamp expires_at;
};
// Returns nullopt for a token that is none, has expired, or whose recipient is in no channel any more. It stays good
// after it was used, so that a second click is no mistake.
std::optional<FoundRecipientLink> FindRecipientLink(const ApiServices& services, std::string_view token);

}  // namespace shakehook
