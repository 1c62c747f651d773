// WriteTickets makes the tickets that verbs wait for the writer with: whose work a verb is and about how many rows it
// writes, so that tenants take turns.
//
// Threads: any.
#pragma once

#include <vector>

#include "store/directory.h"
#include "store/sqlite/writer.h"
#include "store/store.h"

namespace shakehook::sqlite {

class WriteTickets {
 public:
  using Ticket = WriteVerb::Ticket;

  // What no tenant in particular asks for, at once and in the background.
  static constexpr Ticket kOfNobody{};
  static constexpr Ticket kInBackground{.urgency = WriteVerb::Urgency::kMayWait};
  // Results of attempts are recorded with whatever is committed next, and never wait behind it.
  static constexpr Ticket kResults{.urgency = WriteVerb::Urgency::kMayWait, .rows = 0};
  static constexpr Ticket kConfiguration{.kind = WriteVerb::Kind::kConfiguration};

  // `directory` outlives this.
  explicit WriteTickets(const Directory& directory) : directory_(directory) {}

  Ticket Of(const Event& event) const;
  // All of them are of one venue; none is of nobody.
  Ticket Of(const std::vector<ResourceChange>& changes) const;
  Ticket Of(WebhookNumber webhook) const;
  Ticket Of(const VenueId& venue, std::size_t rows) const;
  Ticket Of(const ConfigChange& change) const;

 private:
  // Of an event, its resource, and a delivery for each webhook that it matches.
  std::size_t RowsOf(const Event& event) const;

  const Directory& directory_;
};

}  // namespace shakehook::sqlite
