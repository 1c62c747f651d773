// Makes as many webhooks as a large installation has, through the store's own verbs: ten for each of as many venues as
// that takes.
#pragma once

#include <cstdint>
#include <string>

namespace shakehook::bench {

struct ManyWebhooks {
  std::string folder;
  std::string venue_prefix;  // for venues that do not exist yet
  std::uint64_t count = 0;
};

void Make(const ManyWebhooks& many);

}  // namespace shakehook::bench
