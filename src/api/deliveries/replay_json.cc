#include "api/deliveries/replay_json.h"

#include <array>
#include <string>

#include "api/http/time_json.h"

namespace shakehook {
namespace {

// A pending delivery is sent anyway.
constexpr std::array kReplayable = {DeliveryStatus::kDelivered, DeliveryStatus::kFailed, DeliveryStatus::kCanceled};

void ReadStatus(FieldReader& fields, const std::string& field, const Json& value, DeliveryStatuses& statuses) {
  const auto status = value.text() == nullptr ? std::nullopt : ParseDeliveryStatus(*value.text());
  if (status && *status != DeliveryStatus::kPending) {
    statuses.Add(*status);
  } else {
    fields.Refuse(field, {"not_one_of", "must be {choices}", "failed, canceled or delivered"});
  }
}

// Reads one status, or a list of them.
DeliveryStatuses ReadStatuses(FieldReader& fields) {
  DeliveryStatuses statuses;
  const Json* const given = fields.Any("status");
  if (given == nullptr || given->is_null()) {
    statuses.Add(DeliveryStatus::kFailed);
  } else if (given->array() == nullptr) {
    ReadStatus(fields, "status", *given, statuses);
  } else {
    for (std::size_t i = 0; i < given->array()->size(); ++i) {
      ReadStatus(fields, "status." + std::to_string(i), (*given->array())[i], statuses);
    }
  }
  return statuses;
}

EventTypes ReadEvents(FieldReader& fields) {
  EventTypes events;
  const Json* const given = fields.Array("events");
  if (given == nullptr) return events;
  for (std::size_t i = 0; i < given->array()->size(); ++i) {
    const std::string* const name = (*given->array())[i].text();
    const auto type = name == nullptr ? std::nullopt : ParseEventType(*name);
    if (type) {
      events.Add(*type);
    } else {
      fields.Refuse("events." + std::to_string(i), {"names_no_event", "there is no event type with this name"});
    }
  }
  if (given->array()->empty())
    fields.Refuse("events", {"no_event", "must name at least one event, or be left out for all"});
  return events;
}

Json FilterJson(const ReplayFilter& filter) {
  Json::Array statuses;
  for (const DeliveryStatus status : kReplayable) {
    if (filter.statuses.Has(status)) statuses.emplace_back(ToString(status));
  }
  Json::Array events;
  for (const EventType type : kEventTypes) {
    if (filter.events.Has(type)) events.emplace_back(ToString(type));
  }
  Json json{Json::Object()};
  json.Add("status", Json(std::move(statuses)));
  json.Add("events", filter.events.empty() ? Json() : Json(std::move(events)));
  json.Add("since", TimeJson(filter.since));
  json.Add("until", TimeJson(filter.until));
  json.Add("missing", filter.missing == Switch::kOn);
  return json;
}

}  // namespace

ReplayFilter ReadReplayFilter(FieldReader& fields) {
  ReplayFilter filter{.statuses = ReadStatuses(fields),
                      .events = ReadEvents(fields),
                      .since = fields.Time("since"),
                      .until = fields.Time("until")};
  if (fields.Boolean("missing").value_or(false)) filter.missing = Switch::kOn;
  if (filter.statuses.empty() && filter.missing == Switch::kOff && fields.ok()) {
    fields.Refuse("status", {"no_status", "must name at least one status, unless `missing` is true"});
  }
  return filter;
}

Json ReplayJson(const Replay& replay) {
  Json json{Json::Object()};
  json.Add("id", replay.id.ToString());
  json.Add("webhook_id", replay.webhook_id.ToString());
  json.Add("filter", FilterJson(replay.filter));
  json.Add("state", ToString(replay.state));
  json.Add("matched", replay.matched);
  json.Add("done", replay.done);
  json.Add("created_at", UnixMs(replay.created_at));
  json.Add("ended_at", TimeJson(replay.ended_at));
  return json;
}

}  // namespace shakehook
