// /api/webhooks/{id}/test: sends one delivery of a sample, and answers with its result.
#include "api/all_routes.h"
#include "api/commit_feed.h"
#include "api/deliveries/delivery_json.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/response.h"
#include "api/webhooks/test_samples.h"
#include "api/webhooks/visible_webhooks.h"
#include "model/payload.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "webhook";
// The time for everything around the attempt: its way to the delivery loop, and the commit of its result.
constexpr Milliseconds kAroundAttempt{1'000};

// Returns the venue that the sample contains.
struct SampleVenue {
  VenueId id{"test-venue"};
  std::optional<VenuesGroupId> group;
};

SampleVenue VenueOf(const ConfigCache& config_cache, const Scope& scope) {
  SampleVenue sample;
  SharedVenue venue;
  if (scope.kind == Scope::Kind::kVenue) {
    sample.id = {scope.id};
    venue = config_cache.FindVenue(sample.id);
  } else {
    sample.group = VenuesGroupId{scope.id};
    const auto venues = config_cache.VenuesOf(*sample.group);
    if (!venues.empty()) venue = venues.front();
  }
  if (venue) sample = {venue->id, venue->venues_group_id};
  return sample;
}

SharedEvent BuildEvent(ApiServices& services, const Scope& scope, EventType type) {
  const Timestamp now = services.clock.Now();
  const SampleVenue venue = VenueOf(services.config_cache(), scope);
  TestSample sample = MakeTestSample(type, now);
  auto event = std::make_shared<Event>();
  event->id = {services.NewUuid()};
  event->type = type;
  event->origin = EventOrigin::kTest;
  event->timestamp = now;
  event->venue_id = venue.id;
  event->venues_group_id = venue.group;
  event->resource_id = std::move(sample.resource_id);
  event->payload = BuildPayload({.type = type,
                                 .timestamp = now,
                                 .venue_id = event->venue_id,
                                 .venues_group_id = event->venues_group_id,
                                 .data = sample.data});
  return event;
}

std::expected<EventType, Problem> ReadEventType(const Json& body) {
  FieldReader fields(body);
  if (!fields.ok()) return std::unexpected(*fields.Finish());
  const std::string event = fields.RequiredText("event");
  const auto type = ParseEventType(event);
  if (!type && !event.empty()) fields.Refuse("event", {"names_no_event", "there is no event type with this name"});
  if (auto problem = fields.Finish()) return std::unexpected(*std::move(problem));
  return *type;
}

HttpResponse Respond(const DeliveryDetail& detail) {
  return WithLocation(JsonResponse(201, DeliveryDetailJson(detail, UrlView::kWhole)),
                      "/api/deliveries/" + detail.delivery.id.ToString());
}

Async<ApiResponse> TestWebhook(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.config_cache(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  const auto type = ReadEventType(*body);
  if (!type) co_return std::unexpected(type.error());
  const SharedEvent event = BuildEvent(services, (*webhook)->scope, *type);
  const DeliveryId id{services.NewUuid()};
  // The subscription begins before the delivery exists, so that its result cannot be missed.
  CommitFeed::Subscription subscription(services.feed, request.loop, id);
  CommitSpan span(request.tracing(), std::span(&event->id, 1));
  const auto owed = co_await services.store.OweTest((*webhook)->number, id, event, request.Keep(Respond));
  span.End(owed ? CommitSpan::Result::kStored : CommitSpan::Result::kRefused);
  if (!owed) co_return std::unexpected(FromRefusal(owed.error(), kNoun));

  const SteadyTime deadline = request.loop.clock().Steady() + services.options.delivery_timeout + kAroundAttempt;
  for (;;) {
    const FeedItem* const item = subscription.Take();
    if (item != nullptr && item->attempt) break;
    if (item != nullptr) continue;
    if (request.loop.clock().Steady() >= deadline) break;
    co_await subscription.Wait(deadline);
  }
  if (const auto response = request.Keep(Respond)) {
    // A repetition gets the same response: if the result cannot be kept, that is the delivery as pending.
    const auto answered = co_await services.store.FinishTest(id, *response);
    co_return Respond(answered ? *answered : *owed);
  }
  const auto detail = co_await services.store.GetDelivery(id, request.asker());
  // If it cannot be read now, its result can be read from the delivery later.
  co_return Respond(detail && *detail ? **detail : *owed);
}

}  // namespace

void AddWebhookTestRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/webhooks/{id}/test", Access::kManage, TestWebhook});
}

}  // namespace shakehook
