// /api/webhooks[/{id}]: subscriptions. A webhook's secret is shown in the response that makes it, and at …/secret.
#include "api/access/audit.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/etag.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/webhooks/judged_webhooks.h"
#include "api/webhooks/visible_webhooks.h"
#include "api/webhooks/webhook_changes.h"
#include "api/webhooks/webhook_json.h"
#include "api/webhooks/webhook_secret.h"
#include "api/webhooks/webhook_settings.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "webhook";

Async<Stored<WebhookHealth>> ReadHealth(Store& store, WebhookNumber webhook, Asker asker) {
  auto health = co_await store.GetHealth({webhook}, std::move(asker));
  if (!health) co_return std::unexpected(std::move(health.error()));
  co_return (*health)[0];
}

Async<ApiResponse> GetWebhook(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  const auto judged = co_await JudgeWebhooks(services, {*webhook}, request.asker());
  if (!judged) co_return std::unexpected(judged.error());
  const JudgedWebhook& one = judged->at(0);
  co_return WithEtag(
      JsonResponse(200, WebhookJson(**webhook, one.health, one.judgement, UrlViewOf(*request.principal))),
      (*webhook)->version);
}

// By its health alone: a response to a change does not wait for statistics.
Judgement JudgeAlone(const ApiServices& services, const Webhook& webhook, const WebhookHealth& health) {
  return Judge(webhook, health, WebhookStatistics(), services.clock.Now(), services.options.delivery_timeout);
}

Json JsonOf(const ApiServices& services, const Webhook& webhook, const WebhookHealth& health) {
  return WebhookJson(webhook, health, JudgeAlone(services, webhook, health), UrlView::kWhole);
}

AuditEntry EntryOf(ApiServices& services, const ApiRequest& request, AuditAction action, const Webhook& webhook,
                   std::string changes = {}) {
  return MakeAuditEntry(services, ActorOf(request),
                        {.action = action, .subject = SubjectOf(webhook), .changes = std::move(changes)});
}

Async<ApiResponse> CreateWebhook(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  Webhook webhook;
  if (auto problem = ReadNewWebhook(*body, services, *request.principal, webhook)) {
    co_return std::unexpected(*std::move(problem));
  }
  webhook.id = {services.NewUuid()};
  webhook.secrets.current = MakeWebhookSecret(services.records.random);
  webhook.created_at = webhook.updated_at = services.clock.Now();
  Json json = WebhookJson(webhook, WebhookHealth(), JudgeAlone(services, webhook, {}), UrlView::kWhole);
  json.Add("secret", webhook.secrets.current);
  HttpResponse response = WithEtag(JsonResponse(201, json), 1);
  response = WithLocation(std::move(response), "/api/webhooks/" + webhook.id.ToString());
  const auto saved = co_await services.store.SaveConfig(
      ConfigChange{.change = ConfigChange::Put<Webhook>{webhook, 0},
                   .audit = {EntryOf(services, request, AuditAction::kWebhookCreated, webhook,
                                     WebhookChanges(std::nullopt, webhook))}},
      request.Keep(response));
  if (!saved) {
    // Its venue or group was deleted while the request was under way.
    if (saved.error().kind == Refusal::Kind::kMissing)
      co_return std::unexpected(Invalid("scope", {"names_no_scope", "does not exist"}));
    co_return std::unexpected(FromRefusal(saved.error(), kNoun));
  }
  co_return response;
}

// Returns the audit entries of an edit.
std::vector<AuditEntry> EntriesOf(ApiServices& services, const ApiRequest& request, const Webhook& before,
                                  const Webhook& after, Switch discard) {
  std::vector<AuditEntry> entries;
  // An edit that also switches the webhook is two entries: they are looked for by their action.
  if (after.enabled != before.enabled) {
    const auto action = after.enabled == Switch::kOn ? AuditAction::kWebhookEnabled : AuditAction::kWebhookDisabled;
    entries.push_back(EntryOf(services, request, action, after));
  }
  std::string changes = WebhookChanges(before, after);
  if (!changes.empty()) {
    entries.push_back(EntryOf(services, request, AuditAction::kWebhookChanged, after, std::move(changes)));
  }
  if (discard == Switch::kOn) entries.push_back(EntryOf(services, request, AuditAction::kWebhookDiscarded, after));
  return entries;
}

Async<ApiResponse> EditWebhook(ApiServices& services, ApiRequest& request) {
  const auto patch = JsonBody(request);
  if (!patch) co_return std::unexpected(patch.error());
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindWebhookToChange(services.config_cache(), request);
    if (!found) co_return std::unexpected(found.error());
    const Webhook& before = **found;
    Webhook webhook = before;
    Switch discard = Switch::kOff;
    if (auto problem = MergeWebhook(*patch, services, webhook, discard)) co_return std::unexpected(*std::move(problem));
    // Written before the change, so that a failure here does not hide that the change was made.
    auto health = co_await ReadHealth(services.store, before.number, request.asker());
    if (!health) co_return std::unexpected(FromRefusal(health.error(), kNoun));
    if (discard == Switch::kOn) health->pending = 0;
    if (webhook == before && discard == Switch::kOff) {
      co_return WithEtag(JsonResponse(200, JsonOf(services, before, *health)), before.version);
    }
    webhook.updated_at = services.clock.Now();
    ConfigChange change{.change = ConfigChange::Put<Webhook>{webhook, before.version},
                        .audit = EntriesOf(services, request, before, webhook, discard),
                        .discard = discard};
    const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
    co_return AfterSave(saved, WithEtag(JsonResponse(200, JsonOf(services, webhook, *health)), before.version + 1),
                        kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

Async<ApiResponse> DeleteWebhook(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  co_return co_await DeleteConfig(
      services, request,
      DeletedConfig<WebhookId>{.noun = kNoun,
                               .id = (*webhook)->id,
                               .version = (*webhook)->version,
                               .audit = {EntryOf(services, request, AuditAction::kWebhookDeleted, **webhook)}});
}

HttpResponse RespondToDiscard(const std::int64_t& canceled) {
  Json json{Json::Object()};
  json.Add("canceled", canceled);
  return JsonResponse(200, json);
}

// Cancels the webhook's pending deliveries.
Async<ApiResponse> DiscardOwed(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  if (auto problem = CheckNoFields(request)) co_return std::unexpected(*std::move(problem));
  const auto canceled = co_await services.store.Discard(
      (*webhook)->number, services.clock.Now(), request.Keep(RespondToDiscard),
      MakeAuditEntry(services, ActorOf(request),
                     {.action = AuditAction::kWebhookDiscarded, .subject = SubjectOf(**webhook)}));
  if (!canceled) co_return std::unexpected(FromRefusal(canceled.error(), kNoun));
  co_return RespondToDiscard(*canceled);
}

}  // namespace

void AddWebhookRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/webhooks", Access::kManage, CreateWebhook});
  router.Add({"GET", "/api/webhooks/{id}", Access::kRead, GetWebhook});
  router.Add({"PATCH", "/api/webhooks/{id}", Access::kManage, EditWebhook});
  router.Add({"DELETE", "/api/webhooks/{id}", Access::kManage, DeleteWebhook});
  router.Add({"POST", "/api/webhooks/{id}/discard", Access::kManage, DiscardOwed});
}

}  // namespace shakehook
