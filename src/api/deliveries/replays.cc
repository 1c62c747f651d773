// /api/webhooks/{id}/replay and /api/replays/{id}: redelivery in bulk, as jobs with progress that can be canceled.
#include "api/access/audit.h"
#include "api/all_routes.h"
#include "api/deliveries/replay_json.h"
#include "api/http/json_body.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/webhooks/visible_webhooks.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "replay";
constexpr std::string_view kList = "replays";

Json CountJson(std::int64_t count) {
  Json json{Json::Object()};
  json.Add("count", count);
  json.Add("dry_run", true);
  return json;
}

AuditEntry::Subject SubjectOf(const Replay& replay) {
  return {.kind = "replay", .id = replay.id.ToString(), .name = {}};
}

Async<ApiResponse> StartReplay(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  const auto body = OptionalJsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  FieldReader fields(*body);
  Replay replay{.webhook = (*webhook)->number, .webhook_id = (*webhook)->id, .filter = ReadReplayFilter(fields)};
  const bool dry_run = fields.Boolean("dry_run").value_or(false);
  for (const std::string_view name : {"dry_run", "missing"}) {
    if (fields.IsNull(name)) fields.Refuse(name, {"not_clearable", "must be true or false, not null"});
  }
  if (auto problem = fields.Finish()) co_return std::unexpected(*std::move(problem));
  const auto count = co_await services.store.CountReplay(replay.webhook, replay.filter, request.asker());
  if (!count) co_return std::unexpected(FromRefusal(count.error(), kNoun));
  if (dry_run) co_return JsonResponse(200, CountJson(*count));
  replay.id = {services.NewUuid()};
  replay.matched = *count;
  replay.created_at = services.clock.Now();
  HttpResponse response = JsonResponse(201, ReplayJson(replay));
  response = WithLocation(std::move(response), "/api/replays/" + replay.id.ToString());
  const auto started = co_await services.store.StartReplay(
      replay, request.Keep(response),
      MakeAuditEntry(services, ActorOf(request),
                     {.action = AuditAction::kReplayStarted,
                      .subject = SubjectOf(replay),
                      .details = {"deliveries_of_webhook", "of {count} deliveries of the webhook {webhook}", *count,
                                  (*webhook)->name}}));
  if (!started) {
    if (started.error().kind == Refusal::Kind::kExists) {
      co_return std::unexpected(Problem("conflict", Sentence::OfText(started.error().detail)));
    }
    co_return std::unexpected(FromRefusal(started.error(), "webhook"));
  }
  co_return response;
}

Async<ApiResponse> ListReplays(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  ParameterReader parameters(request);
  const PageRequest page =
      ReadPage(parameters, kList, [](std::string_view key) { return ReplayId::Parse(key).has_value(); });
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const auto before = page.after.empty() ? std::nullopt : ReplayId::Parse(page.after);
  const auto replays = co_await services.store.ListReplays((*webhook)->number, before, page.limit + 1, request.asker());
  if (!replays) co_return std::unexpected(FromRefusal(replays.error(), kNoun));
  co_return co_await RespondWithPage(request.loop, page, *replays, ReplayJson, kById);
}

// Returns the replay that the request's path names. The problem is a 404, also if the key does not see its webhook.
Async<std::expected<Replay, Problem>> FindVisibleReplay(ApiServices& services, ApiRequest& request) {
  const auto id = ReplayId::Parse(request.Path("id"));
  if (!id) co_return std::unexpected(NotFound(kNoun));
  const auto replay = co_await services.store.GetReplay(*id, request.asker());
  if (!replay) co_return std::unexpected(FromRefusal(replay.error(), kNoun));
  const bool all = request.principal->scope.kind == Scope::Kind::kAll;
  if (!*replay ||
      (!all && !FindVisibleWebhook(services.config_cache(), *request.principal, (*replay)->webhook_id.ToString()))) {
    co_return std::unexpected(NotFound(kNoun));
  }
  co_return **replay;
}

HttpResponse Respond(const Replay& replay) { return JsonResponse(200, ReplayJson(replay)); }

Async<ApiResponse> GetReplay(ApiServices& services, ApiRequest& request) {
  const auto replay = co_await FindVisibleReplay(services, request);
  if (!replay) co_return std::unexpected(replay.error());
  co_return Respond(*replay);
}

Async<ApiResponse> CancelReplay(ApiServices& services, ApiRequest& request) {
  if (auto problem = CheckNoFields(request)) co_return std::unexpected(*std::move(problem));
  const auto found = co_await FindVisibleReplay(services, request);
  if (!found) co_return std::unexpected(found.error());
  std::optional<AuditEntry> audit;
  if (found->state == ReplayState::kRunning) {
    audit = MakeAuditEntry(services, ActorOf(request),
                           {.action = AuditAction::kReplayCanceled, .subject = SubjectOf(*found)});
  }
  const auto canceled =
      co_await services.store.CancelReplay(found->id, services.clock.Now(), request.Keep(Respond), std::move(audit));
  if (!canceled) co_return std::unexpected(FromRefusal(canceled.error(), kNoun));
  co_return Respond(*canceled);
}

}  // namespace

void AddReplayRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/webhooks/{id}/replay", Access::kManage, StartReplay});
  router.Add({"GET", "/api/webhooks/{id}/replay", Access::kRead, ListReplays, {"limit", "cursor"}});
  router.Add({"GET", "/api/replays/{id}", Access::kRead, GetReplay});
  router.Add({"POST", "/api/replays/{id}/cancel", Access::kManage, CancelReplay});
}

}  // namespace shakehook
