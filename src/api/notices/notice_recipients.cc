// /api/notice-recipients[/check]: a recipient says, with a mailed link, that they want a channel's e-mails. Looking at
// a link changes nothing, so that scanners of mail may do it: only the POST of the page's button confirms.
#include <algorithm>

#include "api/access/audit.h"
#include "api/access/authentication.h"
#include "api/access/sign_in.h"
#include "api/access/user_link.h"
#include "api/all_routes.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/notices/notice_json.h"
#include "api/notices/recipient_link.h"
#include "records/version_conflict.h"
#include "store/notice_store.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "notice channel";

Problem NoSuchRecipientLink() {
  return Invalid("token", {"wrong_recipient_link",
                           "is no link that is valid: it has expired, or its channel or recipient is gone"});
}

// Reads the token, which is all of the body, and finds its link. Those who try tokens are slowed as those who try
// passwords.
std::expected<std::string, Problem> ReadToken(ApiServices& services, ApiRequest& request) {
  if (auto own = CheckOwnOrigin(services, request.http); !own) return std::unexpected(std::move(own.error()));
  const auto body = JsonBody(request);
  if (!body) return std::unexpected(body.error());
  FieldReader fields(*body);
  std::string token = fields.RequiredText("token", kLinkTokenBytesMax);
  if (auto problem = fields.Finish()) return std::unexpected(*std::move(problem));
  if (FindRecipientLink(services, token)) return token;
  if (auto slow = CheckSignInLimit(services, request.http, ""); !slow) return std::unexpected(slow.error());
  services.counters.wrong_passwords.Increment();
  return std::unexpected(NoSuchRecipientLink());
}

Async<ApiResponse> CheckRecipient(ApiServices& services, ApiRequest& request) {
  const auto token = ReadToken(services, request);
  if (!token) co_return std::unexpected(token.error());
  const auto found = FindRecipientLink(services, *token);
  if (!found) co_return std::unexpected(NoSuchRecipientLink());
  Json json{Json::Object()};
  json.Add("recipient", found->recipient);
  json.Add("channel", found->channel->name);
  json.Add("expires_at", UnixMs(found->expires_at));
  co_return JsonResponse(200, json);
}

// The entry is the tenant's to read, who has no right to know where the recipient is: it has no network address.
AuditEntry EntryOf(ApiServices& services, const NoticeChannel& before, const NoticeChannel& after) {
  const AuditEntry::Actor actor{.kind = AuditActorKind::kServer, .id = {}, .name = {}, .scope = after.scope};
  AuditDetails details("confirmed_by_recipient", "confirmed by the recipient");
  return MakeAuditEntry(
      services, actor,
      {.action = AuditAction::kChannelChanged,
       .subject = AuditEntry::Subject{.kind = "notice_channel", .id = after.id.ToString(), .name = after.name},
       .details = std::move(details),
       .changes = ChannelChanges(before, after)});
}

Async<ApiResponse> ConfirmRecipient(ApiServices& services, ApiRequest& request) {
  const auto token = ReadToken(services, request);
  if (!token) co_return std::unexpected(token.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindRecipientLink(services, *token);
    if (!found) co_return std::unexpected(NoSuchRecipientLink());
    const NoticeChannel& before = *found->channel;
    if (std::ranges::find(before.confirmed, found->recipient) != before.confirmed.end()) co_return NoContent();
    NoticeChannel channel = before;
    channel.confirmed.push_back(found->recipient);
    channel.updated_at = services.clock.Now();
    AuditEntry entry = EntryOf(services, before, channel);
    const auto saved =
        co_await services.store.notices().SaveChannel(channel, before.version, std::move(entry), std::nullopt);
    if (saved) co_return NoContent();
    if (saved.error().kind == Refusal::Kind::kVersionConflict) co_return std::nullopt;
    co_return std::unexpected(FromRefusal(saved.error(), kNoun));
  };
  auto response = co_await RetryOnVersionConflict(attempt);
  if (!response) co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kVersionConflict}, kNoun));
  co_return *std::move(response);
}

}  // namespace

void AddNoticeRecipientRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/notice-recipients/check", Access::kOpen, CheckRecipient});
  router.Add({"POST", "/api/notice-recipients", Access::kOpen, ConfirmRecipient});
}

}  // namespace shakehook
