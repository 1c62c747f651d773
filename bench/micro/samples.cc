#include "samples.h"

#include "base/check.h"
#include "base/json.h"
#include "base/random.h"
#include "model/payload.h"

namespace shakehook::bench {
namespace {

constexpr Timestamp kThen = FromUnixMs(1'700'000'000'000);

Uuid MakeId(std::uint64_t number) {
  SeededRandom random(number);
  return Uuid::MakeV7(kThen, random);
}

}  // namespace

std::string ContactJson(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return R"({"first_name":"Jean-Baptiste","last_name":"Moreau )" + digits + R"(","email":"jb.moreau.)" + digits +
         R"(@example.com","phone":"+33612345678","landline_phone":"+33145678901","title":"Responsable evenementiel",)"
         R"("optin_marketing":true,"address_line_1":"10 rue du Faubourg Saint-Honore","address_line_2":)"
         R"("Batiment A, 2e etage, escalier de gauche","postal_code":"75008","city":"Paris","country":"France"})";
}

Resource SampleContact(std::uint64_t number) {
  Resource contact(ResourceKind::kContact);
  contact.id = {MakeId(number).ToString()};
  contact.created_at = kThen;
  const auto json = ParseJson(ContactJson(number));
  CHECK(json);
  CHECK(Merge(contact, *json, {}).empty());
  return contact;
}

SharedEvent SampleEvent(std::uint64_t number) {
  auto event = std::make_shared<Event>();
  event->id = {MakeId(number + 1'000'000'000)};
  event->type = EventType::kContactCreated;
  event->timestamp = kThen;
  event->venue_id = {"venue123"};
  const Resource contact = SampleContact(number);
  event->resource_id = contact.id;
  event->payload = BuildPayload({event->type, kThen, event->venue_id, event->venues_group_id, ToData(contact)});
  return event;
}

Webhook SampleWebhook(std::int64_t number, const std::string& venue) {
  Webhook webhook;
  webhook.number = {number};
  webhook.id = {MakeId(static_cast<std::uint64_t>(number))};
  webhook.name = "Webhook";
  webhook.url = "https://hooks.example.com/shakehook/incoming";
  webhook.events.Add(EventType::kContactCreated);
  webhook.scope = Scope::Of(VenueId{venue});
  webhook.secrets.current = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=";
  return webhook;
}

OwedDelivery SampleDelivery(std::int64_t position) {
  OwedDelivery delivery;
  delivery.key = {{position}, {1}};
  delivery.id = {MakeId(static_cast<std::uint64_t>(position))};
  delivery.resource = {position};
  static const SharedEvent event = SampleEvent(1);
  delivery.event = event;
  return delivery;
}

}  // namespace shakehook::bench
