// How much one venue or venues group may hold of what every change of its records, or every start of the server, has to
// look at. The store refuses what goes beyond (Refusal::Kind::kFull); what is there already stays and can be edited.
#pragma once

#include <cstddef>

namespace shakehook {

struct ConfigLimits {
  // Per venue, and per venues group: so a change goes to at most twice as many webhooks.
  std::size_t webhooks = 100;
  std::size_t custom_fields = 500;
  std::size_t api_keys = 1'000;
  std::size_t inboxes = 100;
};

}  // namespace shakehook
