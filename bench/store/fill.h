// Fills a database as years of use would: contacts, their events and the deliveries of whatever webhooks the venues
// have, through the store's own verbs.
#pragma once

#include <cstdint>
#include <string>

namespace shakehook::bench {

struct Fill {
  enum class Then {
    kPending,  // not sent yet
    kEnded,    // all were tried: one of fifty failed, the others were delivered
  };

  std::string folder;
  std::string venue_prefix;
  std::uint64_t venue_count = 1;
  std::uint64_t event_count = 0;
  Then then = Then::kPending;
};

// Returns how many deliveries it made.
std::uint64_t Run(const Fill& fill);

}  // namespace shakehook::bench
