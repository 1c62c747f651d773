// WriteTickets makes the tickets that verbs wait for the writer with: whose work a verb is and about how many rows it
// writes, where much text counts as several rows, so that tenants take turns. A venue shares with the other venues of
// its group.
//
// Threads: any.
#pragma once

#include <vector>

#include "store/config_cache.h"
#include "store/sqlite/engine/writer.h"
#include "store/store.h"

namespace shakehook::sqlite {

class WriteTickets {
 public:
  using Ticket = WriteVerb::Ticket;

  // For work that belongs to no tenant, at once and in the background.
  static constexpr Ticket kOfNobody{};
  static constexpr Ticket kInBackground{.urgency = WriteVerb::Urgency::kMayWait};
  // Results of attempts are recorded with whatever is committed next, and never wait behind it.
  static constexpr Ticket kResults{.urgency = WriteVerb::Urgency::kMayWait, .rows = 0};
  static constexpr Ticket kConfiguration{.kind = WriteVerb::Kind::kConfiguration};

  // `directory` outlives this.
  explicit WriteTickets(const ConfigCache& config_cache) : config_cache_(config_cache) {}

  Ticket Of(const Event& event) const;
  // All changes are in one venue; an empty list belongs to no tenant.
  Ticket Of(const std::vector<ResourceChange>& changes) const;
  Ticket Of(WebhookNumber webhook) const;
  Ticket Of(const VenueId& venue, std::size_t rows) const;
  // For text that is stored as it is.
  Ticket OfBytes(const VenueId& venue, std::size_t bytes) const;
  Ticket Of(const ConfigChange& change) const;

 private:
  // Returns the cost of an event in rows: itself, its resource, and a part of a row for each webhook that it matches.
  std::size_t RowsOf(const Event& event) const;

  const ConfigCache& config_cache_;
};

}  // namespace shakehook::sqlite
