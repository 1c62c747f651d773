#include "model/payload.h"

#include <algorithm>

#include "base/json.h"

namespace shakehook {

std::string BuildPayload(const PayloadParts& parts) {
  constexpr std::size_t kFrameBytes = 160;  // keys and punctuation, with room for the ids
  std::string payload;
  payload.reserve(kFrameBytes + parts.venue_id.text.size() + parts.data.size());
  payload += "{\"event\":\"";
  payload += ToString(parts.type);
  payload += "\",\"timestamp\":";
  payload += std::to_string(UnixMs(parts.timestamp));
  payload += ",\"venue_id\":";
  AppendJsonText(payload, parts.venue_id.text);
  payload += ",\"venues_group_id\":";
  if (parts.venues_group_id) {
    AppendJsonText(payload, parts.venues_group_id->text);
  } else {
    payload += "null";
  }
  payload += ",\"data\":";
  payload += parts.data;
  payload += '}';
  return payload;
}

std::string DeletedData(const ResourceId& id) {
  std::string data = "{\"id\":";
  AppendJsonText(data, id.text);
  data += '}';
  return data;
}

SharedEvent WithoutData(const Event& event) {
  auto erased = std::make_shared<Event>(event);
  erased->payload = BuildPayload({.type = event.type,
                                  .timestamp = event.timestamp,
                                  .venue_id = event.venue_id,
                                  .venues_group_id = event.venues_group_id,
                                  .data = DeletedData(event.resource_id)});
  return erased;
}

Timestamp NextTimestamp(Timestamp now, std::optional<Timestamp> last) {
  return last ? std::max(now, *last + Milliseconds(1)) : now;
}

}  // namespace shakehook
