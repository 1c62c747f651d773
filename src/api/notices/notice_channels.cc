// /api/notice-channels[/{id}[/test|/confirmations|/notices]]: whom the server tells that a webhook fails, and what it
// has told.
#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "api/access/audit.h"
#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/etag.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/notices/notice_json.h"
#include "api/notices/recipient_link.h"
#include "api/webhooks/webhook_secret.h"
#include "store/notice_store.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "notice channel";
constexpr std::string_view kList = "notice-channels";
constexpr std::string_view kNoticeList = "notices";

bool IsChannelId(std::string_view text) { return ChannelId::Parse(text).has_value(); }

AuditEntry::Subject SubjectOf(const NoticeChannel& channel) {
  return {.kind = "notice_channel", .id = channel.id.ToString(), .name = channel.name};
}

AuditEntry EntryOf(ApiServices& services, const ApiRequest& request, AuditAction action, const NoticeChannel& channel,
                   std::string changes = {}) {
  return MakeAuditEntry(services, ActorOf(request),
                        {.action = action, .subject = SubjectOf(channel), .changes = std::move(changes)});
}

// The recipients that an edit named, and who have to confirm.
std::vector<std::string> NewRecipients(const NoticeChannel& before, const NoticeChannel& after) {
  std::vector<std::string> recipients = UnconfirmedRecipients(after);
  std::erase_if(recipients, [&](const std::string& recipient) {
    return std::ranges::find(before.recipients, recipient) != before.recipients.end();
  });
  return recipients;
}

std::expected<SharedChannel, Problem> FindVisibleChannel(ApiServices& services, const ApiRequest& request) {
  const auto id = ChannelId::Parse(request.Path("id"));
  auto channel = id ? services.store.notices().FindChannel(*id) : nullptr;
  if (!channel || !CanSee(services.config_cache(), *request.principal, channel->scope)) {
    return std::unexpected(NotFound(kNoun));
  }
  return channel;
}

std::expected<SharedChannel, Problem> FindChannelToChange(ApiServices& services, const ApiRequest& request) {
  auto channel = FindVisibleChannel(services, request);
  if (!channel) return channel;
  if (auto matches = CheckIfMatch(request.http, (*channel)->version); !matches) {
    return std::unexpected(std::move(matches.error()));
  }
  return channel;
}

Async<ApiResponse> ListChannels(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const PageRequest page = ReadPage(parameters, kList, IsChannelId);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const VisibleScopes scopes(services.config_cache(), *request.principal);
  const auto after = ChannelId::Parse(page.after);
  std::size_t kept = 0;
  const auto channels = services.store.notices().ListChannels([&](const NoticeChannel& channel) {
    const bool keep = kept <= page.limit && (!after || channel.id > *after) && scopes.Sees(channel.scope);
    if (keep) ++kept;
    return keep;
  });
  co_return co_await RespondWithPage(
      request.loop, page, channels, [](const SharedChannel& channel) { return ChannelJson(*channel); }, kById);
}

Async<ApiResponse> GetChannel(ApiServices& services, ApiRequest& request) {
  const auto channel = FindVisibleChannel(services, request);
  if (!channel) co_return std::unexpected(channel.error());
  co_return WithEtag(JsonResponse(200, ChannelJson(**channel)), (*channel)->version);
}

Async<ApiResponse> CreateChannel(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  NoticeChannel channel;
  if (auto problem = ReadNewChannel(*body, services, *request.principal, channel)) {
    co_return std::unexpected(*std::move(problem));
  }
  auto links = RecipientLinks::Reserve(services, channel, UnconfirmedRecipients(channel));
  if (!links) co_return std::unexpected(std::move(links.error()));
  channel.id = {services.NewUuid()};
  if (channel.kind == ChannelKind::kWebhook) channel.secret = MakeWebhookSecret(services.records.random);
  channel.created_at = channel.updated_at = services.clock.Now();
  Json json = ChannelJson(channel);
  json.Add("secret", channel.secret.empty() ? Json() : Json(channel.secret));
  HttpResponse response = WithEtag(JsonResponse(201, json), 1);
  response = WithLocation(std::move(response), "/api/notice-channels/" + channel.id.ToString());
  const auto saved = co_await services.store.notices().SaveChannel(
      channel, 0, EntryOf(services, request, AuditAction::kChannelCreated, channel), request.Keep(response));
  if (!saved) {
    // Its venue or group was deleted while the request was under way.
    if (saved.error().kind == Refusal::Kind::kMissing)
      co_return std::unexpected(Invalid("scope", {"names_no_scope", "does not exist"}));
    co_return std::unexpected(FromRefusal(saved.error(), kNoun));
  }
  links->Post(channel);
  co_return response;
}

