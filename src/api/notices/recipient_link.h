// Links with which the recipient of an e-mail channel says that they want its e-mails. Whoever makes a channel names
// any address; nothing but such links is mailed there before one was used. A link's token is what it says, sealed with
// the master key: nothing of it is stored.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/access/link_mail.h"
#include "api/api_services.h"
#include "api/http/problem.h"
#include "model/notice.h"

namespace shakehook {

inline constexpr Milliseconds kRecipientLinkAge{7LL * 24 * 60 * 60 * 1000};

// Mails the recipient their link, and waits for the result on `loop`.
Async<LinkMail::Outcome> SendRecipientLink(ApiServices& services, Loop& loop, NoticeChannel channel,
                                           std::string recipient);

// RecipientLinks are those that a channel's new recipients are to be mailed: counted before the channel is stored, so
// that a channel is refused whose recipients cannot be asked, and mailed after it. Those that are not mailed are not
// counted.
class RecipientLinks {
 public:
  // The error is 429: one of them may be mailed no further link now.
  static std::expected<RecipientLinks, Problem> Reserve(ApiServices& services, const NoticeChannel& channel,
                                                        std::vector<std::string> recipients);
  RecipientLinks(RecipientLinks&& other) noexcept
      : services_(other.services_),
        tenant_(std::move(other.tenant_)),
        recipients_(std::exchange(other.recipients_, {})) {}
  ~RecipientLinks();

  // Mails each of them their link, without waiting.
  void Post(const NoticeChannel& channel);

 private:
  RecipientLinks(ApiServices& services, Scope tenant) : services_(services), tenant_(std::move(tenant)) {}

  ApiServices& services_;
  Scope tenant_;
  std::vector<std::string> recipients_;
};

struct FoundRecipientLink {
  SharedChannel channel;
  std::string recipient;
  Timestamp expires_at;
};
// Returns nullopt for a token that is none, has expired, or whose recipient is in no channel any more. It stays good
// after it was used, so that a second click is no mistake.
std::optional<FoundRecipientLink> FindRecipientLink(const ApiServices& services, std::string_view token);

}  // namespace shakehook
