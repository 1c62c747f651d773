// The steps that make a webhook's retries due: a reader finds some, the writer makes them due, and tenants share its
// time between the steps.
//
// Ownership: refers to what it is given until it has ended.
// Threads:   runs on the caller's loop.
#pragma once

#include "store/config_cache.h"
#include "store/sqlite/readers.h"
#include "store/sqlite/tables/audit_rows.h"
#include "store/sqlite/tables/retries.h"
#include "store/store.h"

namespace shakehook::sqlite {

struct RetryParts {
  RetryRows& retries;
  AuditRows& audit;
  const ConfigCache& config_cache;
  Writer& writer;
  Readers& readers;
};

// store.h: MakeRetriesDue.
Async<Stored<std::int64_t>> MakeRetriesDue(RetrySearch search, std::optional<AuditEntry> audit,
                                           WriteVerb::Ticket ticket, RetryParts parts);

}  // namespace shakehook::sqlite
