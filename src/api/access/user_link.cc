#include "api/access/user_link.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "api/access/operator_link.h"
#include "api/access/user_mail_text.h"
#include "base/encoding.h"
#include "store/owner_scope.h"

namespace shakehook {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kMailIdBytes = 16;

std::string_view ToString(UserLink::Kind kind) { return kind == UserLink::Kind::kInvitation ? "invitation" : "reset"; }

// The id of the user, and 256 bits that nobody guesses.
std::string MakeToken(UserId user, Random& random) {
  std::array<std::uint8_t, sizeof(user.uuid.bytes) + kSecretBytes> bytes;
  random.Fill(bytes);
  std::ranges::copy(user.uuid.bytes, bytes.begin());
  return ToBase64Url(bytes);
}

std::string_view TextOf(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::optional<FoundUserLink> FindOperatorLink(const ApiServices& services, std::string_view token) {
  if (services.options.box == nullptr) return std::nullopt;
  const auto link = OpenOperatorLink(token, *services.options.box);
  if (!link || link->expires_at <= services.clock.Now()) return std::nullopt;
  SharedUser user = services.config_cache().FindUser(link->user);
  if (!user || user->epoch != link->epoch) return std::nullopt;
  return FoundUserLink{.user = std::move(user),
                       .kind = UserLink::Kind::kReset,
                       .expires_at = link->expires_at,
                       .by_operator = Switch::kOn,
                       .second_factor_off = link->second_factor_off};
}

}  // namespace

NewUserLink MakeUserLink(ApiServices& services, const User& user) {
  const bool invited = user.IsInvited();
  const std::string token = MakeToken(user.id, services.records.random);
  return {.link = {.kind = invited ? UserLink::Kind::kInvitation : UserLink::Kind::kReset,
                   .token_hash = Sha256(token),
                   .expires_at = services.clock.Now() + (invited ? kInvitationAge : kResetLinkAge)},
          .url = services.options.public_url.value_or("") + "/invite#" + token,
          .mail = services.user_mail == nullptr ? std::nullopt : std::optional(LinkMail::Outcome())};
}

Async<> MailUserLink(ApiServices& services, Loop& loop, const User& user, NewUserLink& made) {
  if (services.user_mail == nullptr) co_return;
  UserMailText words = UserMailTextOf(user, made.link, services.user_mail->public_url(), made.url);
  // A hash of the link's hash: it tells nothing of the token.
  const Digest id = Sha256("mail " + ToHex(made.link.token_hash));
  made.mail = co_await services.user_mail->Send(loop, {.to = user.email,
                                                       .tenant = OwnerOf(user.scope, services.config_cache()),
                                                       .id = ToHex(std::span(id).first(kMailIdBytes)),
                                                       .subject = std::move(words.subject),
                                                       .text = std::move(words.text),
                                                       .about_kind = "user",
                                                       .about = user.id.ToString()});
}

Json UserLinkJson(const UserLink& link) {
  Json json{Json::Object()};
  json.Add("kind", ToString(link.kind));
  json.Add("expires_at", UnixMs(link.expires_at));
  return json;
}

Json NewUserLinkJson(const NewUserLink& made) {
  Json json = UserLinkJson(made.link);
  json.Add("url", made.url);
  json.Add("mail", made.mail ? LinkMailJson(*made.mail) : Json());
  return json;
}

std::optional<FoundUserLink> FindUserLink(const ApiServices& services, std::string_view token) {
  if (auto found = FindOperatorLink(services, token)) return found;
  const auto bytes = FromBase64Url(token);
  UserId id;
  if (!bytes || bytes->size() != id.uuid.bytes.size() + kSecretBytes) return std::nullopt;
  std::copy_n(bytes->begin(), id.uuid.bytes.size(), id.uuid.bytes.begin());
  SharedUser user = services.config_cache().FindUser(id);
  if (!user || !user->link || user->link->expires_at <= services.clock.Now()) return std::nullopt;
  if (!EqualInConstantTime(TextOf(Sha256(token)), TextOf(user->link->token_hash))) return std::nullopt;
  const UserLink link = *user->link;
  return FoundUserLink{.user = std::move(user), .kind = link.kind, .expires_at = link.expires_at};
}

Problem NoSuchLink() {
  return Invalid("token",
                 {"wrong_link", "is no link that is valid: it was used, has expired, or a newer one took its place"});
}

}  // namespace shakehook
