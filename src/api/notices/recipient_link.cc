#include "api/notices/recipient_link.h"

#include <algorithm>
#include <span>
#include <utility>

#include "api/notices/recipient_mail_text.h"
#include "base/digest.h"
#include "base/encoding.h"
#include "base/json.h"
#include "base/secret_box.h"
#include "store/notice_store.h"
#include "store/owner_scope.h"

namespace shakehook {
namespace {

// A sealed text of another kind never begins like this.
constexpr std::string_view kPurpose = "shakehook notice recipient\n";
constexpr std::size_t kHashBytes = 16;
constexpr int kSecondsOfAnHour = 3600;

// Names a recipient in a token, so that the token is short however long the address is.
std::string HashOf(std::string_view recipient) {
  const Digest digest = Sha256(recipient);
  return ToHex(std::span(digest).first(kHashBytes));
}

std::string SealToken(const ChannelId& channel, std::string_view recipient, Timestamp expires_at, const SecretBox& box,
                      Random& random) {
  Json json{Json::Object()};
  json.Add("channel", channel.ToString());
  json.Add("recipient", HashOf(recipient));
  json.Add("expires_at", UnixMs(expires_at));
  return ToBase64Url(AsBytes(box.Seal(std::string(kPurpose) + ToString(json), random)));
}

std::optional<LinkMail::Letter> MakeLetter(ApiServices& services, const NoticeChannel& channel,
                                           const std::string& recipient) {
  if (services.recipient_mail == nullptr || services.options.box == nullptr) return std::nullopt;
  const std::string& origin = services.recipient_mail->public_url();
  const Timestamp expires_at = services.clock.Now() + kRecipientLinkAge;
  const std::string token =
      SealToken(channel.id, recipient, expires_at, *services.options.box, services.records.random);
  RecipientMailText words = RecipientMailTextOf(channel.language, expires_at, origin, origin + "/confirm#" + token);
  // A hash of the token tells nothing of it.
  const Digest id = Sha256("mail " + token);
  return LinkMail::Letter{.to = recipient,
                          .tenant = OwnerOf(channel.scope, services.config_cache()),
                          .id = ToHex(std::span(id).first(kHashBytes)),
                          .subject = std::move(words.subject),
                          .text = std::move(words.text),
                          .about_kind = "channel",
                          .about = channel.id.ToString()};
}

}  // namespace

Async<LinkMail::Outcome> SendRecipientLink(ApiServices& services, Loop& loop, NoticeChannel channel,
                                           std::string recipient) {
  auto letter = MakeLetter(services, channel, recipient);
  if (!letter) {
    co_return LinkMail::Outcome{LinkMail::State::kFailed, "This server has no mail server to send with (--smtp-url)."};
  }
  co_return co_await services.recipient_mail->Send(loop, *std::move(letter));
}

std::expected<RecipientLinks, Problem> RecipientLinks::Reserve(ApiServices& services, const NoticeChannel& channel,
                                                               std::vector<std::string> recipients) {
  RecipientLinks links(services, OwnerOf(channel.scope, services.config_cache()));
  if (services.recipient_mail == nullptr || recipients.empty()) return links;
  const auto refused = services.recipient_mail->Reserve(recipients, links.tenant_, services.clock.Steady());
  if (refused) {
    return std::unexpected(Problem("too-many-mails",
                                   "No link can be mailed to {recipient} now: {per_address} an hour are mailed to one "
                                   "address, and {per_tenant} for one tenant. Nothing was changed; try again later.",
                                   *refused, LinkMailAllowance::kPerAddress, LinkMailAllowance::kPerTenant)
                               .With("Retry-After", std::to_string(kSecondsOfAnHour)));
  }
  links.recipients_ = std::move(recipients);
  return links;
}

void RecipientLinks::Post(const NoticeChannel& channel) {
  for (const std::string& recipient : std::exchange(recipients_, {})) {
    if (auto letter = MakeLetter(services_, channel, recipient)) services_.recipient_mail->Post(*std::move(letter));
  }
}

RecipientLinks::~RecipientLinks() {
  if (!recipients_.empty()) services_.recipient_mail->GiveBack(recipients_, tenant_);
}

std::optional<FoundRecipientLink> FindRecipientLink(const ApiServices& services, std::string_view token) {
  const auto sealed = FromBase64Url(token);
  if (!sealed || services.options.box == nullptr) return std::nullopt;
  const auto opened = services.options.box->Open({reinterpret_cast<const char*>(sealed->data()), sealed->size()});
  if (!opened || !opened->starts_with(kPurpose)) return std::nullopt;
  const auto json = ParseJson(std::string_view(*opened).substr(kPurpose.size()));
  const auto id = json ? ChannelId::Parse(*json->Find("channel")->text()) : std::nullopt;
  if (!id) return std::nullopt;
  const Timestamp expires_at = FromUnixMs(*json->Find("expires_at")->integer());
  SharedChannel channel = services.store.notices().FindChannel(*id);
  if (!channel || expires_at <= services.clock.Now()) return std::nullopt;
  const std::string& hash = *json->Find("recipient")->text();
  const auto recipient = std::ranges::find(channel->recipients, hash, HashOf);
  if (recipient == channel->recipients.end()) return std::nullopt;
  std::string address = *recipient;
  return FoundRecipientLink{.channel = std::move(channel), .recipient = std::move(address), .expires_at = expires_at};
}

}  // namespace shakehook
