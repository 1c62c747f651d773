#include "api/webhooks/webhook_secret.h"

#include <array>

#include "api/access/audit.h"
#include "api/all_routes.h"
#include "api/edit_config.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/webhooks/visible_webhooks.h"
#include "base/encoding.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "webhook";
constexpr std::size_t kSecretBytes = 32;

// {secret, previous_secret, signing, overlap_ends_at}
Json SecretsJson(const WebhookSecrets& secrets, Timestamp now) {
  const bool overlap = secrets.InOverlap(now);
  Json json{Json::Object()};
  json.Add("secret", secrets.current);
  json.Add("previous_secret", overlap ? Json(secrets.previous) : Json());
  json.Add("signing", overlap ? "previous" : "current");
  json.Add("overlap_ends_at", overlap ? Json(UnixMs(*secrets.overlap_ends_at)) : Json());
  return json;
}

Async<ApiResponse> RevealSecret(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  const auto recorded = co_await RecordAudit(services, request,
                                             {.action = AuditAction::kSecretRevealed, .subject = SubjectOf(**webhook)});
  if (!recorded) co_return std::unexpected(recorded.error());
  co_return WithEtag(JsonResponse(200, SecretsJson((*webhook)->secrets, services.clock.Now())), (*webhook)->version);
}

AuditDetails OverlapDetails(std::chrono::seconds overlap) {
  if (overlap == std::chrono::seconds(0)) return {"without_overlap", "without an overlap"};
  return {"with_overlap", "with an overlap of {seconds} s", overlap.count()};
}

Async<ApiResponse> RotateSecret(ApiServices& services, ApiRequest& request) {
  const auto body = OptionalJsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  const std::chrono::seconds overlap(fields.Integer("overlap_seconds", 0, kOverlapSecondsMax).value_or(0));
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  const std::string secret = MakeWebhookSecret(services.records.random);
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindWebhookToChange(services.config_cache(), request);
    if (!found) co_return std::unexpected(found.error());
    Webhook webhook = **found;
    const Timestamp now = services.clock.Now();
    Rotate(webhook.secrets, secret, overlap, now);
    webhook.updated_at = now;
    const HttpResponse response = WithEtag(JsonResponse(201, SecretsJson(webhook.secrets, now)), webhook.version + 1);
    ConfigChange change{ConfigChange::Put<Webhook>{webhook, webhook.version}};
    change.audit.push_back(MakeAuditEntry(
        services, ActorOf(request),
        {.action = AuditAction::kSecretRotated, .subject = SubjectOf(webhook), .details = OverlapDetails(overlap)}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), request.Keep(response));
    co_return AfterSave(saved, response, kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

Async<ApiResponse> EndOverlap(ApiServices& services, ApiRequest& request) {
  const auto attempt = [&](int) -> Async<std::optional<ApiResponse>> {
    const auto found = FindWebhookToChange(services.config_cache(), request);
    if (!found) co_return std::unexpected(found.error());
    Webhook webhook = **found;
    const Timestamp now = services.clock.Now();
    if (!webhook.secrets.InOverlap(now)) co_return NoContent();
    webhook.secrets.previous.clear();
    webhook.secrets.overlap_ends_at.reset();
    webhook.updated_at = now;
    ConfigChange change{ConfigChange::Put<Webhook>{webhook, webhook.version}};
    change.audit.push_back(MakeAuditEntry(services, ActorOf(request),
                                          {.action = AuditAction::kOverlapEnded, .subject = SubjectOf(webhook)}));
    const auto saved = co_await services.store.SaveConfig(std::move(change), std::nullopt);
    co_return AfterSave(saved, NoContent(), kNoun);
  };
  co_return co_await EditConfig(services, request, {kNoun, request.Path("id")}, attempt);
}

}  // namespace

std::string MakeWebhookSecret(Random& random) {
  std::array<std::uint8_t, kSecretBytes> bytes;
  random.Fill(bytes);
  return "whsec_" + ToBase64(bytes);
}

void Rotate(WebhookSecrets& secrets, std::string secret, std::chrono::seconds overlap, Timestamp now) {
  if (overlap == std::chrono::seconds(0)) {
    secrets = {.current = std::move(secret)};
    return;
  }
  if (!secrets.InOverlap(now)) secrets.previous = std::move(secrets.current);
  secrets.current = std::move(secret);
  secrets.overlap_ends_at = now + overlap;
}

void AddWebhookSecretRoutes(Router& router, ApiServices&) {
  router.Add({.method = "GET",
              .path = "/api/webhooks/{id}/secret",
              .access = Access::kManage,
              .handler = RevealSecret,
              .compression = Compression::kNever});
  router.Add({"POST", "/api/webhooks/{id}/secret", Access::kManage, RotateSecret});
  router.Add({"DELETE", "/api/webhooks/{id}/secret", Access::kManage, EndOverlap});
}

}  // namespace shakehook
