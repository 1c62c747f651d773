// /api/events[/{id}]: what happened. POST is for a CRM that keeps its own records and only wants them announced.
#include <algorithm>

#include "api/access/visible.h"
#include "api/all_routes.h"
#include "api/deliveries/event_json.h"
#include "api/http/field_reader.h"
#include "api/http/json_body.h"
#include "api/http/page_response.h"
#include "api/http/response.h"
#include "api/large_response.h"
#include "base/loop_turn.h"
#include "model/payload.h"
#include "records/record_writer.h"
#include "records/version_conflict.h"

namespace shakehook {
namespace {

constexpr std::string_view kNoun = "event";
constexpr std::string_view kList = "events";
constexpr std::size_t kSubjectsMax = 100;

bool IsEventId(std::string_view text) { return EventId::Parse(text).has_value(); }

// Returns the venues whose events are listed; empty: all venues', also deleted ones'. nullopt: no venue's.
std::optional<std::vector<VenueId>> ListedVenues(const ConfigCache& config_cache, const ApiRequest& request) {
  const Scope& scope = request.principal->scope;
  std::vector<VenueId> venues;
  if (const std::string* const id = request.Query("venue_id")) {
    if (FindVisibleVenue(config_cache, *request.principal, *id)) venues.push_back({*id});
  } else if (const std::string* const group = request.Query("venues_group_id")) {
    for (const SharedVenue& venue : config_cache.VenuesOf({*group})) {
      if (venue && FindVisibleVenue(config_cache, *request.principal, venue->id.text)) venues.push_back(venue->id);
    }
  } else if (scope.kind == Scope::Kind::kAll) {
    return venues;
  } else if (scope.kind == Scope::Kind::kVenue) {
    venues.push_back({scope.id});
  } else {
    for (const SharedVenue& venue : config_cache.VenuesOf({scope.id})) {
      if (venue) venues.push_back(venue->id);
    }
  }
  if (venues.empty()) return std::nullopt;
  return venues;
}

void ReadFilters(ParameterReader& parameters, const ConfigCache& config_cache, const Principal& principal,
                 EventQuery& query) {
  if (const std::string* const group = parameters.Any("venues_group_id")) {
    if (parameters.Any("venue_id") != nullptr) {
      parameters.Refuse("venues_group_id", TwoScopes());
    } else if (!FindVisibleVenuesGroup(config_cache, principal, *group)) {
      parameters.Refuse("venues_group_id", NoSuchVenuesGroup());
    }
  }
  if (const std::string* const event = parameters.Any("event")) {
    query.type = ParseEventType(*event);
    if (!query.type) parameters.Refuse("event", {"names_no_event", "there is no event type with this name"});
  }
  if (const std::string* const resource = parameters.Any("resource_id")) query.resource_id = ResourceId{*resource};
  query.since = parameters.Time("since");
  query.until = parameters.Time("until");
}

Async<ApiResponse> ListEvents(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  const PageRequest page = ReadPage(parameters, kList, IsEventId);
  EventQuery query;
  ReadFilters(parameters, services.config_cache(), *request.principal, query);
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  auto venues = ListedVenues(services.config_cache(), request);
  bool nothing = !venues;
  if (venues) query.venues = *std::move(venues);
  query.limit = page.limit + 1;
  if (!nothing && !page.after.empty()) {
    // A cursor names an event by its id, because internal positions would show how much others send.
    const auto last = co_await services.store.GetEvent(*EventId::Parse(page.after), request.asker());
    if (!last) co_return std::unexpected(FromRefusal(last.error(), kNoun));
    if (*last) {
      query.before = (*last)->position;
    } else {
      nothing = true;  // purged, and all older ones too
    }
  }
  std::vector<ListedEvent> events;
  if (!nothing) {
    query.asker = request.asker();
    auto listed = co_await ReadRows(
        services, request, kNoun, {.what = RoomFor::kAnswer},
        [&services, &query] { return services.store.ListEvents(EventQuery(query)); },
        // In the response it is a text within a text, with its quotation marks escaped.
        [](const ListedEvent& row) { return row.event->payload.size() * 3 / 2; });
    if (!listed) co_return std::unexpected(std::move(listed.error()));
    events = *std::move(listed);
  }
  const auto json_of = [](ListedEvent& row) {
    const SharedEvent event = std::move(row.event);  // its memory is free for what is made of the next
    return EventJson(*event);
  };
  co_return co_await RespondWithPage(request.loop, page, std::move(events), json_of,
                                     [](const ListedEvent& row) { return row.event->id.ToString(); });
}

Async<ApiResponse> GetEvent(ApiServices& services, ApiRequest& request) {
  const auto id = EventId::Parse(request.Path("id"));
  if (!id) co_return std::unexpected(NotFound(kNoun));
  const auto found = co_await services.store.GetEvent(*id, request.asker());
  if (!found) co_return std::unexpected(FromRefusal(found.error(), kNoun));
  const bool admin = request.principal->scope.kind == Scope::Kind::kAll;
  if (!*found ||
      (!admin && !FindVisibleVenue(services.config_cache(), *request.principal, (*found)->event->venue_id.text))) {
    co_return std::unexpected(NotFound(kNoun));
  }
  co_return JsonResponse(200, EventJson(*(*found)->event));
}

// Returns what a person calls the account or contact in the payload; "" where the payload does not say.
std::string SubjectOf(const Event& event) {
  const auto payload = ParseJson(event.payload);
  const Json* const data = payload ? payload->Find("data") : nullptr;
  const auto text = [data](std::string_view name) -> std::string {
    const Json* const value = data == nullptr ? nullptr : data->Find(name);
    return value == nullptr || value->text() == nullptr ? "" : *value->text();
  };
  if (KindOf(event.type) == ResourceKind::kAccount) {
    std::string name = text("name");
    return name.empty() ? text("legal_name") : name;
  }
  std::string name = text("first_name");
  const std::string last = text("last_name");
  if (!name.empty() && !last.empty()) name += ' ';
  name += last;
  return name.empty() ? text("email") : name;
}

// For lists of deliveries, which name events: a payload has the name, and is too large for a list.
Async<ApiResponse> ListSubjects(ApiServices& services, ApiRequest& request) {
  ParameterReader parameters(request);
  std::vector<std::string> texts = parameters.All("id");
  if (texts.size() > kSubjectsMax)
    parameters.Refuse("id", {"repeated_too_often", "may be given {max} times at most", 100});
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
  std::vector<EventId> ids;
  for (const std::string& text : texts) {
    if (const auto id = EventId::Parse(text)) {
      ids.push_back(*id);
    } else {
      parameters.Refuse("id", {"no_event_id", "must be the id of an event"});
      break;
    }
  }
  if (auto problem = parameters.Finish()) co_return std::unexpected(*std::move(problem));
  const bool admin = request.principal->scope.kind == Scope::Kind::kAll;
  Json::Array subjects;
  TurnBudget budget;
  for (const EventId& id : ids) {
    const auto found = co_await services.store.GetEvent(id, request.asker());
    if (!found) co_return std::unexpected(FromRefusal(found.error(), kNoun));
    ++request.rows_read;
    if (!*found) continue;
    const Event& event = *(*found)->event;
    if (!admin && !FindVisibleVenue(services.config_cache(), *request.principal, event.venue_id.text)) continue;
    if (budget.Spend(event.payload.size())) co_await NextTurn(request.loop);
    const std::string name = SubjectOf(event);
    Json subject{Json::Object()};
    subject.Add("event_id", id.ToString());
    subject.Add("name", name.empty() ? Json() : Json(name));
    subjects.push_back(std::move(subject));
  }
  Json json{Json::Object()};
  json.Add("data", std::move(subjects));
  co_return JsonResponse(200, json);
}

// An event to announce, as in the request's body.
struct Announcement {
  EventType type = EventType::kAccountCreated;
  std::string venue_id;
  ResourceId resource_id;
  std::string data;  // compact JSON
  std::optional<Timestamp> timestamp;
};

void ReadData(FieldReader& fields, Announcement& announcement) {
  const Json* const data = fields.Object("data");
  if (data == nullptr) {
    if (!fields.Has("data") || fields.IsNull("data")) fields.Refuse("data", {"required", "is required"});
    return;
  }
  const Json* const id = data->Find("id");
  if (id == nullptr) {
    fields.Refuse("data.id", {"required", "is required"});
  } else if (id->text() == nullptr || !IsValidTextId(*id->text())) {
    fields.Refuse("data.id", BadTextId());
  } else {
    announcement.resource_id = {*id->text()};
  }
  announcement.data = ToString(*data);
  if (announcement.data.size() > kDataBytesMax)
    fields.Refuse("data", {"too_large", "is larger than {max_kib} KiB as compact JSON", 64});
}

std::expected<Announcement, Problem> ReadAnnouncement(const Json& body, const ConfigCache& config_cache,
                                                      const Principal& principal) {
  Announcement announcement;
  FieldReader fields(body);
  if (!fields.ok()) return std::unexpected(*fields.Finish());
  const std::string event = fields.RequiredText("event");
  if (const auto type = ParseEventType(event)) {
    announcement.type = *type;
  } else if (!event.empty()) {
    fields.Refuse("event", {"names_no_event", "there is no event type with this name"});
  }
  announcement.venue_id = fields.RequiredText("venue_id");
  if (!announcement.venue_id.empty() && !FindVisibleVenue(config_cache, principal, announcement.venue_id)) {
    fields.Refuse("venue_id", NoSuchVenue());
  }
  ReadData(fields, announcement);
  announcement.timestamp = fields.Time("timestamp");
  if (auto problem = fields.Finish()) return std::unexpected(*std::move(problem));
  return announcement;
}

SharedEvent BuildEvent(const EventId& id, const Announcement& announcement, const Venue& venue, Timestamp timestamp) {
  auto event = std::make_shared<Event>();
  event->id = id;
  event->type = announcement.type;
  event->origin = EventOrigin::kPublished;
  event->timestamp = timestamp;
  event->venue_id = venue.id;
  event->venues_group_id = venue.venues_group_id;
  event->resource_id = announcement.resource_id;
  event->payload = BuildPayload({.type = event->type,
                                 .timestamp = timestamp,
                                 .venue_id = event->venue_id,
                                 .venues_group_id = event->venues_group_id,
                                 .data = announcement.data});
  return event;
}

Async<ApiResponse> PublishEvent(ApiServices& services, ApiRequest& request) {
  const auto body = JsonBody(request);
  if (!body) co_return std::unexpected(body.error());
  const auto announcement = ReadAnnouncement(*body, services.config_cache(), *request.principal);
  if (!announcement) co_return std::unexpected(announcement.error());
  const EventId id{services.NewUuid()};
  // An event with a time of its own is announced with it, however late.
  const Switch must_follow = announcement->timestamp ? Switch::kOff : Switch::kOn;
  std::optional<Timestamp> last;
  std::optional<EditTurns::Turn> turn;
  const auto attempt = [&](int conflicts) -> Async<std::optional<ApiResponse>> {
    if (conflicts > 0 && !turn) {
      auto taken = co_await services.records.turns.Take(
          request.loop, TurnOf(KindOf(announcement->type), {announcement->venue_id}, announcement->resource_id));
      if (!taken) co_return std::unexpected(FromNoTurn(taken.error()));
      turn.emplace(*std::move(taken));
    }
    const std::uint64_t revision = services.config_cache().RevisionOf({announcement->venue_id});
    const auto venue = FindVisibleVenue(services.config_cache(), *request.principal, announcement->venue_id);
    if (!venue) co_return std::unexpected(Invalid("venue_id", NoSuchVenue()));
    const Timestamp timestamp = announcement->timestamp.value_or(NextTimestamp(services.clock.Now(), last));
    const SharedEvent event = BuildEvent(id, *announcement, **venue, timestamp);
    const HttpResponse response = WithLocation(JsonResponse(201, EventJson(*event)), "/api/events/" + id.ToString());
    CommitSpan span(request.tracing(), std::span(&event->id, 1));
    const auto published = co_await services.store.Publish(event, revision, must_follow, request.Keep(response));
    span.End(published ? CommitSpan::Result::kStored : CommitSpan::Result::kRefused);
    if (published) co_return response;
    const Refusal& refusal = published.error();
    if (refusal.last_timestamp) last = refusal.last_timestamp;
    // The venue may have been deleted: then the next attempt says so.
    if (refusal.kind == Refusal::Kind::kVersionConflict || refusal.kind == Refusal::Kind::kMissing)
      co_return std::nullopt;
    co_return std::unexpected(FromRefusal(refusal, kNoun));
  };
  auto response = co_await RetryOnVersionConflict(attempt);
  if (!response) co_return std::unexpected(FromRefusal({.kind = Refusal::Kind::kVersionConflict}, "resource"));
  co_return *std::move(response);
}

}  // namespace

void AddEventRoutes(Router& router, ApiServices&) {
  router.Add({"GET",
              "/api/events",
              Access::kRead,
              ListEvents,
              {"event", "resource_id", "venue_id", "venues_group_id", "since", "until", "limit", "cursor"}});
  router.Add({"GET", "/api/event-subjects", Access::kRead, ListSubjects, {"id"}, {"id"}});
  router.Add({"POST", "/api/events", Access::kWrite, PublishEvent});
  router.Add({"GET", "/api/events/{id}", Access::kRead, GetEvent});
}

}  // namespace shakehook
