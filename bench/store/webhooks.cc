#include "webhooks.h"

#include "base/clock.h"
#include "model/venue.h"
#include "model/webhook.h"
#include "open_store.h"

namespace shakehook::bench {
namespace {

constexpr std::uint64_t kEachVenue = 10;

template <class T>
ConfigChange Creation(T value) {
  return {.change = ConfigChange::Put<T>{.value = std::move(value)}};
}

}  // namespace

void Make(const ManyWebhooks& many) {
  SystemClock clock;
  OpenStore open(many.folder, clock);
  const Timestamp now = clock.Now();
  VenueId venue;
  for (std::uint64_t i = 0; i < many.count; ++i) {
    if (i % kEachVenue == 0) {
      venue = {many.venue_prefix + std::to_string(i / kEachVenue)};
      open.Run(open.store().SaveConfig(
          Creation(Venue{.id = venue, .name = venue.text, .created_at = now, .updated_at = now}), std::nullopt));
    }
    Webhook webhook{.id = {Uuid::MakeV7(now, open.random())},
                    .name = "CRM Sync " + std::to_string(i),
                    .url = "https://crm.example/webhooks/" + std::to_string(i),
                    .scope = Scope::Of(venue),
                    .secrets = {.current = "whsec_" + std::string(44, 'a')},
                    .created_at = now,
                    .updated_at = now};
    webhook.events.Add(EventType::kContactCreated);
    open.Run(open.store().SaveConfig(Creation(std::move(webhook)), std::nullopt));
  }
}

}  // namespace shakehook::bench
