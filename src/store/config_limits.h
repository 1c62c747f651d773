// The limits of one venue or venues group for things that every change of its records, or every start of the server,
// has to look at. The store refuses further ones (Refusal::Kind::kFull); existing ones stay and can be edited.
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
