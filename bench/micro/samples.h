// Samples for the micro-benchmarks: a contact, its event and a webhook of usual size.
#pragma once

#include <string>

#include "model/delivery.h"
#include "model/event.h"
#include "model/resource.h"
#include "model/webhook.h"

namespace shakehook::bench {

// A contact as a POST brings it: about 450 bytes.
std::string ContactJson(std::uint64_t number);
Resource SampleContact(std::uint64_t number);
// Returns the sample contact's contact.created event, with about 600 bytes of payload.
SharedEvent SampleEvent(std::uint64_t number);
Webhook SampleWebhook(std::int64_t number, const std::string& venue);
OwedDelivery SampleDelivery(std::int64_t position);

}  // namespace shakehook::bench