Async<ApiResponse> EditChannel(ApiServices& services, ApiRequest& request) {
  const auto patch = JsonBody(request);
  if (!patch) co_return std::unexpected(patch.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindChannelToChange(services, request);
    if (!found) co_return std::unexpected(found.error());
    const NoticeChannel& before = **found;
    NoticeChannel channel = before;
    if (auto problem = MergeChannel(*patch, services, channel)) co_return std::unexpected(*std::move(problem));
    if (channel == before) co_return WithEtag(JsonResponse(200, ChannelJson(before)), before.version);
    auto links = RecipientLinks::Reserve(services, channel, NewRecipients(before, channel));
    if (!links) co_return std::unexpected(std::move(links.error()));
    channel.updated_at = services.clock.Now();
    AuditEntry entry =
        EntryOf(services, request, AuditAction::kChannelChanged, channel, ChannelChanges(before, channel));
    const auto saved =
        co_await services.store.notices().SaveChannel(channel, before.version, std::move(entry), std::nullopt);
    if (saved) links->Post(channel);
    co_return AfterSave(saved, WithEtag(JsonResponse(200, ChannelJson(channel)), before.version + 1), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

Async<ApiResponse> DeleteChannel(ApiServices& services, ApiRequest& request) {
  const auto channel = FindChannelToChange(services, request);
  if (!channel) co_return std::unexpected(channel.error());
  const auto deleted = co_await services.store.notices().DeleteChannel(
      (*channel)->id, GuardedVersion(request.http, (*channel)->version),
      EntryOf(services, request, AuditAction::kChannelDeleted, **channel));
  if (!deleted) co_return std::unexpected(FromDeleteRefusal(deleted.error(), kNoun));
  co_return NoContent();
}

Async<ApiResponse> TestChannel(ApiServices& services, ApiRequest& request) {
  const auto channel = FindVisibleChannel(services, request);
  if (!channel) co_return std::unexpected(channel.error());
  const auto body = OptionalJsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  if ((*channel)->enabled == Switch::kOff) co_return std::unexpected(Problem("conflict", "The channel is disabled."));
  if ((*channel)->kind == ChannelKind::kEmail && MailedRecipients(**channel).empty()) {
    co_return std::unexpected(Problem("conflict", "No recipient of the channel has confirmed their address yet."));
  }
  Json json{Json::Object()};
  json.Add("channel_id", (*channel)->id.ToString());
  json.Add("queued_at", UnixMs(services.clock.Now()));
  const HttpResponse response = JsonResponse(201, json);
  const auto queued =
      co_await services.store.notices().QueueTest((*channel)->id, services.clock.Now(), request.Keep(response));
  if (!queued) {
    if (queued.error().kind == Refusal::Kind::kExists) {
      co_return std::unexpected(Problem("conflict", "A test of this channel is already running."));
    }
    co_return std::unexpected(FromRefusal(queued.error(), kNoun));
  }
  co_return response;
}

// Mails the link once more to a recipient who has not used it.
Async<ApiResponse> MailLinkAgain(ApiServices& services, ApiRequest& request) {
  const auto channel = FindVisibleChannel(services, request);
  if (!channel) co_return std::unexpected(channel.error());
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::string recipient = fields.RequiredText("recipient", kMailAddressBytesMax);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  const std::vector<std::string> waiting = UnconfirmedRecipients(**channel);
  if (std::ranges::find(waiting, recipient) == waiting.end()) {
    co_return std::unexpected(
        Invalid("recipient", {"no_such_recipient", "is no recipient of this channel who has yet to confirm"}));
  }
  Json json{Json::Object()};
  json.Add("recipient", recipient);
  json.Add("mail", LinkMailJson(co_await SendRecipientLink(services, request.loop, **channel, recipient)));
  const HttpResponse response = JsonResponse(200, json);
  if (auto record = request.Keep(response)) {
    const auto kept = co_await services.store.KeepRecord(*std::move(record));
    if (!kept) co_return std::unexpected(FromRefusal(kept.error(), kNoun));
  }
  co_return response;
}

std::optional<Position> ParseNumber(std::string_view text) {
  Position number;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.value);
  if (error != std::errc() || end != text.data() + text.size() || number.value < 1) return std::nullopt;
  return number;
}

Async<ApiResponse> ListNotices(ApiServices& services, ApiRequest& request) {
  const auto channel = FindVisibleChannel(services, request);
  if (!channel) co_return std::unexpected(channel.error());
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kNoticeList, [](std::string_view key) { return ParseNumber(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto notices = co_await services.store.notices().ListNotices({.channel = (*channel)->id,
                                                                      .before = ParseNumber(page.after),
                                                                      .limit = page.limit + 1,
                                                                      .asker = request.asker()});
  if (!notices) co_return std::unexpected(FromRefusal(notices.error(), kNoun));
  co_return co_await RespondWithPage(request.loop, page, *notices, NoticeJson,
                                     [](const Notice& notice) { return std::to_string(notice.number.value); });
}

}  // namespace

void AddNoticeRoutes(Router& router, ApiServices&) {
  router.Add({"GET", "/api/notice-channels", Access::kManage, ListChannels, {"limit", "cursor"}});
  router.Add({"POST", "/api/notice-channels", Access::kManage, CreateChannel});
  router.Add({"GET", "/api/notice-channels/{id}", Access::kManage, GetChannel});
  router.Add({"PATCH", "/api/notice-channels/{id}", Access::kManage, EditChannel});
  router.Add({"DELETE", "/api/notice-channels/{id}", Access::kManage, DeleteChannel});
  router.Add({"POST", "/api/notice-channels/{id}/test", Access::kManage, TestChannel});
  router.Add({"POST", "/api/notice-channels/{id}/confirmations", Access::kManage, MailLinkAgain});
  router.Add({"GET", "/api/notice-channels/{id}/notices", Access::kManage, ListNotices, {"limit", "cursor"}});
}

}  // namespace shakehook
