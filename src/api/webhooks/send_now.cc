// /api/webhooks/{id}/send-now, and /api/webhooks/send-now for several: what waits for a retry is due now.
#include <algorithm>

#include "api/access/audit.h"
#include "api/all_routes.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/webhooks/visible_webhooks.h"

namespace shakehook {
namespace {

constexpr std::size_t kWebhooksMax = 100;
constexpr std::string_view kIds = "webhook_ids";

Json MadeDueJson(std::int64_t made_due) {
  Json json{Json::Object()};
  json.Add("made_due", made_due);
  return json;
}

// The number is known only at the end, so the response is kept after the change. If the process ends before, a
// repetition makes due what is not due yet, which is all that it may do.
Async<ApiResponse> SendNow(ApiServices& services, ApiRequest& request, std::vector<SharedWebhook> webhooks) {
  std::int64_t made_due = 0;
  for (const SharedWebhook& webhook : webhooks) {
    const auto made = co_await services.store.MakeRetriesDue(
        webhook->number, services.clock.Now(),
        MakeAuditEntry(services, ActorOf(request),
                       {.action = AuditAction::kWebhookSentNow, .subject = SubjectOf(*webhook)}));
    if (!made) co_return std::unexpected(FromRefusal(made.error(), "webhook"));
    made_due += *made;
  }
  HttpResponse response = JsonResponse(200, MadeDueJson(made_due));
  if (auto record = request.Keep(response)) {
    const auto kept = co_await services.store.KeepRecord(*std::move(record));
    if (!kept) co_return std::unexpected(FromRefusal(kept.error(), "webhook"));
  }
  co_return response;
}

Async<ApiResponse> SendNowOfOne(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  if (auto problem = CheckNoFields(request)) co_return std::unexpected(*std::move(problem));
  co_return co_await SendNow(services, request, {*webhook});
}

// Returns the webhooks of the body's list, each once; refuses those that the caller does not see.
std::vector<SharedWebhook> ReadWebhooks(const ConfigCache& config_cache, const Principal& principal,
                                        FieldReader& fields) {
  std::vector<SharedWebhook> webhooks;
  const Json* const ids = fields.Array(kIds);
  if (ids == nullptr) {
    if (fields.ok()) fields.Refuse(kIds, {"required", "is required"});
    return webhooks;
  }
  const auto count = ids->array()->size();
  if (count == 0) fields.Refuse(kIds, {"no_webhook", "must name at least one webhook"});
  if (count > kWebhooksMax) {
    fields.Refuse(kIds, {"too_many_items", "names {count} webhooks; at most {max} may be named", count, kWebhooksMax});
    return webhooks;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const std::string* const id = (*ids->array())[i].text();
    const auto webhook =
        id == nullptr ? std::unexpected(NotFound("webhook")) : FindVisibleWebhook(config_cache, principal, *id);
    if (!webhook) {
      fields.Refuse(std::string(kIds) + "." + std::to_string(i),
                    {"names_no_webhook", "there is no webhook with this id"});
    } else if (std::ranges::find(webhooks, *webhook) == webhooks.end()) {
      webhooks.push_back(*webhook);
    }
  }
  return webhooks;
}

Async<ApiResponse> SendNowOfSeveral(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  std::vector<SharedWebhook> webhooks = ReadWebhooks(services.config_cache(), *request.principal, fields);
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  co_return co_await SendNow(services, request, std::move(webhooks));
}

}  // namespace

void AddSendNowRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/webhooks/{id}/send-now", Access::kManage, SendNowOfOne});
  router.Add({"POST", "/api/webhooks/send-now", Access::kManage, SendNowOfSeveral});
}

}  // namespace shakehook
