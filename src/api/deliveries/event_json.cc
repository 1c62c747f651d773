#include "api/deliveries/event_json.h"

namespace shakehook {

Json EventJson(const Event& event) {
  Json json{Json::Object()};
  json.Add("id", event.id.ToString());
  json.Add("event", ToString(event.type));
  json.Add("timestamp", UnixMs(event.timestamp));
  json.Add("venue_id", event.venue_id.text);
  json.Add("venues_group_id", event.venues_group_id ? Json(event.venues_group_id->text) : Json());
  json.Add("resource_id", event.resource_id.text);
  json.Add("payload", event.payload);
  return json;
}

}  // namespace shakehook
