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

SampleVenue VenueOf(const Directory& directory, const Scope& scope) {
  SampleVenue sample;
  SharedVenue venue;
  if (scope.kind == Scope::Kind::kVenue) {
    sample.id = {scope.id};
    venue = directory.FindVenue(sample.id);
  } else {
    sample.group = VenuesGroupId{scope.id};
    const auto venues = directory.VenuesOf(*sample.group);
    if (!venues.empty()) venue = venues.front();
  }
  if (venue) sample = {venue->id, venue->venues_group_id};
  return sample;
}

SharedEvent BuildEvent(ApiServices& services, const Scope& scope, EventType type) {
  const Timestamp now = services.clock.Now();
  const SampleVenue venue = VenueOf(services.directory(), scope);
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
  if (!type && !event.empty()) fields.Refuse("event", "there is no event type with this name");
  if (auto problem = fields.Finish()) return std::unexpected(*std::move(problem));
  return *type;
}

HttpResponse Respond(const DeliveryDetail& detail) {
  return WithLocation(JsonResponse(201, DeliveryDetailJson(detail, UrlView::kWhole)),
                      "/api/deliveries/" + detail.delivery.id.ToString());
}

// Returns the delivery before its attempt.
DeliveryDetail NewDetail(const Webhook& webhook, DeliveryId id, SharedEvent event, Timestamp now) {
  DeliveryDetail detail;
  detail.delivery = {.id = id,
                     .webhook_id = webhook.id,
                     .event_id = event->id,
                     .event = event->type,
                     .origin = event->origin,
                     .resource_id = event->resource_id,
                     .venue_id = event->venue_id,
                     .next_attempt_at = now,
                     .created_at = now};
  detail.event = std::move(event);
  return detail;
}

Async<Answer> TestWebhook(ApiServices& services, ApiRequest& request) {
  const auto webhook = FindVisibleWebhook(services.directory(), *request.principal, request.Path("id"));
  if (!webhook) co_return std::unexpected(webhook.error());
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  const auto type = ReadEventType(*body);
  if (!type) co_return std::unexpected(type.error());
  const SharedEvent event = BuildEvent(services, (*webhook)->scope, *type);
  const DeliveryId id{services.NewUuid()};
  // The subscription begins before the delivery exists, so that its result cannot be missed.
  CommitFeed::Subscription subscription(services.feed, request.loop, id);
  const HttpResponse pending = Respond(NewDetail(**webhook, id, event, services.clock.Now()));
  const auto owed = co_await services.store.OweTest((*webhook)->number, id, event, request.Keep(pending));
  if (!owed) co_return std::unexpected(FromRefusal(owed.error(), kNoun));

  const SteadyTime deadline = request.loop.clock().Steady() + services.options.delivery_timeout + kAroundAttempt;
  for (;;) {
    const FeedItem* const item = subscription.Take();
    if (item != nullptr && item->attempt) break;
    if (item != nullptr) continue;
    if (request.loop.clock().Steady() >= deadline) break;
    co_await subscription.Wait(deadline);
  }
  const auto detail = co_await services.store.GetDelivery(id, request.asker());
  // The delivery was made; its result can be read from the delivery later.
  if (!detail || !*detail) co_return pending;
  const HttpResponse response = Respond(**detail);
  // A repetition gets the same answer. If the process dies before, it gets the delivery as pending.
  if (auto answer = request.Keep(response)) co_await services.store.ReplaceAnswer(*std::move(answer));
  co_return response;
}

}  // namespace

void AddWebhookTestRoutes(Router& router, ApiServices&) {
  router.Add({"POST", "/api/webhooks/{id}/test", Access::kManage, TestWebhook});
}

}  // namespace shakehook
